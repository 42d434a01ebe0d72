import { type FormEvent, useState } from "react";
import { useRevalidator } from "react-router";
import { fieldError } from "../../client/api-problem.ts";
import { callApi } from "../../client/call-api.ts";
import type { WireLimits } from "../../workers/wallet/contract.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { microCreditsOf, typedCredits } from "./typed.ts";
import { useMoney } from "./use-money.ts";

const limits = [
  { name: "per_message", label: "An answer" },
  { name: "per_day", label: "A day" },
  { name: "per_month", label: "A month" },
] as const satisfies { name: keyof WireLimits; label: string }[];
const fields = limits.map(({ name }) => name);

/** What may be spent at most, for who may only know. */
export function LimitsShown({ limits: set }: { limits: WireLimits }) {
  const amount = useMoney();
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2 text-sm">
      {limits.map(({ name, label }) => {
        const limit = set[name];
        return (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{label}</dt>
            <dd className="tabular-nums">{limit === null ? "No limit" : amount(limit).credits}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Says what may be spent at most. */
export function LimitsForm({ limits: set }: { limits: WireLimits }) {
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt } = useAttempt();
  const [isSaved, setIsSaved] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsSaved(false);
    const isDone = await attempt(async () => {
      const typed = limits.map(({ name }) => [name, microCreditsOf(String(form.get(name) ?? ""), name)]);
      await callApi("/wallet/limits", { method: "PUT", json: Object.fromEntries(typed) });
    });
    setIsSaved(isDone);
    if (isDone) await revalidate();
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-3">
        {limits.map(({ name, label }) => (
          <TextField
            key={name}
            label={label}
            name={name}
            placeholder="No limit"
            inputMode="decimal"
            autoComplete="off"
            defaultValue={typedCredits(set[name])}
            onChange={() => setIsSaved(false)}
            error={fieldError(problem, name)}
          />
        ))}
      </div>
      <ProblemNotice problem={problem} fields={fields} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={busy}>
          Save limits
        </Button>
        {isSaved && (
          <p role="status" className="text-accent text-sm">
            Saved
          </p>
        )}
      </div>
    </form>
  );
}
