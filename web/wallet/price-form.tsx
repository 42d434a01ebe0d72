import { type FormEvent, useEffect, useState } from "react";
import { fieldError } from "../../client/api-problem.ts";
import { callApi, readApi } from "../../client/call-api.ts";
import type { WireClonePrice } from "../../workers/clones/price-contract.ts";
import { Button } from "../ui/button.tsx";
import { SelectField, TextField } from "../ui/field.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { useAttempt } from "../use-attempt.ts";
import { Section } from "../workspaces/section.tsx";
import { microCreditsOf, typedCredits, typedPercents } from "./typed.ts";
import { useMoney } from "./use-money.ts";

const fields = ["payer", "per_message", "per_session", "session_minutes", "trial_messages"];
const whole = (typed: FormDataEntryValue | null) => (String(typed ?? "").trim() === "" ? null : Number(typed));

/** Says what a clone costs those who talk to it. Its price is read when it is first shown. */
export function PriceSection({ cloneId }: { cloneId: string }) {
  const [price, setPrice] = useState<WireClonePrice | null>(null);
  const { problem, attempt } = useAttempt();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a clone
  useEffect(
    () => void attempt(async () => setPrice(await readApi<WireClonePrice>(`/clones/${cloneId}/price`))),
    [cloneId],
  );
  return (
    <Section
      title="Price"
      lead="Who pays for questions of others. What was begun is paid by the price that held then; your own people never pay one."
    >
      {price ? (
        <PriceForm key={price.id} price={price} onSaved={setPrice} />
      ) : (
        <ProblemNotice problem={problem} fields={[]} />
      )}
    </Section>
  );
}

/** What a visitor pays, and the creator gets. */
function Shares({ price }: { price: WireClonePrice }) {
  const amount = useMoney();
  if (price.payer === "creator")
    return <p className="text-ink-soft text-sm">Your workspace’s wallet pays what models take.</p>;
  const creator = Number((BigInt(price.per_message ?? 0) * BigInt(price.creator_basis_points)) / 10_000n);
  return (
    <p className="text-ink-soft text-sm">
      {price.per_message === null
        ? "Visitors pay by sessions"
        : `Visitors pay ${amount(price.per_message).credits} an answer and what its model takes; ${amount(creator).credits} of that is yours`}
      {` (${typedPercents(price.creator_basis_points)} % of the price).`}
    </p>
  );
}

function PriceForm({ price, onSaved }: { price: WireClonePrice; onSaved: (price: WireClonePrice) => void }) {
  const { busy, problem, attempt } = useAttempt();
  const [payer, setPayer] = useState(price.payer);
  const [isSaved, setIsSaved] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credits = (name: string) => microCreditsOf(String(form.get(name) ?? ""), name);
    setIsSaved(false);
    const isDone = await attempt(async () => {
      const asked =
        payer === "creator"
          ? { payer }
          : {
              payer,
              per_message: credits("per_message"),
              per_session: credits("per_session"),
              session_minutes: whole(form.get("session_minutes")),
              trial_messages: whole(form.get("trial_messages")) ?? 0,
              contributors: price.contributors,
            };
      const response = await callApi(`/clones/${price.clone_id}/price`, { method: "PUT", json: asked });
      onSaved((await response.json()) as WireClonePrice);
    });
    setIsSaved(isDone);
  };
  const credits = { inputMode: "decimal", autoComplete: "off", placeholder: "None" } as const;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <SelectField
        label="Who pays"
        name="payer"
        value={payer}
        onChange={(event) => setPayer(event.target.value as WireClonePrice["payer"])}
        options={[
          { value: "creator", label: "This workspace pays for everybody" },
          { value: "visitor", label: "Visitors pay, out of their own wallets" },
        ]}
        error={fieldError(problem, "payer")}
      />
      {payer === "visitor" && (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            {...credits}
            label="An answer, in credits"
            name="per_message"
            defaultValue={typedCredits(price.per_message)}
            hint="Above what its model takes."
            error={fieldError(problem, "per_message")}
          />
          <TextField
            label="Free answers"
            name="trial_messages"
            inputMode="numeric"
            defaultValue={String(price.trial_messages)}
            hint="For each account, before the first is paid."
            error={fieldError(problem, "trial_messages")}
          />
          <TextField
            {...credits}
            label="A session, in credits"
            name="per_session"
            defaultValue={typedCredits(price.per_session)}
            hint="With what models take in it."
            error={fieldError(problem, "per_session")}
          />
          <TextField
            label="A session’s minutes"
            name="session_minutes"
            inputMode="numeric"
            placeholder="None"
            defaultValue={price.session_minutes === null ? "" : String(price.session_minutes)}
            error={fieldError(problem, "session_minutes")}
          />
        </div>
      )}
      <ProblemNotice problem={problem} fields={fields} />
      {price.id !== null && payer === price.payer && <Shares price={price} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={busy}>
          Save the price
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
