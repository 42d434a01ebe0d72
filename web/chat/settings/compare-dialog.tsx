import { useState } from "react";
import type { Model } from "../../../workers/models/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { modelName } from "./model-name.ts";

const most = 4;

interface CompareDialogProps {
  models: readonly Model[];
  chosen: readonly string[];
  onClose: () => void;
  onCompare: (models: readonly string[]) => void;
}

/** Which models the next questions are put to, side by side. */
export function CompareDialog({ models, chosen, onClose, onCompare }: CompareDialogProps) {
  const [ticked, setTicked] = useState<readonly string[]>(chosen.length > 1 ? chosen : []);
  const [isRefused, setRefused] = useState(false);
  const toggle = (id: string) => {
    setRefused(false);
    setTicked(ticked.includes(id) ? ticked.filter((other) => other !== id) : [...ticked, id]);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Compare models"
      description="Each next question is put to all of them, side by side. You go on with the answer you like best."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ticked.length < 2) setRefused(true);
          else onCompare(ticked);
        }}
      >
        <fieldset>
          <legend className="sr-only">Two to four models</legend>
          <ul className="max-h-72 overflow-y-auto">
            {models.map(({ id }) => (
              <li key={id}>
                <label className="flex cursor-pointer items-center gap-2.5 rounded-lg px-2 py-2 text-sm hover:bg-hover has-disabled:opacity-50">
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 accent-accent"
                    checked={ticked.includes(id)}
                    disabled={!ticked.includes(id) && ticked.length >= most}
                    onChange={() => toggle(id)}
                  />
                  <span className="truncate">{modelName(id)}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
        {isRefused && <Notice tone="danger">Choose at least two models.</Notice>}
        <div className="flex items-center justify-end gap-2">
          <span className="me-auto text-ink-soft text-sm">
            {ticked.length} of {most} at most
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Compare
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
