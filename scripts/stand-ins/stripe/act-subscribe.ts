import type Stripe from "stripe";
import { pay } from "./act-pay.ts";
import { monthAfter, newSubscription } from "./shapes-billing.ts";
import { newInvoice, newInvoicePayment } from "./shapes-invoices.ts";
import type { StripeStore } from "./store.ts";

/** What is asked on top where taxes are worked out: 19 %. */
export const taxOn = (amount: number) => Math.round((amount * 19) / 100);

const itemOf = (subscription: Stripe.Subscription): Stripe.SubscriptionItem => {
  const [item] = subscription.items.data;
  if (!item) throw new Error(`${subscription.id} has no item.`);
  return item;
};

/** The card that a subscription, or else its customer, is paid by. */
function methodOf(store: StripeStore, { default_payment_method, customer }: Stripe.Subscription) {
  const own = store.get("customer", String(customer)).invoice_settings.default_payment_method;
  return store.get("payment_method", String(own ?? default_payment_method));
}

/** Makes the invoice of a period and charges for it. The invoice stays open where the card does not pay. */
function bill(
  store: StripeStore,
  subscription: Stripe.Subscription,
  how: { reason: Stripe.Invoice.BillingReason; origin: string; isPresent: boolean; method: Stripe.PaymentMethod },
): Stripe.Invoice {
  const { price, current_period_start: start, current_period_end: end } = itemOf(subscription);
  const customer = store.get("customer", String(subscription.customer));
  const product = store.get("product", String(price.product));
  const amount = price.unit_amount ?? 0;
  const tax = subscription.automatic_tax.enabled ? taxOn(amount) : 0;
  const description = `1 × ${product.name}`;
  const invoice = newInvoice(store, {
    customer,
    subscription,
    amount,
    tax,
    description,
    period: { start, end },
    ...how,
  });
  store.emit("invoice.created", invoice);
  store.emit("invoice.finalized", invoice);
  const intent = pay(store, {
    amount: invoice.total,
    currency: invoice.currency,
    customer: customer.id,
    metadata: {},
    description: "Subscription update",
    ...how,
  });
  if (intent.status !== "succeeded") {
    const failed = store.put("invoice", { ...invoice, attempted: true, attempt_count: 1 });
    store.emit("invoice.payment_failed", failed);
    return failed;
  }
  return settle(store, invoice, intent.id);
}

function settle(store: StripeStore, invoice: Stripe.Invoice, intent: string): Stripe.Invoice {
  const payment = newInvoicePayment(store, invoice, intent);
  const url = `/v1/invoice_payments?invoice=${invoice.id}`;
  const paid = store.put("invoice", {
    ...invoice,
    amount_paid: invoice.total,
    amount_remaining: 0,
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
    payments: { object: "list", data: [payment], has_more: false, url },
    status: "paid",
    status_transitions: { ...invoice.status_transitions, paid_at: store.now(String(invoice.customer)) },
  });
  store.emit("invoice_payment.paid", payment);
  store.emit("invoice.paid", paid);
  store.emit("invoice.payment_succeeded", paid);
  return paid;
}

/** Begins a subscription with its first invoice; null where the card does not pay for it. */
export function subscribe(
  store: StripeStore,
  given: Parameters<typeof newSubscription>[1] & { method: Stripe.PaymentMethod; origin: string },
): { subscription: Stripe.Subscription; invoice: Stripe.Invoice } | null {
  const made = newSubscription(store, given);
  const { method, origin } = given;
  const invoice = bill(store, made, { reason: "subscription_create", origin, isPresent: true, method });
  if (invoice.status !== "paid") {
    store.put("subscription", { ...made, status: "incomplete_expired" });
    return null;
  }
  const subscription = store.put("subscription", {
    ...made,
    status: "active",
    default_payment_method: method.id,
    latest_invoice: invoice.id,
  });
  store.emit("customer.subscription.created", subscription);
  return { subscription, invoice };
}

/** Ends a subscription, now or with the period that is paid for. */
export function cancelSubscription(store: StripeStore, id: string, when: "now" | "at_period_end"): Stripe.Subscription {
  const subscription = store.get("subscription", id);
  const now = store.now(String(subscription.customer));
  if (when === "at_period_end") {
    const cancel_at = itemOf(subscription).current_period_end;
    const changed = store.put("subscription", {
      ...subscription,
      cancel_at_period_end: true,
      cancel_at,
      canceled_at: now,
    });
    store.emit("customer.subscription.updated", changed);
    return changed;
  }
  const ended = store.put("subscription", { ...subscription, status: "canceled", canceled_at: now, ended_at: now });
  store.emit("customer.subscription.deleted", ended);
  return ended;
}

/** Keeps a subscription that was to end with its period. */
export function keepSubscription(store: StripeStore, id: string): Stripe.Subscription {
  const subscription = store.get("subscription", id);
  const kept = store.put("subscription", {
    ...subscription,
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
  });
  store.emit("customer.subscription.updated", kept);
  return kept;
}

/** The next period of a subscription whose time has come. */
function renew(store: StripeStore, subscription: Stripe.Subscription, origin: string): Stripe.Subscription {
  const item = itemOf(subscription);
  const start = item.current_period_end;
  const next = { ...item, current_period_start: start, current_period_end: monthAfter(start) };
  const begun = store.put("subscription", { ...subscription, items: { ...subscription.items, data: [next] } });
  const method = methodOf(store, begun);
  const invoice = bill(store, begun, { reason: "subscription_cycle", origin, isPresent: false, method });
  const renewed = store.put("subscription", {
    ...begun,
    latest_invoice: invoice.id,
    status: invoice.status === "paid" ? "active" : "past_due",
  });
  store.emit("customer.subscription.updated", renewed);
  return renewed;
}

/** Does what has come due by now: renews, or ends what was to end. */
export function renewDue(store: StripeStore, origin: string): void {
  for (const { id } of store.all("subscription")) {
    for (;;) {
      const subscription = store.get("subscription", id);
      const isDue = itemOf(subscription).current_period_end <= store.now(String(subscription.customer));
      if (!isDue || subscription.status !== "active") break;
      if (subscription.cancel_at_period_end) cancelSubscription(store, id, "now");
      else renew(store, subscription, origin);
    }
  }
}
