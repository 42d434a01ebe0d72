import { api, need } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Notice } from "../ui/notice.tsx";
import { useMoney } from "../wallet/use-money.ts";
import { Section } from "../workspaces/section.tsx";
import type { Route } from "./+types/platform-money.ts";

export const meta = () => [{ title: "Money · Understudy" }];

export const loader = async ({ request, context }: Route.LoaderArgs) =>
  need(request, api({ request, context }).api.v1.platform.money.$get());

const accounts: Record<string, string> = {
  available: "Paid in, to be spent",
  granted: "Given, to be spent",
  held: "Set aside for answers",
  sessions: "Set aside for sessions",
  disputed: "Argued about with banks",
  pending: "Earned, pending",
  earned: "Earned, to be paid out",
  paying: "On its way to who earned it",
  debt: "Owed by who spent what was taken back",
  overpaid: "Owed by who was paid what was taken back",
  cash: "In and out of the world",
  gifts: "Given away",
  expired: "Given, and ended",
  revenue: "Revenue",
  clearing: "Between wallets",
};

/** What the installation took, and whether all wallets agree: for whoever runs it. */
export default function PlatformMoney({ loaderData: { revenue, balances, drifts } }: Route.ComponentProps) {
  const lines = Object.entries(balances).filter(([, microCredits]) => microCredits !== 0);
  const sum = lines.reduce((all, [, microCredits]) => all + microCredits, 0);
  return (
    <Page width="middle" className="flex flex-col gap-5">
      <h1 className="display text-4xl">Money</h1>
      <Notice tone={drifts.length === 0 ? "good" : "danger"}>
        {drifts.length === 0
          ? "All wallets agree with what is told of them, as of their last comparison."
          : `${drifts.length === 1 ? "One thing does" : `${drifts.length} things do`} not agree. Nothing is repaired by itself.`}
      </Notice>
      {drifts.length > 0 && (
        <Section title="What does not agree">
          <ul className="flex flex-col gap-2 text-sm">
            {drifts.map(({ wallet_id, kind, detail, found_at }) => (
              <li key={`${wallet_id} ${detail}`} className="[overflow-wrap:anywhere]">
                <span className="font-medium">{wallet_id}</span> · {kind} · {found_at.slice(0, 10)}: {detail}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section
        title="All wallets together"
        lead="Every movement takes from one account and gives to another: they are nothing together."
      >
        <Amounts lines={[...lines.map(([name, of]) => [accounts[name] ?? name, of] as const), ["Together", sum]]} />
      </Section>
      <Section title="Revenue" lead="Of the last 90 days, a day in UTC each.">
        {revenue.length === 0 ? (
          <p className="text-ink-soft text-sm">None yet.</p>
        ) : (
          <Amounts lines={revenue.map(({ day, micro_credits }) => [day, micro_credits] as const).toReversed()} />
        )}
      </Section>
    </Page>
  );
}

function Amounts({ lines }: { lines: readonly (readonly [string, number])[] }) {
  const amount = useMoney();
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1.5 text-sm tabular-nums">
      {lines.map(([label, microCredits]) => (
        <div key={label} className="contents">
          <dt className="text-ink-soft">{label}</dt>
          <dd className="text-end">{amount(microCredits).usd}</dd>
        </div>
      ))}
    </dl>
  );
}
