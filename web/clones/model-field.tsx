import type { Model } from "../../workers/models/contract.ts";
import { ModelOptions } from "../chat/settings/model-options.tsx";
import { cx } from "../ui/class-names.ts";
import { Field } from "../ui/field.tsx";
import { inputClass } from "../ui/input-class.ts";

interface ModelFieldProps {
  models: readonly Model[];
  value: string | null;
  error?: string | undefined;
}

function labelOf({ name, provider, offline, status }: Model): string {
  const kind = offline ? "offline reader, quotes only" : provider;
  return `${name} (${kind})${status === "unavailable" ? ", not reachable now" : ""}`;
}

/** Which model writes the answers. A model that has gone from the catalogue stays chosen until somebody changes it. */
export function ModelField({ models, value, error }: ModelFieldProps) {
  const standard = models.find((model) => model.default);
  const missing = value !== null && !models.some(({ id }) => id === value);
  return (
    <Field label="Model" hint="Writes the answers from the passages that were found." error={error}>
      {(control) => (
        <select {...control} name="model" defaultValue={value ?? ""} className={cx(inputClass, "h-11 pe-8")}>
          <option value="">{standard ? `Standard: ${standard.name}` : "Standard"}</option>
          {missing && <option value={value}>{value} (not available)</option>}
          <ModelOptions models={models} labelOf={labelOf} />
        </select>
      )}
    </Field>
  );
}
