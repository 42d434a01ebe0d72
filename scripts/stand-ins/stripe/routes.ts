import type Stripe from "stripe";
import { expireSession, linesOf, openSession } from "./act-checkout.ts";
import { pay, refund, requirePaid } from "./act-pay.ts";
import { cancelSubscription, keepSubscription, renewDue } from "./act-subscribe.ts";
import { type Asked, listed, type Routes, read } from "./asked.ts";
import { invalid, missing } from "./failure.ts";
import { amountIn, isSet, metadataIn, type Params, paramsIn, requiredIn, textIn, wholeIn } from "./form.ts";
import { connectRoutes } from "./routes-connect.ts";
import { newPortal } from "./shapes-checkout.ts";
import { newCard, newCustomer, newPrice, newProduct, testCards } from "./shapes-people.ts";
import { page, type StripeStore } from "./store.ts";

/** The card by which a customer is charged who is not there. */
function cardOf(store: StripeStore, params: Params, customer: string | null): Stripe.PaymentMethod {
  const given = textIn(params, "payment_method");
  const known = customer ? store.get("customer", customer).invoice_settings.default_payment_method : null;
  const id = given ?? known;
  if (id === null)
    throw invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      param: "payment_method",
    });
  return store.get("payment_method", String(id));
}

function createPayment({ store, params, origin }: Asked): object {
  if (!isSet(params, "confirm"))
    throw invalid("This stand-in makes payments that are confirmed at once: send confirm=true.", { param: "confirm" });
  const customer = textIn(params, "customer");
  const intent = pay(store, {
    amount: amountIn(params, "amount"),
    currency: requiredIn(params, "currency"),
    customer,
    metadata: metadataIn(params),
    description: textIn(params, "description"),
    method: cardOf(store, params, customer),
    origin,
    isPresent: !isSet(params, "off_session"),
  });
  return requirePaid(intent);
}

/** A payment, with its charge where that is asked for. */
function readPayment({ store, query, ids: [id = ""] }: Asked): object {
  const intent = store.get("payment_intent", id);
  const isWhole = [...query].some(([name, value]) => name.startsWith("expand") && value === "latest_charge");
  const charge = typeof intent.latest_charge === "string" ? store.get("charge", intent.latest_charge) : null;
  return isWhole ? { ...intent, latest_charge: charge } : intent;
}

function updateSubscription({ store, params, ids: [id = ""] }: Asked): object {
  const wanted = textIn(params, "cancel_at_period_end");
  if (wanted === null) throw invalid("This stand-in changes cancel_at_period_end alone.");
  return wanted === "true" ? cancelSubscription(store, id, "at_period_end") : keepSubscription(store, id);
}

function advance({ store, params, origin, ids: [id = ""] }: Asked): object {
  const clock = store.get("test_clock", id);
  const frozen_time = amountIn(params, "frozen_time");
  if (frozen_time <= clock.frozen_time) throw invalid("A test clock only goes forward.", { param: "frozen_time" });
  const ready = store.put("test_clock", { ...clock, frozen_time });
  renewDue(store, origin);
  store.emit("test_helpers.test_clock.ready", ready);
  return ready;
}

const createClock = ({ store, params }: Asked) =>
  store.put("test_clock", {
    id: store.newId("clock"),
    object: "test_helpers.test_clock",
    created: store.now(),
    deletes_after: store.now() + 30 * 86_400,
    frozen_time: amountIn(params, "frozen_time"),
    livemode: false,
    name: textIn(params, "name"),
    status: "ready",
    status_details: {},
  });

/** A price without a product of its own. */
const createPrice = ({ store, params }: Asked) =>
  newPrice(store, {
    product: store.get("product", requiredIn(params, "product")).id,
    currency: requiredIn(params, "currency"),
    amount: amountIn(params, "unit_amount"),
    interval: textIn(paramsIn(params, "recurring"), "interval") as Stripe.Price.Recurring.Interval | null,
  });

/** The payments of invoices, found by the payment or by the invoice. */
function invoicePayments({ store, query }: Asked): object {
  const [intent, invoice] = [query.get("payment[payment_intent]"), query.get("invoice")];
  const found = store
    .all("invoice_payment")
    .filter((each) => (!intent || each.payment.payment_intent === intent) && (!invoice || each.invoice === invoice));
  return page("/v1/invoice_payments", found, query);
}

const attach = ({ store, params, ids: [id = ""] }: Asked) => {
  const customer = store.get("customer", requiredIn(params, "customer"));
  const number = Object.entries(testCards).find(([, each]) => id === `pm_card_${each.slice(-4)}`)?.[1] ?? testCards.pay;
  const method = newCard(store, customer.id, number);
  const invoice_settings = { ...customer.invoice_settings, default_payment_method: method.id };
  store.put("customer", { ...customer, invoice_settings });
  return method;
};

export const routes: Routes = {
  "POST /v1/customers": ({ store, params }) =>
    newCustomer(store, {
      email: textIn(params, "email"),
      name: textIn(params, "name"),
      metadata: metadataIn(params),
      testClock: textIn(params, "test_clock"),
    }),
  "GET /v1/customers": listed("customer", ["email"]),
  "GET /v1/customers/:id": read("customer"),
  "POST /v1/payment_methods/:id/attach": attach,
  "POST /v1/products": ({ store, params }) => newProduct(store, requiredIn(params, "name"), metadataIn(params)),
  "GET /v1/products/:id": read("product"),
  "POST /v1/prices": createPrice,
  "GET /v1/prices/:id": read("price"),
  "POST /v1/checkout/sessions": ({ store, params, origin }) => openSession(store, params, origin),
  "GET /v1/checkout/sessions": listed("checkout.session", ["customer", "payment_intent", "subscription"]),
  "GET /v1/checkout/sessions/:id": read("checkout.session"),
  "GET /v1/checkout/sessions/:id/line_items": ({ store, query, ids: [id = ""] }) =>
    page(`/v1/checkout/sessions/${id}/line_items`, linesOf(store, id), query),
  "POST /v1/checkout/sessions/:id/expire": ({ store, ids: [id = ""] }) => expireSession(store, id),
  "POST /v1/billing_portal/sessions": ({ store, params, origin }) =>
    newPortal(store, {
      customer: store.get("customer", requiredIn(params, "customer")).id,
      returnUrl: textIn(params, "return_url"),
      origin,
    }),
  "POST /v1/payment_intents": createPayment,
  "GET /v1/payment_intents": listed("payment_intent", ["customer"]),
  "GET /v1/payment_intents/:id": readPayment,
  "GET /v1/charges/:id": read("charge"),
  "POST /v1/refunds": ({ store, params }) =>
    refund(store, {
      intent: textIn(params, "payment_intent"),
      charge: textIn(params, "charge"),
      amount: wholeIn(params, "amount"),
      metadata: metadataIn(params),
      reason: textIn(params, "reason") as Stripe.Refund.Reason | null,
    }),
  "GET /v1/refunds": listed("refund", ["payment_intent", "charge"]),
  "GET /v1/refunds/:id": read("refund"),
  "GET /v1/disputes": listed("dispute", ["payment_intent", "charge"]),
  "GET /v1/disputes/:id": read("dispute"),
  "GET /v1/invoices": listed("invoice", ["customer", "status"]),
  "GET /v1/invoices/:id": read("invoice"),
  "GET /v1/invoice_payments": invoicePayments,
  "GET /v1/subscriptions": listed("subscription", ["customer", "status"]),
  "GET /v1/subscriptions/:id": read("subscription"),
  "POST /v1/subscriptions/:id": updateSubscription,
  "DELETE /v1/subscriptions/:id": ({ store, ids: [id = ""] }) => cancelSubscription(store, id, "now"),
  "GET /v1/events": listed("event", ["type"]),
  "GET /v1/events/:id": read("event"),
  "POST /v1/test_helpers/test_clocks": createClock,
  "GET /v1/test_helpers/test_clocks/:id": read("test_clock"),
  "POST /v1/test_helpers/test_clocks/:id/advance": advance,
  ...connectRoutes,
};

/** What answers a request, and what its path names. */
export function routeOf(method: string, path: string): { answer: Routes[string]; ids: string[] } {
  for (const [route, answer] of Object.entries(routes)) {
    const [of, pattern = ""] = route.split(" ");
    const found = new RegExp(`^${pattern.replace(/:\w+/g, "([^/]+)")}$`).exec(path);
    if (of === method && found) return { answer, ids: found.slice(1).map(decodeURIComponent) };
  }
  throw missing("route", `${method} ${path}`);
}
