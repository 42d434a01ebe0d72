import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Stripe from "stripe";
import { startStripeStandIn } from "./stripe-server.ts";

type StandIn = Awaited<ReturnType<typeof startStripeStandIn>>;

const secret = "whsec_test";
let standIn: StandIn;
let accounts = 0;
before(async () => {
  standIn = await startStripeStandIn();
});
after(() => standIn.close());

/** Node's own client asks once more where a connection broke. */
const httpClient = Stripe.createFetchHttpClient();

/** A new account at the stand-in: the library, and the door beside the API. */
function newAccount({ url } = standIn) {
  const key = `sk_test_${accounts++}`;
  const { hostname: host, port } = new URL(url);
  const stripe = new Stripe(key, { host, port, protocol: "http", maxNetworkRetries: 0, httpClient });
  const control = async (path: string, json?: object) => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const response = await fetch(`${url}/_control/${path}`, {
      headers,
      ...(json ? { method: "POST", body: JSON.stringify(json) } : {}),
    });
    return (await response.json()) as { id: string; data: { type: string; body: string; signature: string }[] };
  };
  const sent = async () => (await control(`events?secret=${secret}`)).data;
  return { stripe, control, sent };
}

const pack = {
  mode: "payment",
  success_url: "http://localhost/done?session={CHECKOUT_SESSION_ID}",
  cancel_url: "http://localhost/back",
  line_items: [{ price_data: { currency: "usd", unit_amount: 1_000, product_data: { name: "A pack" } }, quantity: 1 }],
} satisfies Stripe.Checkout.SessionCreateParams;

const plan = {
  ...pack,
  mode: "subscription",
  subscription_data: { metadata: { checkout: "co_1" } },
  line_items: [
    {
      price_data: {
        currency: "usd",
        unit_amount: 2_000,
        recurring: { interval: "month" },
        product_data: { name: "A plan" },
      },
      quantity: 1,
    },
  ],
} satisfies Stripe.Checkout.SessionCreateParams;

describe("Stripe's stand-in", () => {
  it("has a page where a card is declined, another pays, and which goes where it was told", async () => {
    const { stripe, sent } = newAccount();
    const customer = await stripe.customers.create({ email: "ada@example.com" });
    const session = await stripe.checkout.sessions.create({
      ...pack,
      customer: customer.id,
      automatic_tax: { enabled: true },
      payment_intent_data: { metadata: { checkout: "co_1" } },
    });
    assert.equal(session.amount_total, 1_190);
    const url = session.url ?? "";
    assert.match(await (await fetch(url)).text(), /\$11\.90/);
    const choose = (card: string) =>
      fetch(url, { method: "POST", body: new URLSearchParams({ card, do: "pay" }), redirect: "manual" });
    const declined = await choose("declined");
    assert.equal(declined.status, 402);
    assert.match(await declined.text(), /Your card was declined/);
    const paid = await choose("pay");
    assert.equal(paid.headers.get("location"), `http://localhost/done?session=${session.id}`);
    const after = await stripe.checkout.sessions.retrieve(session.id);
    assert.deepEqual([after.status, after.payment_status], ["complete", "paid"]);
    const intent = await stripe.paymentIntents.retrieve(String(after.payment_intent));
    assert.deepEqual([intent.status, intent.metadata], ["succeeded", { checkout: "co_1" }]);
    assert.deepEqual(
      (await sent()).map(({ type }) => type),
      [
        "payment_intent.created",
        "payment_intent.payment_failed",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
      ],
    );
  });

  it("signs what it sends as the library reads it", async () => {
    const { stripe, control, sent } = newAccount();
    const { id } = await stripe.checkout.sessions.create(pack);
    await control("pay", { session: id, card: "pay" });
    const last = (await sent()).at(-1);
    assert(last);
    const event = await stripe.webhooks.constructEventAsync(last.body, last.signature, secret);
    assert.equal(event.type, "checkout.session.completed");
    await assert.rejects(stripe.webhooks.constructEventAsync(`${last.body} `, last.signature, secret));
    assert.equal((await stripe.events.retrieve(event.id)).type, event.type);
  });

  it("answers a key as it did before, also where that was a failure, and another request by it not at all", async () => {
    const { stripe, control } = newAccount();
    const once = () => stripe.customers.create({ email: "ada@example.com" }, { idempotencyKey: "k1" });
    assert.equal((await once()).id, (await once()).id);
    await assert.rejects(stripe.customers.create({ email: "eve@example.com" }, { idempotencyKey: "k1" }), {
      statusCode: 400,
    });
    await control("fault", { path: "/v1/customers", fault: "fail" });
    const broken = () => stripe.customers.create({}, { idempotencyKey: "k2" });
    await assert.rejects(broken(), { statusCode: 500 });
    await assert.rejects(broken(), { statusCode: 500 });
    await control("forget-keys", {});
    assert.match((await broken()).id, /^cus_/);
  });

  it("loses an answer on its way back after the work was done, and a request before", async () => {
    const { stripe, control } = newAccount();
    const make = (key: string) => stripe.customers.create({ email: "a@example.com" }, { idempotencyKey: key });
    const count = async () => (await stripe.customers.list()).data.length;
    await control("fault", { path: "/v1/customers", fault: "drop_request" });
    await assert.rejects(make("k1"), { type: "StripeConnectionError" });
    assert.equal(await count(), 0);
    await control("fault", { path: "/v1/customers", fault: "drop_response" });
    await assert.rejects(make("k1"), { type: "StripeConnectionError" });
    assert.equal(await count(), 1);
    await make("k1");
    assert.equal(await count(), 1);
  });

  it("renews a subscription when its test clock goes forward, until it was cancelled", async () => {
    const { stripe, control } = newAccount();
    const start = Date.UTC(2026, 0, 31) / 1_000;
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
    const customer = await stripe.customers.create({ test_clock: clock.id, email: "ada@example.com" });
    const { id } = await stripe.checkout.sessions.create({ ...plan, customer: customer.id });
    await control("pay", { session: id, card: "pay" });
    const { subscription } = await stripe.checkout.sessions.retrieve(id);
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: Date.UTC(2026, 2, 1) / 1_000 });
    const invoices = await stripe.invoices.list({ customer: customer.id });
    assert.deepEqual(
      invoices.data.map((each) => [each.billing_reason, each.status, each.parent?.subscription_details?.metadata]),
      [
        ["subscription_cycle", "paid", { checkout: "co_1" }],
        ["subscription_create", "paid", { checkout: "co_1" }],
      ],
    );
    const [last] = invoices.data;
    const payments = await stripe.invoicePayments.list({ invoice: last?.id ?? "" });
    assert.equal(payments.data.length, 1);
    assert.equal((await (await fetch(last?.invoice_pdf ?? "")).text()).slice(0, 5), "%PDF-");
    const portal = await stripe.billingPortal.sessions.create({ customer: customer.id });
    const body = new URLSearchParams({ do: "cancel", subscription: String(subscription) });
    assert.match(await (await fetch(portal.url, { method: "POST", body })).text(), /Ends on/);
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: Date.UTC(2026, 4, 1) / 1_000 });
    assert.equal((await stripe.subscriptions.retrieve(String(subscription))).status, "canceled");
  });

  it("charges somebody who is not there, who may be asked to prove themselves", async () => {
    const { stripe, control } = newAccount();
    const { id: customer } = await stripe.customers.create({});
    const charge = () =>
      stripe.paymentIntents.create({ customer, amount: 500, currency: "usd", confirm: true, off_session: true });
    await assert.rejects(charge(), { statusCode: 400 });
    await control("card", { customer, card: "authenticates" });
    await assert.rejects(charge(), { code: "authentication_required", statusCode: 402 });
    await control("card", { customer, card: "declinedLater" });
    await assert.rejects(charge(), { code: "card_declined" });
    await control("card", { customer, card: "pay" });
    assert.equal((await charge()).status, "succeeded");
  });

  it("gives back a payment in parts and no more, and lets a bank take it back", async () => {
    const { stripe, control } = newAccount();
    const { id } = await stripe.checkout.sessions.create(pack);
    await control("pay", { session: id, card: "pay" });
    const payment_intent = String((await stripe.checkout.sessions.retrieve(id)).payment_intent);
    await stripe.refunds.create({ payment_intent, amount: 400 });
    await assert.rejects(stripe.refunds.create({ payment_intent, amount: 601 }), { statusCode: 400 });
    const { id: dispute } = await control("dispute", { payment_intent, amount: 600 });
    await assert.rejects(stripe.refunds.create({ payment_intent }), { code: "charge_disputed" });
    await control("close-dispute", { dispute, status: "won" });
    assert.equal((await stripe.disputes.list({ payment_intent })).data[0]?.status, "won");
    assert.equal((await stripe.refunds.list({ payment_intent })).data.length, 1);
  });

  it("connects who is to be paid, pays them what there is, and takes it back", async () => {
    const { stripe, control, sent } = newAccount();
    const account = await stripe.v2.core.accounts.create({
      contact_email: "eve@example.com",
      configuration: { recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } } },
    });
    const pay = () => stripe.transfers.create({ amount: 700, currency: "usd", destination: account.id });
    await assert.rejects(pay(), { code: "insufficient_capabilities_for_transfer" });
    const link = await stripe.v2.core.accountLinks.create({
      account: account.id,
      use_case: {
        type: "account_onboarding",
        account_onboarding: {
          refresh_url: "http://localhost/again",
          return_url: "http://localhost/earned",
        },
      },
    });
    const body = new URLSearchParams({ do: "finish" });
    const left = await fetch(link.url, { method: "POST", body, redirect: "manual" });
    assert.equal(left.headers.get("location"), "http://localhost/earned");
    const found = await stripe.v2.core.accounts.retrieve(account.id, { include: ["configuration.recipient"] });
    assert.equal(found.configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers?.status, "active");
    const thin = (await sent()).at(-1);
    assert(thin);
    const told = await stripe.parseEventNotificationAsync(thin.body, thin.signature, secret);
    assert.match(told.type, /capability_status_updated/);
    await assert.rejects(pay(), { code: "balance_insufficient" });
    const { id } = await stripe.checkout.sessions.create(pack);
    await control("pay", { session: id, card: "pay" });
    const transfer = await pay();
    await stripe.transfers.createReversal(transfer.id, { amount: 200 });
    const { available } = await stripe.balance.retrieve({}, { stripeAccount: account.id });
    assert.deepEqual(available, [{ amount: 500, currency: "usd" }]);
    await assert.rejects(stripe.transfers.createReversal(transfer.id, { amount: 501 }), { statusCode: 400 });
  });
});

describe("webhooks", () => {
  it("are sent until they are taken, and again after a restart", async () => {
    const taken: string[] = [];
    let isUp = false;
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    const product = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      await Stripe.webhooks.constructEventAsync(body, String(request.headers["stripe-signature"]), secret);
      if (!isUp) return void response.writeHead(503).end(() => resolve());
      taken.push((JSON.parse(body) as Stripe.Event).type);
      response.end();
    });
    await new Promise<void>((listening) => product.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${(product.address() as AddressInfo).port}/api/stripe/webhook`;
    const file = join(tmpdir(), `stripe-${process.pid}.json`);
    const first = await startStripeStandIn({ file, endpoint: { url, secret } });
    const { stripe } = newAccount(first);
    const session = await stripe.checkout.sessions.create(pack);
    await stripe.checkout.sessions.expire(session.id);
    await heard;
    await first.close();
    isUp = true;
    const second = await startStripeStandIn({ file, endpoint: { url, secret } });
    try {
      while (taken.length === 0) await new Promise((later) => setImmediate(later));
      assert.deepEqual(taken, ["checkout.session.expired"]);
      assert.equal((await newAccount(second).stripe.checkout.sessions.retrieve(session.id)).status, "expired");
    } finally {
      await second.close();
      product.close();
      product.closeAllConnections();
      rmSync(file);
    }
  });
});
