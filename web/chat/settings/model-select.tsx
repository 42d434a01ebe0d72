import type { Model } from "../../../workers/models/contract.ts";
import { cx } from "../../ui/class-names.ts";
import { Field } from "../../ui/field.tsx";
import { inputClass } from "../../ui/input-class.ts";
import { modelFacts } from "./model-facts.ts";
import { modelName } from "./model-name.ts";
import { ModelOptions } from "./model-options.tsx";

interface ModelSelectProps {
  /** Null while the catalogue is being read. */
  models: readonly Model[] | null;
  /** Why it could not be. */
  problem: string | null;
  onRetry: () => void;
  value: string | null;
  onChange: (id: string | null) => void;
  error?: string | undefined;
}

const labelOf = ({ id, status }: Model) => `${modelName(id)}${status === "unavailable" ? ", not reachable now" : ""}`;

/** Which model answers in a conversation. One that has gone from the catalogue stays chosen until somebody changes it. */
export function ModelSelect({ models, problem, onRetry, value, onChange, error }: ModelSelectProps) {
  const listed = models?.find(({ id }) => id === value);
  return (
    <Field
      label="Model"
      hint={listed && modelFacts(listed)}
      error={error ?? problem ?? undefined}
      aside={
        problem ? (
          <button type="button" onClick={onRetry} className="rounded-md px-1 text-accent text-sm hover:underline">
            Try again
          </button>
        ) : (
          !models && <span className="text-ink-faint text-sm">Looking for models…</span>
        )
      }
    >
      {(control) => (
        <select
          {...control}
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value || null)}
          aria-busy={models === null && problem === null}
          className={cx(inputClass, "h-11 pe-8")}
        >
          <option value="">Standard: as the clone is set up</option>
          {value !== null && !listed && (
            <option value={value}>
              {modelName(value)}
              {models && " (not in the list)"}
            </option>
          )}
          <ModelOptions models={models ?? []} labelOf={labelOf} />
        </select>
      )}
    </Field>
  );
}
