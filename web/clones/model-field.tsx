import { useRef, useState } from "react";
import type { Model } from "../../workers/models/contract.ts";
import { ModelChooser } from "../chat/settings/model-chooser.tsx";
import { modelName } from "../chat/settings/model-name.ts";

interface ModelFieldProps {
  /** What answers where a clone has none of its own. */
  standard: Model | null;
  initial: string | null;
  error?: string | undefined;
}

/** Which model writes a clone’s answers. */
export function ModelField({ standard, initial, error }: ModelFieldProps) {
  const [value, setValue] = useState(initial);
  const sent = useRef<HTMLInputElement>(null);
  const boundBy = () =>
    sent.current?.form && new FormData(sent.current.form).get("privacy") === "own"
      ? "Not to choose while this clone stays on own machines."
      : null;
  return (
    <div>
      <ModelChooser
        hint="Writes the answers from the passages that were found."
        value={value}
        onChange={setValue}
        usual={{
          name: standard ? `Standard: ${modelName(standard.id)}` : "Standard",
          facts: "As this server is set up, also when that changes",
        }}
        boundBy={boundBy}
        error={error}
      />
      <input ref={sent} type="hidden" name="model" value={value ?? ""} />
    </div>
  );
}
