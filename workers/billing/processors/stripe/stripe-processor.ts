import type Stripe from "stripe";
import type { Config } from "../../../platform/config/config.ts";
import type { CheckoutAsk, Processor } from "../processor.ts";
import { asking } from "./client.ts";
import { readState } from "./read-state.ts";
import { findCall, sendCall } from "./send-call.ts";
import { parseEvent, verifyWebhook } from "./webhook.ts";

function sessionOf(ask: CheckoutAsk): Stripe.Checkout.SessionCreateParams {
  const metadata = { checkout: ask.checkout };
  const price = { currency: ask.currency, unit_amount: ask.amount, product_data: { name: ask.name } };
  const shared = {
    customer: ask.customer,
    client_reference_id: ask.checkout,
    metadata,
    success_url: ask.successUrl,
    cancel_url: ask.cancelUrl,
  };
  if (!ask.isMonthly)
    return {
      ...shared,
      mode: "payment",
      line_items: [{ price_data: price, quantity: 1 }],
      // The card is kept, so that credits can be bought anew when they run out.
      payment_intent_data: { metadata, setup_future_usage: "off_session" },
    };
  return {
    ...shared,
    mode: "subscription",
    line_items: [{ price_data: { ...price, recurring: { interval: "month" } }, quantity: 1 }],
    subscription_data: { metadata },
  };
}

/** Stripe, by its own library. */
export const stripeProcessor = (config: Config): Processor => ({
  name: "stripe",

  createCustomer: (key, { account, email }) =>
    asking(config, async (stripe) => {
      const ask = { metadata: { account }, ...(email === null ? {} : { email }) };
      return (await stripe.customers.create(ask, { idempotencyKey: key })).id;
    }),

  createCheckout: (key, ask) =>
    asking(config, async (stripe) => {
      const { id, url } = await stripe.checkout.sessions.create(sessionOf(ask), { idempotencyKey: key });
      if (!url) throw new Error(`Stripe gave no address for ${id}.`);
      return { id, url };
    }),

  createPortal: (customer, return_url) =>
    asking(config, async (stripe) => (await stripe.billingPortal.sessions.create({ customer, return_url })).url),

  endPlan: (subscription) =>
    asking(config, async (stripe) => {
      const { status } = await stripe.subscriptions.retrieve(subscription);
      if (status !== "canceled" && status !== "incomplete_expired") await stripe.subscriptions.cancel(subscription);
    }),

  createPayee: (key, { account, email, name }) =>
    asking(config, async (stripe) => {
      const made = await stripe.v2.core.accounts.create(
        {
          ...(email === null ? {} : { contact_email: email }),
          display_name: name,
          dashboard: "express",
          defaults: { responsibilities: { fees_collector: "application", losses_collector: "application" } },
          configuration: { recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } } },
          metadata: { account },
        },
        { idempotencyKey: key },
      );
      return made.id;
    }),

  onboardPayee: (account, { returnUrl: return_url, refreshUrl: refresh_url }) =>
    asking(config, async (stripe) => {
      const use_case = { type: "account_onboarding", account_onboarding: { return_url, refresh_url } };
      return (await stripe.v2.core.accountLinks.create({ account, use_case })).url;
    }),

  send: (key, call) => asking(config, (stripe) => sendCall(stripe, key, call)),
  find: (key, call, since) => asking(config, (stripe) => findCall(stripe, key, call, since)),
  verify: (body, signature) => verifyWebhook(body, signature, config.STRIPE_WEBHOOK_SECRET),
  parse: parseEvent,
  read: (subject) => asking(config, (stripe) => readState(stripe, subject)),
});
