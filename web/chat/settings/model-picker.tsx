import { ColumnsIcon, LockIcon } from "@primer/octicons-react";
import { useDeferredValue, useEffect, useState } from "react";
import type { How } from "../../../client/how-asked.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog/dialog.tsx";
import { CheckboxField } from "../../ui/field.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { CompareDialog } from "./compare-dialog.tsx";
import { ModelList } from "./model-list.tsx";
import { useModels } from "./use-models.ts";

interface ModelPickerProps {
  how: How;
  onChoose: (how: How) => void;
  onClose: () => void;
}

/** All models to choose from, with a field to find one, and how else the next questions are asked. */
export function ModelPicker({ how, onChoose, onClose }: ModelPickerProps) {
  const { models, problem, load } = useModels();
  const [isComparing, setComparing] = useState(false);
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => void load(), []);
  const take = (changed: Partial<How>) => {
    onChoose({ ...how, ...changed });
    onClose();
  };
  if (isComparing && models)
    return (
      <CompareDialog
        models={models}
        chosen={how.models}
        onClose={onClose}
        onCompare={(chosen) => take({ models: chosen })}
      />
    );
  const hasOwn = models?.some(({ lane }) => lane === "own") ?? false;
  const isBound = how.privacy === "own";
  const bind = (isNow: boolean) => {
    const stay = how.models.every((id) => models?.some((model) => model.id === id && model.lane !== "cloud"));
    onChoose({ models: isNow && !stay ? [] : how.models, privacy: isNow ? "own" : null });
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()} title="Choose a model" wide>
      <ModelList
        models={models ?? []}
        query={query}
        wanted={wanted}
        onQuery={setQuery}
        chosen={how.models}
        isBound={isBound}
        onChoose={(id) => take({ models: id === "" ? [] : [id] })}
      />
      {problem && (
        <p role="alert" className="flex flex-wrap items-center gap-2 py-2 text-danger text-sm">
          {problem}
          <Button size="small" onClick={() => void load()}>
            Try again
          </Button>
        </p>
      )}
      {!models && !problem && (
        <p role="status" className="flex items-center gap-2 py-2 text-ink-soft text-sm">
          <Spinner /> Looking for models…
        </p>
      )}
      <div className="-mx-5 -mb-5 sticky -bottom-5 mt-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-t bg-raised px-5 py-3.5">
        {(hasOwn || isBound) && (
          <CheckboxField
            label={
              <span className="flex items-center gap-1.5 text-sm leading-6">
                <LockIcon size={14} /> Own machines only, from the next question on
              </span>
            }
            checked={isBound}
            onChange={(event) => bind(event.target.checked)}
          />
        )}
        <Button
          size="small"
          className="ms-auto"
          disabled={(models?.length ?? 0) < 2}
          onClick={() => setComparing(true)}
        >
          <ColumnsIcon /> Compare models…
        </Button>
      </div>
    </Dialog>
  );
}
