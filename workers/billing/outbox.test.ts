import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { callProcessor, sweepCalls } from "./call-processor.ts";
import type { CallRow } from "./outbox-queries.ts";
import { payPayee, reversePayout } from "./payouts/pay-payee.ts";
import { atStripe, buy, control, newEvents, runtimeAt, take } from "./testing/stripe.ts";
import { topUp } from "./top-up.ts";

const credit = 1_000_000;
const minute = 60_000;
const hour = 60 * minute;

const callRow = async (id: string) =>
  (await env.DB.prepare("SELECT * FROM processor_calls WHERE id = ?").bind(id).first<Record<string, unknown>>()) ?? {};

/** How often Stripe was asked under a key, with what it answered. */
const askedUnder = async (key: string) =>
  (await control<{ data: { status: number }[] }>(`requests?key=${key}`)).data.map(({ status }) => status);

let refunds = 0;
/** A payment, and what gives a part of it back. */
async function paid() {
  const { token } = await signUp();
  const account = await workspaceOf(token);
  const bought = await buy(token, { pack: "medium" });
  const wallets = await take(bought.events);
  refunds += 1;
  const id = `refund:${refunds}`;
  const refund = (now?: number): Promise<CallRow> =>
    callProcessor(runtimeAt(now), {
      id,
      account,
      call: { kind: "refund", payment: bought.payment_intent, amount: 500 },
    });
  const given = async () => {
    const { data } = await atStripe<{ data: object[] }>(`/v1/refunds?payment_intent=${bought.payment_intent}`);
    return data.length;
  };
  return { ...bought, token, account, wallets, id, refund, given };
}

describe("a call to a processor", () => {
  it("is made once, however often it is asked for", async () => {
    const { refund, given, id } = await paid();
    const all = await Promise.all([refund(), refund(), refund()]);
    expect(new Set(all.map(({ state }) => state)).has("failed")).toBe(false);
    expect(await refund()).toMatchObject({ state: "done", attempts: 1 });
    expect([await given(), await askedUnder(id)]).toEqual([1, [200]]);
  });

  it.each(["drop_request", "drop_response"])("that was cut off (%s) is made once in the end", async (fault) => {
    const { refund, given, id } = await paid();
    await control("fault", { path: "/v1/refunds", fault });
    expect(await refund()).toMatchObject({ state: "unknown" });
    expect(takeLoggedErrors().join()).toContain("processor_call_unclear");
    expect(await given()).toBe(fault === "drop_request" ? 0 : 1);
    await sweepCalls(runtimeAt(Date.now() + minute));
    expect(await callRow(id)).toMatchObject({ state: "done", attempts: 2, error: null });
    expect(await given()).toBe(1);
  });

  it("whose maker died before or behind the sending is taken up again", async () => {
    const { refund, given, id } = await paid();
    await refund();
    // As if the process had ended right behind the call, and right before it.
    for (const state of ["sent", "pending"]) {
      await env.DB.prepare("UPDATE processor_calls SET state = ?, object = NULL, next_attempt_at = 0 WHERE id = ?")
        .bind(state, id)
        .run();
      await sweepCalls(runtimeAt());
      expect(await callRow(id)).toMatchObject({ state: "done" });
    }
    expect([await given(), await askedUnder(id)]).toEqual([1, [200, 200, 200]]);
  });

  it("is not made again once its key is not kept: it is looked for, and found", async () => {
    const { refund, given, id } = await paid();
    await control("fault", { path: "/v1/refunds", fault: "drop_response" });
    await refund();
    takeLoggedErrors();
    await control("forget-keys", {});
    await sweepCalls(runtimeAt(Date.now() + 24 * hour));
    expect(await callRow(id)).toMatchObject({ state: "done", flagged_at: null });
    expect([await given(), await askedUnder(id)]).toEqual([1, [200]]);
  });

  it("of which nothing is found by then is left to somebody who looks, and never made again", async () => {
    const { refund, given, id } = await paid();
    await control("fault", { path: "/v1/refunds", fault: "drop_request" });
    await refund();
    await sweepCalls(runtimeAt(Date.now() + 24 * hour));
    expect(takeLoggedErrors().join()).toContain("processor_call_not_found");
    expect(await callRow(id)).toMatchObject({ state: "unknown", flagged_at: expect.any(Number) });
    await sweepCalls(runtimeAt(Date.now() + 48 * hour));
    expect([await given(), await askedUnder(id)]).toEqual([0, []]);
    const root = await signUp("Root");
    await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
    const list = await call("GET", "/api/v1/platform/billing/calls?flagged=true", { token: root.token });
    expect((await jsonOf<{ data: object[] }>(list, 200)).data).toMatchObject([{ id, flagged: true, kind: "refund" }]);
    const settle = () =>
      call("POST", "/api/v1/platform/billing/calls/settle", { token: root.token, json: { call: id, object: null } });
    expect(await jsonOf(await settle(), 200)).toMatchObject({ id, state: "failed", error: "not_done" });
    await jsonOf(await settle(), 404);
  });

  it("that Stripe fails at, and says so whenever it is asked, is looked for in the end", async () => {
    const { refund, given, id } = await paid();
    await control("fault", { path: "/v1/refunds", fault: "fail" });
    await refund();
    await sweepCalls(runtimeAt(Date.now() + minute));
    expect(await askedUnder(id)).toEqual([500, 500]);
    await sweepCalls(runtimeAt(Date.now() + 24 * hour));
    takeLoggedErrors();
    expect(await callRow(id)).toMatchObject({ state: "unknown", flagged_at: expect.any(Number) });
    expect(await given()).toBe(0);
  });

  it("that is refused has failed", async () => {
    const { account, payment_intent } = await paid();
    const ask = { kind: "refund", payment: payment_intent, amount: 99_999 } as const;
    const row = await callProcessor(runtimeAt(), { id: "refund:much", account, call: ask });
    expect(row).toMatchObject({ state: "failed", object: null });
  });
});

describe("buying anew by itself", () => {
  it("charges the card once for each reason, and credits the pack as it was then", async () => {
    const { account, wallets } = await paid();
    const buyAnew = () => topUp(runtimeAt(), { id: "buy_low_1", account, pack: "small", currency: "usd" });
    expect(await buyAnew()).toMatchObject({ state: "done" });
    expect(await buyAnew()).toMatchObject({ state: "done", attempts: 1 });
    await take(await newEvents(), wallets);
    expect(wallets.balance(account)).toBe(2_500 * credit);
  });

  it.each([
    ["authenticates", "authentication_required"],
    ["declinedLater", "card_declined"],
  ])("says why a card does not pay (%s)", async (card, error) => {
    const { account, wallets, customer } = await paid();
    await control("card", { customer, card });
    const row = await topUp(runtimeAt(), { id: `buy_${card}`, account, pack: "small", currency: "usd" });
    expect(row).toMatchObject({ state: "failed", error });
    await take(await newEvents(), wallets);
    expect(wallets.balance(account)).toBe(2_000 * credit);
  });

  it("is for those who have paid before", async () => {
    const { token } = await signUp();
    const ask = { id: "buy_first", account: await workspaceOf(token), pack: "small", currency: "usd" };
    await expect(topUp(runtimeAt(), ask)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("paying those who earn", () => {
  async function payee() {
    const { token } = await signUp("Eve");
    const account = await workspaceOf(token);
    const onboard = () => call("POST", "/api/v1/earnings/onboard", { token });
    const begun = await jsonOf<{ url: string; ready: boolean }>(await onboard(), 200);
    expect(begun.ready).toBe(false);
    await newEvents();
    await fetch(begun.url, { method: "POST", body: new URLSearchParams({ do: "finish" }), redirect: "manual" });
    await take(await newEvents());
    expect(await jsonOf(await onboard(), 200)).toMatchObject({ ready: true });
    return { token, account };
  }
  const payout = (id: string, account: string, amount: number) =>
    payPayee(runtimeAt(), { id, account, microCredits: amount * credit, amount, currency: "usd" });

  it("pays what was set aside, once, and tells the wallet, also of what is taken back", async () => {
    await paid();
    const { account } = await payee();
    const row = await payout("po_1", account, 700);
    expect(row).toMatchObject({ state: "done" });
    expect(await payout("po_1", account, 700)).toMatchObject({ object: row.object });
    const events = await newEvents();
    const wallets = await take([...events, ...events].toReversed());
    const transfer = row.object ?? "";
    await reversePayout(runtimeAt(), { id: "du_1", account, transfer, amount: 200 });
    await reversePayout(runtimeAt(), { id: "du_1", account, transfer, amount: 200 });
    await take(await newEvents(), wallets);
    expect([...wallets.effects.values()]).toMatchObject([
      { kind: "payout_paid", account, payout: "po_1", microCredits: 700 * credit },
      { kind: "payout_reversed", account, payout: "po_1", microCredits: 200 * credit },
    ]);
    expect(await atStripe(`/v1/transfers/${transfer}`)).toMatchObject({ amount: 700, amount_reversed: 200 });
  });

  it("tells the wallet where nothing was paid, so that it can be paid later", async () => {
    const { account } = await payee();
    const { available } = await atStripe<{ available: { amount: number }[] }>("/v1/balance");
    const tooMuch = (available[0]?.amount ?? 0) + 1;
    expect(await payout("po_2", account, tooMuch)).toMatchObject({ state: "failed", error: "balance_insufficient" });
    const wallets = await take([]);
    expect([...wallets.effects.values()]).toMatchObject([{ kind: "payout_failed", payout: "po_2", account }]);
  });

  it("waits for who has not said who they are", async () => {
    const { token } = await signUp();
    await expect(payout("po_3", await workspaceOf(token), 1)).rejects.toMatchObject({ code: "conflict" });
  });
});
