import { XIcon } from "@primer/octicons-react";
import { AlertDialog, Dialog as Radix } from "radix-ui";
import { Button } from "../button.tsx";
import { cx } from "../class-names.ts";
import { Notice } from "../notice.tsx";
import type { ConfirmDialogProps } from "./confirm-dialog.tsx";
import type { DialogProps } from "./dialog.tsx";

const overlayClass = "fixed inset-0 z-50 animate-fade bg-black/45 backdrop-blur-[2px]";

const panelClass =
  "fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-raised p-5 shadow-pop";

/** What a dialog has besides what it says: where the focus goes when it closes. */
interface Returning {
  returnFocus: (event: Event) => void;
}

/** Gives the focus to what asks for it. An `autoFocus` is taken back by a dialog that this one opens above. */
function focusFirst(event: Event) {
  const wanted = (event.currentTarget as Element).querySelector<HTMLElement>("[data-focus-first]");
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
}

export function DialogPanel({
  open,
  onOpenChange,
  title,
  description,
  wide,
  children,
  returnFocus,
}: DialogProps & Returning) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          className={cx(panelClass, wide ? "max-w-2xl" : "max-w-md", "animate-fade")}
          onOpenAutoFocus={focusFirst}
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

export function DrawerPanel({ open, onOpenChange, title, children, returnFocus }: DialogProps & Returning) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
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

export function ConfirmPanel({
  open,
  onOpenChange,
  title,
  children,
  action,
  busy,
  error,
  onConfirm,
  returnFocus,
}: ConfirmDialogProps & Returning) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClass} />
        <AlertDialog.Content
          onCloseAutoFocus={returnFocus}
          className="fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 animate-fade rounded-2xl border border-line bg-raised p-6 shadow-pop"
        >
          <AlertDialog.Title className="font-semibold text-lg [overflow-wrap:anywhere]">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 text-[0.9375rem] text-ink-soft">{children}</div>
          </AlertDialog.Description>
          {error && (
            <Notice tone="danger" className="mt-4">
              {error}
            </Notice>
          )}
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Keep it</Button>
            </AlertDialog.Cancel>
            <Button
              busy={busy}
              onClick={onConfirm}
              className="border-transparent! bg-danger! text-canvas! hover:opacity-90"
            >
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
