import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { auditOf } from "../audit/testing/audit.ts";
import { call, jsonOf, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { deliverEffects } from "./deliver-effects.ts";
import { verifyWebhook } from "./processors/stripe/webhook.ts";
import { RecordingWallets } from "./testing/recording-wallets.ts";
import {
  atStripe,
  buy,
  control,
  deliver,
  newEvents,
  openCheckout,
  runtimeAt,
  type SentEvent,
  take,
} from "./testing/stripe.ts";
import { sweepEvents } from "./work-on-events.ts";

const credit = 1_000_000;

/** Some orders of the same things, by a number. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return items
    .map((item) => [next(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

function signedBy(body: string, secret: string, at = Math.floor(Date.now() / 1_000)): SentEvent {
  const mac = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { id: "", type: "", body, signature: `t=${at},v1=${mac}` };
}

const eventRows = async () =>
  (await env.DB.prepare("SELECT * FROM processor_events").all<{ state: string; error: string | null }>()).results;

describe("buying a pack", () => {
  it("credits what was bought, and keeps a receipt", async () => {
    const { token } = await signUp();
    const account = await workspaceOf(token);
    const { id, events, payment_intent } = await buy(token, { pack: "small" });
    const wallets = await take(events);
    expect(wallets.balance(account)).toBe(500 * credit);
    const [effect] = wallets.effects.values();
    expect(effect).toMatchObject({ id: `stripe:${payment_intent}:fund`, kind: "fund", details: { purchase: id } });
    const { data } = await jsonOf<{ data: object[] }>(await call("GET", "/api/v1/invoices", { token }), 200);
    expect(data).toMatchObject([{ kind: "receipt", purchase: id, total: 500, tax: 0, currency: "usd", refunded: 0 }]);
  });

  it("credits nothing while a card is declined, and nothing for a page that expired", async () => {
    const { token } = await signUp();
    const { session } = await openCheckout(token, { pack: "small" });
    await newEvents();
    expect(await control("pay", { session, card: "declined" })).toEqual({ paid: false });
    const wallets = await take(await newEvents());
    expect(wallets.effects.size).toBe(0);
  });

  it("refuses what is not sold, both at once, and those who may not spend", async () => {
    const { token } = await signUp();
    const ask = (json: object) => call("POST", "/api/v1/wallet/checkout", { token, json });
    expect((await jsonOf<{ errors: object[] }>(await ask({ pack: "huge" }), 422)).errors).toEqual([
      { path: "pack", message: "There is no pack “huge”. There are: small, medium, large." },
    ]);
    await jsonOf(await ask({ pack: "small", plan: "starter" }), 422);
    await jsonOf(await ask({ pack: "small", currency: "jpy" }), 422);
  });
});

describe("webhooks", () => {
  it("come to the same three times each and in any order", async () => {
    const { token } = await signUp();
    const account = await workspaceOf(token);
    const { events, payment_intent } = await buy(token, { pack: "medium" });
    const { id: dispute } = await control<{ id: string }>("dispute", { payment_intent, amount: 500 });
    await control("close-dispute", { dispute, status: "lost" });
    const all = [...events, ...(await newEvents())];
    for (const seed of [1, 2, 3]) {
      await env.DB.prepare("DELETE FROM processor_events").run();
      const wallets = await take(shuffled([...all, ...all, ...all], seed));
      if (seed > 1) continue;
      expect(wallets.balance(account)).toBe(1_500 * credit);
      expect(wallets.kinds).toEqual(["fund", "dispute_hold", "dispute_lost"]);
    }
    const effects = await env.DB.prepare("SELECT count(*) AS n FROM wallet_effects").first<{ n: number }>();
    expect(effects?.n).toBe(3);
  });

  it("are kept once, and worked on by the cron where no message came", async () => {
    const { token } = await signUp();
    const { events } = await buy(token, { pack: "small" });
    const [first] = events;
    for (let at = 0; at < 3; at++) await jsonOf(await deliver(first as SentEvent), 200);
    await sweepEvents(runtimeAt());
    expect(await eventRows()).toHaveLength(1);
  });

  it("are refused that were forged, changed, or seen long ago", async () => {
    const { token } = await signUp();
    const { events } = await buy(token, { pack: "small" });
    const { body, signature } = events.at(-1) as SentEvent;
    const now = Math.floor(Date.now() / 1_000);
    const forged = [
      { body, signature: "" },
      {
        body: body.replace("small", "large"),
        signature: signature.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      },
      { body: `${body} `, signature },
      signedBy(body, "whsec_guessed"),
      signedBy(body, ""),
      signedBy(body, "whsec_suite", now - 301),
    ];
    for (const each of forged)
      expect(await jsonOf(await deliver(each), 400)).toMatchObject({ code: "malformed_request" });
    expect(await eventRows()).toEqual([]);
    await jsonOf(await deliver(signedBy(body, "whsec_suite", now - 299)), 200);
  });

  it("are refused all where there is no secret", async () => {
    const { body, signature } = signedBy("{}", "");
    for (const secrets of [[], [""]])
      await expect(verifyWebhook(body, signature, secrets)).rejects.toMatchObject({
        kind: "refused",
        code: "signature",
      });
  });

  it("of a connected account say nothing of what was paid here", async () => {
    const { token } = await signUp();
    const { events } = await buy(token, { pack: "small" });
    const bodies = events.map(({ body }) => JSON.stringify({ ...JSON.parse(body), account: "acct_other" }));
    const wallets = await take(bodies.map((body) => signedBy(body, "whsec_suite")));
    expect(wallets.effects.size).toBe(0);
    expect(new Set((await eventRows()).map(({ state }) => state))).toEqual(new Set(["ignored"]));
  });

  it("of what was not bought here are of no interest", async () => {
    const { token } = await signUp();
    const { events } = await buy(token, { pack: "small" });
    await env.DB.prepare("DELETE FROM checkouts").run();
    expect((await take(events)).effects.size).toBe(0);
  });

  it("are tried again later where Stripe cannot be asked, and can be replayed", async () => {
    const { token } = await signUp();
    const account = await workspaceOf(token);
    const { events, payment_intent } = await buy(token, { pack: "small" });
    const paid = events.find(({ type }) => type === "payment_intent.succeeded") as SentEvent;
    await control("fault", { path: `/v1/payment_intents/${payment_intent}`, fault: "drop_request" });
    await jsonOf(await deliver(paid), 200);
    await expect.poll(async () => (await eventRows())[0]?.error).toMatch(/ProcessorFailure/);
    expect(takeLoggedErrors().join()).toContain("processor_event_failed");
    await sweepEvents(runtimeAt(Date.now() + 60_000));
    expect(await eventRows()).toMatchObject([{ state: "done", attempts: 2, error: null }]);

    const root = await signUp("Root");
    await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
    const list = await call("GET", "/api/v1/platform/billing/events?state=done", { token: root.token });
    const [{ id }] = (await jsonOf<{ data: [{ id: string }] }>(list, 200)).data;
    const replay = await call("POST", "/api/v1/platform/billing/events/replay", {
      token: root.token,
      json: { event: id },
    });
    expect(await jsonOf(replay, 200)).toMatchObject({ id, state: "waiting" });
    const wallets = await take([]);
    expect(wallets.balance(account)).toBe(500 * credit);
  });

  it("keep one wallet waiting that does not answer, and no other", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const [first, second] = [await workspaceOf(ada.token), await workspaceOf(eve.token)];
    const events = [
      ...(await buy(ada.token, { pack: "small" })).events,
      ...(await buy(eve.token, { pack: "small" })).events,
    ];
    await take(events);
    await env.DB.prepare("UPDATE wallet_effects SET applied_at = NULL").run();
    const wallets = new RecordingWallets();
    wallets.deaf = first;
    await deliverEffects(runtimeAt(), wallets);
    expect(takeLoggedErrors().join()).toContain("wallet_effect_failed");
    expect([wallets.balance(first), wallets.balance(second)]).toEqual([0, 500 * credit]);
    wallets.deaf = null;
    await deliverEffects(runtimeAt(), wallets);
    expect(wallets.balance(first)).toBe(500 * credit);
  });
});

describe("money that goes back", () => {
  it("takes credits along by parts, all of them with the last, and gives them back where a bank refuses", async () => {
    const { token } = await signUp();
    const account = await workspaceOf(token);
    const { events, payment_intent } = await buy(token, { pack: "small", currency: "gbp" });
    const wallets = await take(events);
    const root = await signUp("Root");
    await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
    const refund = (amount?: number) =>
      call("POST", "/api/v1/platform/billing/refunds", {
        token: root.token,
        json: { invoice: payment_intent, ...(amount ? { amount } : {}) },
      });
    const third = await jsonOf<{ object: string }>(await refund(151), 201);
    await take(await newEvents(), wallets);
    expect(wallets.balance(account)).toBe(500 * credit - Math.floor((500 * credit * 151) / 450));
    await jsonOf(await refund(), 201);
    await take(await newEvents(), wallets);
    expect(wallets.balance(account)).toBe(0);
    const told = (await auditOf(token)).filter(({ action }) => action === "billing.refunded");
    expect(told.map(({ details }) => details)).toMatchObject([{ amount: 151 }, { amount: 299 }]);
    expect(await jsonOf(await refund(), 409)).toMatchObject({ detail: "All of it was given back already." });
    await control("fail-refund", { refund: third.object });
    await take(await newEvents(), wallets);
    expect(wallets.balance(account)).toBe(Math.floor((500 * credit * 151) / 450));
    expect(
      (await atStripe<{ amount_refunded: number }>(`/v1/charges/${await chargeOf(payment_intent)}`)).amount_refunded,
    ).toBe(299);
  });

  it("is held while a bank argues, and there again when that is won", async () => {
    const { token } = await signUp();
    const account = await workspaceOf(token);
    const { events, payment_intent } = await buy(token, { pack: "small" }, "disputed");
    const wallets = await take(events);
    expect(wallets.balance(account)).toBe(0);
    const { data } = await atStripe<{ data: { id: string }[] }>(`/v1/disputes?payment_intent=${payment_intent}`);
    await control("close-dispute", { dispute: data[0]?.id, status: "won" });
    await take(await newEvents(), wallets);
    expect(wallets.balance(account)).toBe(500 * credit);
  });
});

const chargeOf = async (intent: string) =>
  (await atStripe<{ latest_charge: string }>(`/v1/payment_intents/${intent}`)).latest_charge;
