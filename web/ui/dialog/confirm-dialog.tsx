import type { ReactNode } from "react";
import { whenNeeded } from "../when-needed.tsx";
import { useOpening } from "./dialog.tsx";

const ConfirmPanel = whenNeeded(async () => (await import("./dialog-panel.tsx")).ConfirmPanel);

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will be gone, in plain words. */
  children: ReactNode;
  /** The verb on the button, such as “Delete document”. */
  action: string;
  busy?: boolean;
  error?: string | null;
  onConfirm: () => void;
}

/** Asks once before something is gone for good. Stays open until the work is done, so that a failure is seen. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isNeeded, returnFocus } = useOpening(props.open);
  return isNeeded && <ConfirmPanel {...props} returnFocus={returnFocus} />;
}
