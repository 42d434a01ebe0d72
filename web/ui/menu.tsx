import {
  type ComponentProps,
  type ComponentType,
  cloneElement,
  type ReactElement,
  type ReactNode,
  useId,
  useRef,
  useState,
} from "react";
import type * as Parts from "./menu-panel.tsx";
import { whenNeeded } from "./when-needed.tsx";

/** What a menu is made of, which comes with the first one that is about to be opened. Items stand in open menus only. */
let parts: typeof Parts;

const fetchParts = async () => {
  parts = await import("./menu-panel.tsx");
  return parts.MenuPanel;
};

/** What opens, and how it is fetched, with what `load` fetches besides. */
function opening(load?: () => Promise<unknown>) {
  const fetch = async () => (await Promise.all([fetchParts(), load?.()]))[0];
  return {
    Panel: whenNeeded(fetch),
    /**
     * Fetches ahead, silently: whoever opens the menu is told of what fails. With it come dialogs, as what was chosen asks or fails in
     * one, also where it fails for want of a network.
     */
    expect: () => void Promise.all([fetch(), import("./dialog/dialog-panel.tsx")]).catch(() => {}),
  };
}

const plain = opening();

interface MenuProps {
  /** A button. */
  trigger: ReactElement<ComponentProps<"button">>;
  align?: "start" | "end";
  onOpen?: () => void;
  /** How it is fetched. */
  opens?: ReturnType<typeof opening>;
  children: ReactNode;
}

/** A menu whose items come with what opens: the code that shows them is `load`ed when somebody is about to open it. */
export function menuOf<Items extends object>(load: () => Promise<ComponentType<Items>>) {
  let Loaded: ComponentType<Items>;
  const opens = opening(async () => {
    Loaded = await load();
  });
  const Shown = (items: Items) => <Loaded {...items} />;
  return ({ items, ...menu }: Omit<MenuProps, "opens" | "children"> & { items: Items }) => (
    <Menu {...menu} opens={opens}>
      <Shown {...items} />
    </Menu>
  );
}

/** A menu behind a button; arrow keys, type-ahead and Escape come with it. */
export function Menu({ trigger, align = "end", onOpen, opens: { Panel, expect } = plain, children }: MenuProps) {
  const [id, triggerId] = [useId(), useId()];
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  /** How it was opened last; null before it first was. */
  const [by, setBy] = useState<"pointer" | "key" | null>(null);
  const show = (how: "pointer" | "key") => {
    setBy(how);
    setOpen(true);
    onOpen?.();
  };
  const toggle = (how: "pointer" | "key") => (open ? setOpen(false) : show(how));
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        id: triggerId,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        "aria-controls": open ? id : undefined,
        ["data-state" as string]: open ? "open" : "closed",
        onPointerEnter: expect,
        onFocus: expect,
        onPointerDown: (event) => {
          if (event.button !== 0 || event.ctrlKey || trigger.props.disabled) return;
          // The focus goes into the menu.
          if (!open) event.preventDefault();
          toggle("pointer");
        },
        onKeyDown: (event) => {
          if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
          event.preventDefault();
          if (event.key !== "ArrowDown") toggle("key");
          else if (!open) show("key");
        },
      })}
      {by && (
        <Panel
          id={id}
          triggerId={triggerId}
          trigger={button}
          align={align}
          open={open}
          onOpenChange={setOpen}
          byKeyboard={by === "key"}
        >
          {children}
        </Panel>
      )}
    </>
  );
}

export function MenuItem(props: ComponentProps<typeof Parts.Item>) {
  return <parts.Item {...props} />;
}

export function MenuLabel(props: ComponentProps<typeof Parts.Label>) {
  return <parts.Label {...props} />;
}

export function MenuSeparator() {
  return <parts.Separator />;
}

export interface MenuChoiceProps {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string; icon?: ReactNode }[];
}

/** One of several, ticked. */
export function MenuChoice(props: MenuChoiceProps) {
  return <parts.Choice {...props} />;
}
