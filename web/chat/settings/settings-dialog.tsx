import { type FormEvent, useEffect, useState } from "react";
import { type ApiProblem, fieldError, isAllFields, problemOf } from "../../../client/api-problem.ts";
import type { ConversationSettings } from "../../../client/conversation-settings.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextArea, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SliderField } from "../../ui/slider-field.tsx";
import { ModelSelect } from "./model-select.tsx";
import { useModels } from "./use-models.ts";

interface SettingsDialogProps {
  settings: ConversationSettings;
  /** Keeps what was set; rejects where that failed, and the dialog stays with all that was written. */
  onSave: (settings: ConversationSettings) => Promise<void>;
  onClose: () => void;
}

const fields = ["model", "system_prompt", "temperature", "top_p", "max_tokens"];

/** How the model is asked in one conversation: which, told what, and with which parameters. */
export function SettingsDialog({ settings, onSave, onClose }: SettingsDialogProps) {
  const { models, problem: noModels, load } = useModels();
  const [model, setModel] = useState(settings.model);
  const [instructions, setInstructions] = useState(settings.system_prompt ?? "");
  const [temperature, setTemperature] = useState(settings.temperature);
  const [topP, setTopP] = useState(settings.top_p);
  const [longest, setLongest] = useState(settings.max_tokens?.toString() ?? "");
  const [busy, setBusy] = useState(false);
  const [isNoNumber, setNoNumber] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => void load(), []);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const tokens = longest.trim().replaceAll(/[,.\s]/g, "");
    const isNumber = /^\d*$/.test(tokens);
    setNoNumber(!isNumber);
    setProblem(null);
    if (busy || !isNumber) return;
    setBusy(true);
    try {
      await onSave({
        model,
        system_prompt: instructions.trim() || null,
        temperature,
        top_p: topP,
        max_tokens: tokens === "" ? null : Number(tokens),
      });
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Conversation settings"
      description="For the next questions in this conversation alone. The offline reader heeds none of it but the choice of model."
    >
      <form onSubmit={save} noValidate className="flex flex-col gap-5">
        <ModelSelect
          models={models}
          problem={noModels}
          onRetry={load}
          value={model}
          onChange={setModel}
          error={fieldError(problem, "model")}
        />
        <TextArea
          label="Instructions"
          optional
          hint="The system prompt of this conversation. It comes after the clone’s own instructions."
          placeholder="Answer in French, in three sentences at most."
          value={instructions}
          onChange={(event) => setInstructions(event.target.value)}
          maxLength={8_000}
          error={fieldError(problem, "system_prompt")}
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
            error={fieldError(problem, "temperature")}
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
            error={fieldError(problem, "top_p")}
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
          onChange={(event) => {
            setLongest(event.target.value);
            setNoNumber(false);
          }}
          error={isNoNumber ? "Use a whole number, 1 to 32,000." : fieldError(problem, "max_tokens")}
        />
        {problem && !isAllFields(problem, fields) && <Notice tone="danger">{problem.detail}</Notice>}
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-line border-t bg-raised px-5 py-3.5">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
