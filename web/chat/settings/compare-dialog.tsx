import { useState } from "react";
import { refusal } from "../../../client/api-problem.ts";
import type { Model } from "../../../workers/models/contract.ts";
import { FormDialog } from "../../ui/dialog/form-dialog.tsx";
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
  const toggle = (id: string) =>
    setTicked(ticked.includes(id) ? ticked.filter((other) => other !== id) : [...ticked, id]);
  const compare = async () => {
    if (ticked.length < 2) throw refusal("Choose at least two models.");
    onCompare(ticked);
  };
  return (
    <FormDialog
      title="Compare models"
      description="Each next question is put to all of them, side by side. You go on with the answer you like best."
      action="Compare"
      fields={[]}
      onSubmit={compare}
      onClose={onClose}
      aside={`${ticked.length} of ${most} at most`}
    >
      {() => (
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
      )}
    </FormDialog>
  );
}
