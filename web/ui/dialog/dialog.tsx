import { type ReactNode, useState } from "react";
import { useReturnFocus } from "../use-return-focus.ts";
import { whenNeeded } from "../when-needed.tsx";

const DialogPanel = whenNeeded(async () => (await import("./dialog-panel.tsx")).DialogPanel);
const DrawerPanel = whenNeeded(async () => (await import("./dialog-panel.tsx")).DrawerPanel);

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  /** For what has to be read, not filled in. */
  wide?: boolean;
  children: ReactNode;
}

/** For what opens above the page: whether its code is needed, as it was open once, and where the focus goes when it closes. */
export function useOpening(open: boolean) {
  const [isNeeded, setNeeded] = useState(open);
  if (open && !isNeeded) setNeeded(true);
  // Here and not where the code comes later, as what has the focus now is what opened it.
  return { isNeeded, returnFocus: useReturnFocus(open) };
}

export function Dialog(props: DialogProps) {
  const { isNeeded, returnFocus } = useOpening(props.open);
  return isNeeded && <DialogPanel {...props} returnFocus={returnFocus} />;
}

/** A panel from the left edge, for what has no room beside the page on a phone. */
export function Drawer(props: DialogProps) {
  const { isNeeded, returnFocus } = useOpening(props.open);
  return isNeeded && <DrawerPanel {...props} returnFocus={returnFocus} />;
}
