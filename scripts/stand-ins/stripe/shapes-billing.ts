import type Stripe from "stripe";
import type { StripeStore } from "./store.ts";

/** The end of the month that begins at a moment, both in seconds. */
export function monthAfter(start: number): number {
  const date = new Date(start * 1_000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() / 1_000;
}

const planOf = (price: Stripe.Price): Stripe.Plan => ({
  id: price.id,
  object: "plan",
  active: true,
  amount: price.unit_amount,
  amount_decimal: null,
  billing_scheme: "per_unit",
  created: price.created,
  currency: price.currency,
  interval: "month",
  interval_count: 1,
  livemode: false,
  metadata: {},
  meter: null,
  nickname: null,
  product: price.product,
  tiers_mode: null,
  transform_usage: null,
  trial_period_days: null,
  usage_type: "licensed",
});

/** What no subscription of this product has. */
const plainSubscription = {
  application: null,
  application_fee_percent: null,
  billing_cycle_anchor_config: null,
  billing_schedules: [],
  billing_thresholds: null,
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  cancellation_details: null,
  customer_account: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  ended_at: null,
  latest_invoice: null,
  livemode: false,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  payment_settings: null,
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  transfer_data: null,
  trial_end: null,
  trial_settings: null,
  trial_start: null,
} satisfies Partial<Stripe.Subscription>;

export function newSubscription(
  store: StripeStore,
  given: { customer: Stripe.Customer; price: Stripe.Price; metadata: Record<string, string>; taxes: boolean },
): Stripe.Subscription {
  const { customer, price } = given;
  const start = store.now(customer.id);
  const id = store.newId("sub");
  const item: Stripe.SubscriptionItem = {
    id: store.newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: start,
    current_period_end: monthAfter(start),
    current_period_start: start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity: 1,
    subscription: id,
    tax_rates: [],
  };
  return store.put("subscription", {
    id,
    ...plainSubscription,
    object: "subscription",
    automatic_tax: { disabled_reason: null, enabled: given.taxes, liability: null },
    billing_cycle_anchor: start,
    billing_mode: { flexible: null, type: "classic" },
    collection_method: "charge_automatically",
    created: start,
    currency: price.currency,
    customer: customer.id,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: { object: "list", data: [item], has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    metadata: given.metadata,
    start_date: start,
    status: "incomplete",
    test_clock: customer.test_clock ?? null,
  });
}
