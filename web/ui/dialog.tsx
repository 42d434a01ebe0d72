import { XIcon } from "@primer/octicons-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./class-names.ts";
import { useReturnFocus } from "./use-return-focus.ts";

export const overlayClass = "fixed inset-0 z-50 animate-fade bg-black/45 backdrop-blur-[2px]";

const panelClass =
  "fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-raised p-5 shadow-pop";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  /** For what has to be read, not filled in. */
  wide?: boolean;
  children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, wide, children }: DialogProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          className={cx(panelClass, wide ? "max-w-2xl" : "max-w-md", "animate-fade")}
          onCloseAutoFocus={returnFocus}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
            <CloseButton />
          </div>
          {description && (
            <Radix.Description className="-mt-2 mb-4 text-ink-soft text-sm">{description}</Radix.Description>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel from the left edge, for what has no room beside the page on a phone. */
export function Drawer({ open, onOpenChange, title, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-[min(20rem,calc(100vw-3rem))] animate-drawer flex-col border-line border-e bg-canvas shadow-pop"
        >
          <div className="flex items-center justify-between gap-4 border-line border-b px-4 py-3">
            <Radix.Title className="font-semibold">{title}</Radix.Title>
            <CloseButton />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function CloseButton() {
  return (
    <Radix.Close
      aria-label="Close"
      className="-me-1 inline-flex size-8 items-center justify-center rounded-lg text-ink-soft hover:bg-hover hover:text-ink"
    >
      <XIcon />
    </Radix.Close>
  );
}
