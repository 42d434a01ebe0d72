import { ColumnsIcon, LockIcon } from "@primer/octicons-react";
import { useState } from "react";
import type { How } from "../../../client/how-asked.ts";
import { Button } from "../../ui/button.tsx";
import { CheckboxField } from "../../ui/field.tsx";
import { CompareDialog } from "./compare-dialog.tsx";
import { ModelDialog } from "./model-dialog.tsx";
import { useModels } from "./use-models.ts";

interface ModelPickerProps {
  how: How;
  onChoose: (how: How) => void;
  onClose: () => void;
  /** Why clouds are out of the question here, whatever is chosen for the next questions; null where they are not. */
  bound: string | null;
}

const usual = { name: "The usual model", facts: "As the conversation and its clone are set up" };

/** All models to choose from, with a field to find one, and how else the next questions are asked. */
export function ModelPicker({ how, onChoose, onClose, bound }: ModelPickerProps) {
  const source = useModels();
  const [isComparing, setComparing] = useState(false);
  const models = source.catalogue?.data ?? [];
  const isBound = how.privacy === "own";
  const out = bound ?? (isBound ? "Not asked while questions stay on own machines." : null);
  const take = (changed: Partial<How>) => {
    onChoose({ ...how, ...changed });
    onClose();
  };
  if (isComparing && source.catalogue)
    return (
      <CompareDialog
        catalogue={source.catalogue}
        chosen={how.models}
        bound={out}
        onClose={onClose}
        onCompare={(chosen) => take({ models: chosen })}
      />
    );
  const hasOwn = models.some(({ lane }) => lane === "own");
  const bind = (isNow: boolean) => {
    const stay = how.models.every((id) => models.some((model) => model.id === id && model.lane !== "cloud"));
    onChoose({ models: isNow && !stay ? [] : how.models, privacy: isNow ? "own" : null });
  };
  return (
    <ModelDialog
      source={source}
      chosen={how.models}
      usual={usual}
      bound={out}
      onChoose={(id) => take({ models: id === "" ? [] : [id] })}
      onClose={onClose}
    >
      <div className="-mx-5 -mb-5 sticky -bottom-5 mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-t bg-raised px-5 py-3.5">
        {!bound && (hasOwn || isBound) && (
          <CheckboxField
            label={
              <span className="flex items-start gap-1.5 text-sm leading-6">
                <LockIcon size={14} className="mt-1.25 shrink-0" /> Own machines only, from the next question on
              </span>
            }
            checked={isBound}
            onChange={(event) => bind(event.target.checked)}
          />
        )}
        <Button size="small" className="ms-auto" disabled={models.length < 2} onClick={() => setComparing(true)}>
          <ColumnsIcon /> Compare models…
        </Button>
      </div>
    </ModelDialog>
  );
}
