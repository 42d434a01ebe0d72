import { useState } from "react";
import type { Clone } from "../../workers/clones/contract.ts";
import { efforts } from "../chat/settings/efforts.ts";
import { CheckboxField, SelectField, TextField } from "../ui/field.tsx";
import { SliderField } from "../ui/slider-field.tsx";

type Error = (field: string) => string | undefined;

/** How a clone’s model is asked, where neither a question nor its conversation says otherwise. */
export function ParameterFields({ clone, error }: { clone: Clone; error: Error }) {
  return (
    <>
      <div className="grid gap-6 sm:grid-cols-2">
        <NamedSlider
          label="Temperature"
          name="temperature"
          hint="Low is steady, high is varied."
          min={0}
          max={2}
          step={0.1}
          initial={clone.temperature}
          error={error("temperature")}
        />
        <NamedSlider
          label="Top P"
          name="top_p"
          hint="Low keeps to likely words."
          min={0.05}
          max={1}
          step={0.05}
          initial={clone.top_p}
          error={error("top_p")}
        />
      </div>
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField
          label="Max tokens"
          name="max_tokens"
          optional
          hint="The longest answer: 100 tokens are about 75 words."
          placeholder="Standard"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={clone.max_tokens ?? ""}
          error={error("max_tokens")}
        />
        <SelectField
          label="Reasoning effort"
          name="reasoning_effort"
          hint="How much a model that thinks may think first."
          options={efforts}
          defaultValue={clone.reasoning_effort ?? ""}
          error={error("reasoning_effort")}
        />
      </div>
      <CheckboxField
        name="privacy"
        value="own"
        label="Own machines only: nothing that it is asked, and nothing of its documents, is sent to a cloud, whatever happens."
        defaultChecked={clone.privacy === "own"}
        error={error("privacy")}
      />
    </>
  );
}

interface NamedSliderProps {
  label: string;
  name: string;
  hint: string;
  min: number;
  max: number;
  step: number;
  initial: number | null;
  error: string | undefined;
}

/** A slider that a form sends; empty where it is left to the provider. */
function NamedSlider({ name, initial, ...slider }: NamedSliderProps) {
  const [value, setValue] = useState(initial);
  return (
    <div>
      <SliderField {...slider} resting={1} value={value} onChange={setValue} />
      <input type="hidden" name={name} value={value ?? ""} />
    </div>
  );
}
