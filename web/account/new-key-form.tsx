import { useEffect, useRef } from "react";
import { Form, useNavigation } from "react-router";
import { type ApiProblem, fieldError } from "../../client/api-problem.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { Section } from "./section.tsx";

const scopes = [
  { value: "read", label: "Read", hint: "See clones, documents and settings, and search." },
  { value: "chat", label: "Chat", hint: "Ask, and manage conversations." },
  { value: "write", label: "Write", hint: "Change everything else." },
];

/** How long a key may live; null for one without an end. */
export const lifetimes = [
  { value: "30", label: "30 days", days: 30 },
  { value: "90", label: "90 days", days: 90 },
  { value: "365", label: "A year", days: 365 },
  { value: "none", label: "No end", days: null },
];

interface NewKeyFormProps {
  /** The key that was just made. */
  made: string | null;
  problem: ApiProblem | null;
}

export function NewKeyForm({ made, problem }: NewKeyFormProps) {
  const busy = useNavigation().formData?.get("intent") === "make";
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (made) form.current?.reset();
  }, [made]);
  const scopeError = fieldError(problem, "scopes");
  return (
    <Section title="New API key" lead="For programs: send it as a bearer token. Give it no more than it needs.">
      {made && <MadeKey value={made} />}
      <ProblemNotice problem={problem} fields={["name", "scopes"]} />
      <Form ref={form} method="post" className="flex flex-col gap-5" noValidate>
        <input type="hidden" name="intent" value="make" />
        <TextField
          label="Name"
          name="name"
          placeholder="Nightly import"
          autoComplete="off"
          required
          error={fieldError(problem, "name")}
        />
        <fieldset aria-describedby={scopeError ? "scopes-error" : undefined}>
          <legend className="mb-1.5 font-semibold text-sm">It may</legend>
          <div className="flex flex-col gap-2">
            {scopes.map(({ value, label, hint }) => (
              <label key={value} className="flex cursor-pointer items-start gap-3">
                <input
                  type="checkbox"
                  name="scopes"
                  value={value}
                  defaultChecked={value !== "write"}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <span className="min-w-0">
                  <span className="font-medium text-[0.9375rem]">{label}</span>
                  <span className="block text-ink-soft text-sm">{hint}</span>
                </span>
              </label>
            ))}
          </div>
          {scopeError && (
            <p id="scopes-error" className="mt-1.5 text-danger text-sm">
              {scopeError}
            </p>
          )}
        </fieldset>
        <SelectField label="Ends after" name="lifetime" defaultValue="90" options={lifetimes} />
        <Button type="submit" look="primary" busy={busy} className="self-start">
          Make key
        </Button>
      </Form>
    </Section>
  );
}

function MadeKey({ value }: { value: string }) {
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="good">Copy the key now. It is shown this once.</Notice>
      <div className="flex items-start gap-2 rounded-xl bg-sunken px-3.5 py-2.5">
        <code data-key className="min-w-0 flex-1 py-1 font-mono text-sm [overflow-wrap:anywhere]">
          {value}
        </code>
        <CopyButton text={value} label="Copy key" />
      </div>
    </div>
  );
}
