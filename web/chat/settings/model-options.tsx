import type { Model } from "../../../workers/models/contract.ts";
import { lanes } from "./model-facts.ts";

/** The models as options of a select, by where they answer. */
export function ModelOptions({ models, labelOf }: { models: readonly Model[]; labelOf: (model: Model) => string }) {
  return lanes.map(({ lane, name }) => {
    const here = models.filter((model) => model.lane === lane);
    return (
      here.length > 0 && (
        <optgroup key={lane} label={name}>
          {here.map((model) => (
            <option key={model.id} value={model.id}>
              {labelOf(model)}
            </option>
          ))}
        </optgroup>
      )
    );
  });
}
