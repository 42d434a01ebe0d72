import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { cron, later } from "../personal-data/testing/erasures.ts";
import { call, jsonOf, signUp, workspaceOf } from "../testing/client.ts";
import { makeWorkspace } from "../workspaces/testing/teams.ts";
import { atStripe, buy, control, newEvents, take } from "./testing/stripe.ts";

const credit = 1_000_000;

/** What a form of the stand-in does. */
const post = (path: string, form: Record<string, string>) =>
  fetch(inject("stripeStandIn") + path, {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_suite", "Stripe-Version": "2026-10-28.endive" },
    body: new URLSearchParams(form),
  });

/** Somebody whose time is Stripe's test clock's. */
async function withClock(start: number) {
  const { token } = await signUp();
  const account = await workspaceOf(token);
  const clock = await jsonOf<{ id: string }>(
    await post("/v1/test_helpers/test_clocks", { frozen_time: String(start / 1_000) }),
    200,
  );
  const customer = await jsonOf<{ id: string }>(
    await post("/v1/customers", { email: "ada@example.com", test_clock: clock.id }),
    200,
  );
  await env.DB.prepare("INSERT INTO processor_customers VALUES ('stripe', ?, ?, 1)").bind(account, customer.id).run();
  const advance = async (to: number) => {
    await jsonOf(
      await post(`/v1/test_helpers/test_clocks/${clock.id}/advance`, { frozen_time: String(to / 1_000) }),
      200,
    );
    return newEvents();
  };
  return { token, account, advance };
}

const begin = Date.UTC(2026, 0, 15);
const month = (count: number) => Date.UTC(2026, count, 15);

describe("a plan", () => {
  it("gives its credits for each month that is paid, until it is cancelled", async () => {
    const { token, account, advance } = await withClock(begin);
    const { events, subscription } = await buy(token, { plan: "starter" });
    const wallets = await take(events.toReversed());
    const grants = () => [...wallets.effects.values()].map((effect) => effect.kind === "grant" && effect.expiresAt);
    expect(grants()).toEqual([month(1)]);
    await take(await advance(month(1)), wallets);
    expect(grants()).toEqual([month(1), month(2)]);
    expect(wallets.balance(account)).toBe(2_000 * credit);
    expect((await call("POST", "/api/v1/wallet/checkout", { token, json: { plan: "studio" } })).status).toBe(409);

    const portal = await jsonOf<{ url: string }>(await call("POST", "/api/v1/wallet/portal", { token }), 200);
    await fetch(portal.url, { method: "POST", body: new URLSearchParams({ do: "cancel", subscription }) });
    await take(await advance(month(4)), wallets);
    expect(grants()).toEqual([month(1), month(2)]);
    expect((await call("POST", "/api/v1/wallet/checkout", { token, json: { plan: "studio" } })).status).toBe(201);

    const { data } = await jsonOf<{ data: { number: string; kind: string }[] }>(
      await call("GET", "/api/v1/invoices", { token }),
      200,
    );
    expect(data).toMatchObject([
      { kind: "invoice", total: 900, status: "paid", number: expect.stringMatching(/-0002$/) },
      { kind: "invoice", total: 900, status: "paid", number: expect.stringMatching(/-0001$/) },
    ]);
  });

  it("keeps what is left for one more period where that was bought", async () => {
    const { token, account } = await withClock(begin);
    const { events } = await buy(token, { plan: "studio", currency: "eur" });
    const wallets = await take(events);
    const [grant] = wallets.effects.values();
    expect(grant).toMatchObject({ kind: "grant", account, expiresAt: month(1) + (month(1) - begin) });
  });

  it("gives nothing for a month that is not paid, and what was bought whatever is sold by then", async () => {
    const { token, account, advance } = await withClock(begin);
    const { events, customer, id } = await buy(token, { plan: "starter" });
    const wallets = await take(events);
    await control("card", { customer, card: "declinedLater" });
    await take(await advance(month(1)), wallets);
    expect(wallets.balance(account)).toBe(1_000 * credit);
    const row = await env.DB.prepare("SELECT offer FROM checkouts WHERE id = ?").bind(id).first<{ offer: string }>();
    expect(JSON.parse(row?.offer ?? "")).toMatchObject({ id: "starter", version: "2026-12-01", amount: 900 });
  });

  it("takes its credits back with its money, whichever is told first", async () => {
    const { token, account } = await withClock(begin);
    const { events, invoice } = await buy(token, { plan: "starter" });
    const { data } = await atStripe<{ data: { payment: { payment_intent: string } }[] }>(
      `/v1/invoice_payments?invoice=${invoice}`,
    );
    const payment_intent = data[0]?.payment.payment_intent ?? "";
    await jsonOf(await post("/v1/refunds", { payment_intent, amount: "300" }), 200);
    const wallets = await take([...(await newEvents()), ...events]);
    expect(wallets.kinds).toEqual(["grant", "refund"]);
    expect(wallets.balance(account)).toBe(1_000 * credit - Math.floor((1_000 * credit * 300) / 900));
  });
});

describe("a workspace that is erased", () => {
  it("is charged for nothing any more, and leaves nothing of what it bought", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const headers = { "X-Workspace-Id": id };
    await newEvents();
    const made = await call("POST", "/api/v1/wallet/checkout", {
      token: ada.token,
      headers,
      json: { plan: "starter" },
    });
    const session = new URL((await jsonOf<{ url: string }>(made, 201)).url).pathname.split("/").at(-1) ?? "";
    await control("pay", { session, card: "pay" });
    await take(await newEvents());
    const { subscription } = await atStripe<{ subscription: string }>(`/v1/checkout/sessions/${session}`);
    const json = { password: ada.password };
    await jsonOf(await call("POST", `/api/v1/workspaces/${id}/erasure`, { token: ada.token, json }), 202);
    await later();
    await cron();
    expect(await atStripe(`/v1/subscriptions/${subscription}`)).toMatchObject({ status: "canceled" });
    for (const table of ["checkouts", "invoices", "processor_customers"]) {
      const rows = await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>();
      expect(rows?.n, table).toBe(0);
    }
  });
});

describe("what is sold", () => {
  it("is for everybody to see", async () => {
    const prices = await jsonOf<{ packs: object[]; plans: object[] }>(await call("GET", "/api/v1/pricing"), 200);
    expect(prices.packs[0]).toEqual({
      id: "small",
      name: "500 credits",
      micro_credits: 500 * credit,
      prices: { usd: 500, eur: 500, gbp: 450 },
    });
    expect(prices.plans).toHaveLength(2);
  });
});
