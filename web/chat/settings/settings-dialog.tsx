import { useState } from "react";
import { refusal } from "../../../client/api-problem.ts";
import type { ConversationSettings } from "../../../client/conversation-settings.ts";
import { FormDialog } from "../../ui/dialog/form-dialog.tsx";
import { CheckboxField, SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { SliderField } from "../../ui/slider-field.tsx";
import { efforts } from "./efforts.ts";
import { ModelChooser } from "./model-chooser.tsx";

interface SettingsDialogProps {
  settings: ConversationSettings;
  /** Why clouds are out of the question, whatever is set here; null where they are not. */
  bound?: string | null;
  /** Keeps what was set; rejects where that failed, and the dialog stays with all that was written. */
  onSave: (settings: ConversationSettings) => Promise<void>;
  onClose: () => void;
}

/** How the model is asked in one conversation: which, told what, and with which parameters. */
export function SettingsDialog({ settings, bound = null, onSave, onClose }: SettingsDialogProps) {
  const [model, setModel] = useState(settings.model);
  const [instructions, setInstructions] = useState(settings.system_prompt ?? "");
  const [temperature, setTemperature] = useState(settings.temperature);
  const [topP, setTopP] = useState(settings.top_p);
  const [longest, setLongest] = useState(settings.max_tokens?.toString() ?? "");
  const [effort, setEffort] = useState(settings.reasoning_effort);
  const [privacy, setPrivacy] = useState(settings.privacy);

  const save = async () => {
    const tokens = longest.trim().replaceAll(/[,.\s]/g, "");
    if (!/^\d*$/.test(tokens)) throw refusal("Use a whole number, 1 to 32,000.", "max_tokens");
    await onSave({
      model,
      system_prompt: instructions.trim() || null,
      temperature,
      top_p: topP,
      max_tokens: tokens === "" ? null : Number(tokens),
      reasoning_effort: effort,
      privacy,
    });
    onClose();
  };

  return (
    <FormDialog
      title="Conversation settings"
      description="For the next questions in this conversation alone. The offline reader heeds none of it but the choice of model."
      action="Save"
      fields={["model", "system_prompt", "temperature", "top_p", "max_tokens", "reasoning_effort", "privacy"]}
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <ModelChooser
            hint="Answers the next questions of this conversation."
            value={model}
            onChange={setModel}
            usual={{ name: "Standard", facts: "As the clone is set up" }}
            boundBy={() =>
              bound ?? (privacy === "own" ? "Not to choose while this conversation stays on own machines." : null)
            }
            error={error("model")}
          />
          <TextArea
            label="Instructions"
            optional
            hint="The system prompt of this conversation. It comes after the clone’s own instructions."
            placeholder="Answer in French, in three sentences at most."
            value={instructions}
            onChange={(event) => setInstructions(event.target.value)}
            maxLength={8_000}
            error={error("system_prompt")}
          />
          <div className="grid gap-5 sm:grid-cols-2">
            <SliderField
              label="Temperature"
              hint="Low is steady, high is varied."
              min={0}
              max={2}
              step={0.1}
              value={temperature}
              resting={1}
              onChange={setTemperature}
              error={error("temperature")}
            />
            <SliderField
              label="Top P"
              hint="Low keeps to likely words."
              min={0.05}
              max={1}
              step={0.05}
              value={topP}
              resting={1}
              onChange={setTopP}
              error={error("top_p")}
            />
          </div>
          <TextField
            label="Max tokens"
            optional
            hint="The longest answer: 100 tokens are about 75 English words."
            placeholder="Standard"
            inputMode="numeric"
            autoComplete="off"
            value={longest}
            onChange={(event) => setLongest(event.target.value)}
            error={error("max_tokens")}
          />
          <ThinkingAndPrivacy {...{ effort, setEffort, privacy, setPrivacy, error }} />
        </>
      )}
    </FormDialog>
  );
}

interface ThinkingAndPrivacyProps {
  effort: ConversationSettings["reasoning_effort"];
  setEffort: (effort: ConversationSettings["reasoning_effort"]) => void;
  privacy: ConversationSettings["privacy"];
  setPrivacy: (privacy: ConversationSettings["privacy"]) => void;
  error: (field: string) => string | undefined;
}

function ThinkingAndPrivacy({ effort, setEffort, privacy, setPrivacy, error }: ThinkingAndPrivacyProps) {
  return (
    <>
      <SelectField
        label="Reasoning effort"
        hint="How much a model that thinks may think first."
        options={efforts}
        value={effort ?? ""}
        onChange={(event) => setEffort((event.target.value || null) as typeof effort)}
        error={error("reasoning_effort")}
      />
      <CheckboxField
        label="Own machines only: nothing of it is sent to a cloud, whatever happens."
        checked={privacy === "own"}
        onChange={(event) => setPrivacy(event.target.checked ? "own" : null)}
        error={error("privacy")}
      />
    </>
  );
}
