import { useState } from "react";
import { useRevalidator } from "react-router";
import { callApi, readApi } from "../../client/call-api.ts";
import { api, attempt, need } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { ProblemNotice } from "../ui/problem-notice.tsx";
import { Figure } from "../usage/figure.tsx";
import { useAttempt } from "../use-attempt.ts";
import { useMoney } from "../wallet/use-money.ts";
import { Section } from "../workspaces/section.tsx";
import type { Route } from "./+types/earnings.ts";

export const meta = () => [{ title: "Earnings · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const [earnings, clones] = await Promise.all([
    need(request, v1.earnings.$get()),
    attempt(v1.clones.$get({ query: { limit: "100" } })),
  ]);
  const names = clones.ok ? Object.fromEntries(clones.value.data.map(({ id, name }) => [id, name])) : {};
  return { earnings, names };
}

/** What the workspace's clones earned, and how it is paid out. */
export default function Earnings({ loaderData: { earnings, names } }: Route.ComponentProps) {
  const amount = useMoney();
  const { revalidate } = useRevalidator();
  const { busy, problem, attempt: tryTo } = useAttempt();
  const [paid, setPaid] = useState<string | null>(null);
  const figures = [
    { label: "Can be paid out", microCredits: earnings.available },
    { label: "Pending", microCredits: earnings.pending },
    { label: "On its way", microCredits: earnings.paying },
  ];
  const onboard = () =>
    void tryTo(async () => {
      const { url } = await readApi<{ url: string }>("/earnings/onboard", { method: "POST", json: {} });
      location.assign(url);
    });
  const payOut = () =>
    void tryTo(async () => {
      const id = `po_${crypto.randomUUID()}`;
      const response = await callApi("/earnings/payouts", { method: "POST", json: { id } });
      const { micro_credits } = (await response.json()) as { micro_credits: number };
      setPaid(amount(micro_credits).usd);
      await revalidate();
    });
  return (
    <Page width="middle" className="flex flex-col gap-5">
      <div>
        <h1 className="display text-4xl">Earnings</h1>
        <p className="mt-1 text-ink-soft">
          What others pay for answers of this workspace’s clones, as their prices say.
        </p>
      </div>
      <dl className="grid gap-3 sm:grid-cols-3">
        {figures.map(({ label, microCredits }) => (
          <Figure key={label} label={label} value={amount(microCredits).usd}>
            {amount(microCredits).credits}
          </Figure>
        ))}
      </dl>
      {earnings.overpaid > 0 && (
        <Notice tone="info">
          {amount(earnings.overpaid).usd} of what was paid out was taken back by a bank: what is earned next goes there
          first.
        </Notice>
      )}
      <Section
        title="Being paid"
        lead="What is earned is pending for 90 days, in which banks take payments back. Then it is paid out in whole credits: a credit is one US cent."
      >
        <div className="flex flex-col items-start gap-3">
          <div className="flex flex-wrap gap-3">
            <Button busy={busy} disabled={earnings.available < 1_000_000} onClick={payOut}>
              Pay out
            </Button>
            <Button look="quiet" busy={busy} onClick={onboard}>
              Say who is paid
            </Button>
          </div>
          {paid && (
            <p role="status" className="text-accent text-sm">
              {paid} is on its way.
            </p>
          )}
          <ProblemNotice problem={problem} fields={[]} />
        </div>
      </Section>
      <Section title="By clone">
        {earnings.by_clone.length === 0 ? (
          <p className="text-ink-soft text-sm">
            Nothing yet. A clone earns once its settings say that visitors pay, and somebody asks it.
          </p>
        ) : (
          <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-2 text-sm">
            {earnings.by_clone.map(({ clone_id, earned, pending }) => (
              <div key={clone_id ?? ""} className="contents">
                <dt className="min-w-0 [overflow-wrap:anywhere]">
                  {names[clone_id ?? ""] ?? "A clone that is not here any more"}
                </dt>
                <dd className="text-end tabular-nums">
                  {amount(earned).usd}
                  {pending > 0 && <span className="block text-ink-faint text-xs">{amount(pending).usd} pending</span>}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Section>
    </Page>
  );
}
