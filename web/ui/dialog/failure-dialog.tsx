import { Button } from "../button.tsx";
import { Notice } from "../notice.tsx";
import { Dialog } from "./dialog.tsx";

interface FailureDialogProps {
  /** Why something failed that has no place of its own to say so; null while nothing did. */
  problem: string | null;
  onClose: () => void;
}

/** Tells of what was chosen in a menu and failed: the menu is gone by then. */
export function FailureDialog({ problem, onClose }: FailureDialogProps) {
  return (
    <Dialog open={problem !== null} onOpenChange={(open) => !open && onClose()} title="That did not work">
      <Notice tone="danger">{problem}</Notice>
      <div className="mt-5 flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
