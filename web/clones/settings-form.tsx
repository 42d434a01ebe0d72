import type { ReactNode } from "react";
import { Form, useNavigation } from "react-router";
import { type ApiProblem, fieldError, isAllFields } from "../../client/api-problem.ts";
import type { Clone } from "../../workers/clones/contract.ts";
import type { Model } from "../../workers/models/contract.ts";
import { Button } from "../ui/button.tsx";
import { TextArea, TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { ChoiceCards } from "./choice-cards.tsx";
import { ModelField } from "./model-field.tsx";
import { ParameterFields } from "./parameter-fields.tsx";
import { ShareLink } from "./share-link.tsx";
import { StartersField } from "./starters-field.tsx";
import { visibilities } from "./visibility.tsx";

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-7">
      <h2 className="mb-5 font-semibold text-lg">{title}</h2>
      <div className="flex flex-col gap-6">{children}</div>
    </section>
  );
}

const sourceChoices = [
  { value: "quotes", label: "Quotes only", hint: "They see the passages that an answer cites." },
  { value: "documents", label: "Whole documents", hint: "They can open a cited document and read around the passage." },
];

/** The fields that say themselves what is wrong with them. */
const fields = [
  ...["name", "description", "greeting", "starters", "instructions", "model", "slug"],
  ...["temperature", "top_p", "max_tokens", "reasoning_effort", "privacy"],
];

interface SettingsFormProps {
  clone: Clone;
  /** The model that answers where it has none of its own. */
  standard: Model | null;
  origin: string;
  problem: ApiProblem | null;
  saved: boolean;
}

/** Everything about a clone but its documents. One form, one save. */
export function SettingsForm({ clone, standard, origin, problem, saved }: SettingsFormProps) {
  const busy = useNavigation().formMethod === "POST";
  const error = (field: string) => fieldError(problem, field);
  return (
    <Form method="post" noValidate className="flex flex-col gap-5">
      <Section title="Who it is">
        <TextField label="Name" name="name" defaultValue={clone.name} maxLength={80} required error={error("name")} />
        <TextArea
          label="Description"
          name="description"
          optional
          defaultValue={clone.description}
          maxLength={500}
          error={error("description")}
        />
        <TextArea
          label="Greeting"
          name="greeting"
          optional
          hint="The first thing that people read."
          defaultValue={clone.greeting}
          maxLength={500}
          error={error("greeting")}
        />
        <StartersField initial={clone.starters} error={error("starters")} />
      </Section>
      <Section title="How it answers">
        <TextArea
          label="Instructions"
          name="instructions"
          optional
          hint="Tone, length, what to leave out. It answers from its documents in any case."
          placeholder="Answer in two or three sentences. Speak to beginners."
          defaultValue={clone.instructions}
          maxLength={8_000}
          className="[&_textarea]:min-h-36"
          error={error("instructions")}
        />
        <ModelField standard={standard} initial={clone.model} error={error("model")} />
        <ParameterFields clone={clone} error={error} />
      </Section>
      <Section title="Who may talk to it">
        <ChoiceCards
          legend="Visibility"
          name="visibility"
          value={clone.visibility}
          choices={visibilities.map(({ icon: Icon, ...choice }) => ({ ...choice, icon: <Icon /> }))}
        />
        <TextField
          label="Address"
          name="slug"
          hint={`The last part of its link: ${origin}/c/…`}
          defaultValue={clone.slug}
          maxLength={60}
          autoCapitalize="none"
          spellCheck={false}
          error={error("slug")}
        />
        {clone.visibility !== "private" && <ShareLink url={`${origin}/c/${clone.slug}`} />}
        <ChoiceCards
          legend="What visitors see of its documents"
          name="source_access"
          value={clone.source_access}
          choices={sourceChoices}
        />
      </Section>
      <div className="sticky bottom-3 z-10 flex flex-wrap items-center justify-end gap-3 rounded-card border border-line bg-raised/95 px-4 py-3 shadow-lift backdrop-blur-sm">
        {problem && (
          <Notice tone="danger" className="flex-1 max-sm:basis-full">
            {isAllFields(problem, fields) ? "Look at what is marked above." : problem.detail}
          </Notice>
        )}
        {saved && !busy && (
          <p role="status" className="text-accent text-sm">
            Saved
          </p>
        )}
        <Button type="submit" look="primary" busy={busy}>
          Save changes
        </Button>
      </div>
    </Form>
  );
}
