import type { ClientResponse } from "hono/client";
import { Link } from "react-router";
import type { WireEntry } from "../../workers/wallet/contract.ts";
import { api, attempt, need } from "../api.server.ts";
import { Page } from "../shell/page.tsx";
import { Notice } from "../ui/notice.tsx";
import type { ListPage } from "../use-older.ts";
import { Balance } from "../wallet/balance.tsx";
import { Entries, entriesAtOnce } from "../wallet/entries.tsx";
import { LimitsForm, LimitsShown } from "../wallet/limits-form.tsx";
import { readPricing } from "../wallet/pricing.server.ts";
import { Spending } from "../wallet/spending.tsx";
import { TopUp } from "../wallet/top-up.tsx";
import { Section } from "../workspaces/section.tsx";
import { useMay } from "../workspaces/use-may.ts";
import type { Route } from "./+types/wallet.ts";

export const meta = () => [{ title: "Wallet · Understudy" }];

export async function loader({ request, context }: Route.LoaderArgs) {
  const { v1 } = api({ request, context }).api;
  const page = { limit: String(entriesAtOnce) };
  const [wallet, entries, clones, pricing] = await Promise.all([
    need(request, v1.wallet.$get()),
    /** Refused to who may not see what others spent. */
    attempt(v1.wallet.entries.$get({ query: page }) as Promise<ClientResponse<ListPage<WireEntry>, 200, "json">>),
    attempt(v1.clones.$get({ query: { limit: "100" } })),
    readPricing(request, context),
  ]);
  const names = clones.ok ? Object.fromEntries(clones.value.data.map(({ id, name }) => [id, name])) : {};
  const paid = new URL(request.url).searchParams.has("paid");
  return { wallet, entries: entries.ok ? entries.value : null, names, pricing, paid };
}

/** What the workspace has, what it spends, and what was done with it. */
export default function Wallet({ loaderData: { wallet, entries, names, pricing, paid } }: Route.ComponentProps) {
  const maySpend = useMay("wallet.spend");
  return (
    <Page width="middle" className="flex flex-col gap-5">
      <div>
        <h1 className="display text-4xl">Wallet</h1>
        <p className="mt-1 text-ink-soft">
          What this workspace has for answers, and where it goes. A credit is one US cent.{" "}
          {maySpend && (
            <Link to="/earnings" className="text-accent hover:underline">
              What its clones earn
            </Link>
          )}
        </p>
      </div>
      {paid && (
        <Notice tone="good">
          Thank you. The credits are there as soon as the payment is confirmed, which may take a moment: load the page
          again if you do not see them yet.
        </Notice>
      )}
      {wallet.billing === "off" && (
        <Notice tone="info">This installation does not bill: what is used is shown, and nobody is refused.</Notice>
      )}
      <Balance wallet={wallet} />
      <Section title="Spent" lead="Days and months are those of UTC.">
        <Spending wallet={wallet} />
      </Section>
      <Section
        title="Limits"
        lead="What may be spent at most, in credits. An answer that would take more is not begun."
      >
        {maySpend ? (
          <LimitsForm limits={wallet.limits} />
        ) : (
          <>
            <LimitsShown limits={wallet.limits} />
            <p className="mt-3 text-ink-soft text-sm">Owners and admins set them.</p>
          </>
        )}
      </Section>
      {pricing && maySpend && wallet.billing === "on" && <TopUp pricing={pricing} />}
      {entries && <Entries first={entries} names={names} />}
    </Page>
  );
}
