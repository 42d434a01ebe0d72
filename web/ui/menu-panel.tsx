import { CheckIcon } from "@primer/octicons-react";
import { Menu as Radix } from "radix-ui/internal";
import { type ComponentProps, type FocusEvent, type ReactNode, type RefObject, useRef } from "react";
import { cx } from "./class-names.ts";
import type { MenuChoiceProps } from "./menu.tsx";

const itemClass =
  "flex min-h-9 w-full cursor-pointer select-none items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover";

export interface MenuPanelProps {
  id: string;
  triggerId: string;
  trigger: RefObject<HTMLElement | null>;
  align: "start" | "end";
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Whether a key opened it: then the first item has the focus. */
  byKeyboard: boolean;
  children: ReactNode;
}

/** What opens beneath a menu's button. */
export function MenuPanel({ id, triggerId, trigger, align, byKeyboard, children, ...state }: MenuPanelProps) {
  const leftByPointer = useRef(false);
  const isEntered = useRef(false);
  // The key that opened it may have been pressed before this was here to see it.
  const enter = ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
    if (isEntered.current || target !== currentTarget) return;
    isEntered.current = true;
    if (byKeyboard)
      currentTarget
        .querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')
        ?.focus({ preventScroll: true });
  };
  return (
    <Radix.Root modal={false} {...state}>
      <Radix.Anchor virtualRef={trigger as RefObject<HTMLElement>} />
      <Radix.Portal>
        <Radix.Content
          id={id}
          aria-labelledby={triggerId}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onFocus={enter}
          onInteractOutside={() => {
            leftByPointer.current = true;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (!leftByPointer.current) trigger.current?.focus();
            leftByPointer.current = false;
            isEntered.current = false;
          }}
          className="z-50 min-w-44 animate-rise rounded-xl border border-line bg-raised p-1 shadow-pop"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function Item({ danger, className, ...rest }: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return <Radix.Item {...rest} className={cx(itemClass, danger && "text-danger", className)} />;
}

export function Label({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 pt-2 pb-1 text-ink-faint text-xs">{children}</Radix.Label>;
}

export function Separator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}

export function Choice({ value, onChange, options }: MenuChoiceProps) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={itemClass}>
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <Radix.ItemIndicator>
            <CheckIcon className="text-accent" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
