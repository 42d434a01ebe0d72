import { useState } from "react";
import { refusal } from "../../../client/api-problem.ts";
import { FormDialog } from "../../ui/dialog/form-dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { GroupHead } from "./group-head.tsx";
import { modelFacts } from "./model-facts.ts";
import { groupsOf, matching } from "./model-groups.ts";
import { ModelId } from "./model-id.tsx";
import { Unavailable } from "./model-list.tsx";
import type { Catalogue } from "./use-models.ts";

const most = 4;
/** From so many on, there is a field to find one by. */
const many = 8;

interface CompareDialogProps {
  catalogue: Catalogue;
  chosen: readonly string[];
  /** Why clouds are out of the question; null where they are not. */
  bound: string | null;
  onClose: () => void;
  onCompare: (models: readonly string[]) => void;
}

/** Which models the next questions are put to, side by side. */
export function CompareDialog({ catalogue, chosen, bound, onClose, onCompare }: CompareDialogProps) {
  const { data: models, unavailable } = catalogue;
  const outOf = (lane: string) => (lane === "cloud" ? bound : null);
  const askable = new Set(models.filter(({ lane }) => !outOf(lane)).map(({ id }) => id));
  const [ticked, setTicked] = useState<readonly string[]>(
    chosen.length > 1 ? chosen.filter((id) => askable.has(id)) : [],
  );
  const [query, setQuery] = useState("");
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
        <>
          {models.length >= many && (
            <TextField
              label="Find a model"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <fieldset>
            <legend className="sr-only">Two to four models</legend>
            <div className="-mx-3 max-h-72 overflow-y-auto">
              {groupsOf(matching(models, query)).map((group) => (
                <div key={group.key}>
                  <GroupHead group={group} id={`compared-${group.key}`} out={outOf(group.lane)} />
                  <ul aria-labelledby={`compared-${group.key}`}>
                    {group.models.map((model) => (
                      <li key={model.id}>
                        <label className="flex cursor-pointer items-start gap-2.5 rounded-lg px-3 py-2 text-sm hover:bg-hover has-disabled:cursor-default has-disabled:opacity-50">
                          <input
                            type="checkbox"
                            className="mt-0.5 size-4 shrink-0 accent-accent"
                            checked={ticked.includes(model.id)}
                            disabled={!askable.has(model.id) || (!ticked.includes(model.id) && ticked.length >= most)}
                            onChange={() => toggle(model.id)}
                          />
                          <span className="min-w-0">
                            <span className="block [overflow-wrap:anywhere]">
                              <ModelId id={model.id} />
                            </span>
                            <span className="block text-ink-faint text-xs">{modelFacts(model)}</span>
                          </span>
                        </label>
                      </li>
                    ))}
                  </ul>
                </div>
              ))}
            </div>
            <Unavailable providers={unavailable} />
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
