import type Stripe from "stripe";
import { pay } from "./act-pay.ts";
import { subscribe, taxOn } from "./act-subscribe.ts";
import { invalid } from "./failure.ts";
import { amountIn, isSet, listIn, metadataIn, type Params, paramsIn, requiredIn, textIn, wholeIn } from "./form.ts";
import { newLineItem, newSession } from "./shapes-checkout.ts";
import { newCard, newCustomer, newPrice, newProduct } from "./shapes-people.ts";
import type { StripeStore } from "./store.ts";

/** A price as a line of a session names it, or describes it. */
export function priceIn(store: StripeStore, line: Params): Stripe.Price {
  const known = textIn(line, "price");
  if (known) return store.get("price", known);
  const data = paramsIn(line, "price_data");
  const recurring = paramsIn(data, "recurring");
  const described = paramsIn(data, "product_data");
  const product = textIn(data, "product") ?? newProduct(store, requiredIn(described, "name"), metadataIn(described)).id;
  const interval = textIn(recurring, "interval") as Stripe.Price.Recurring.Interval | null;
  return newPrice(store, {
    product,
    currency: requiredIn(data, "currency"),
    amount: amountIn(data, "unit_amount"),
    interval,
  });
}

export function openSession(store: StripeStore, params: Params, origin: string): Stripe.Checkout.Session {
  const mode = requiredIn(params, "mode");
  if (mode !== "payment" && mode !== "subscription") throw invalid(`Invalid mode: ${mode}`, { param: "mode" });
  const lines = listIn(params, "line_items").filter((line) => typeof line === "object");
  if (lines.length === 0) throw invalid("You must provide at least one line item.", { param: "line_items" });
  const priced = lines.map((line) => ({ price: priceIn(store, line), quantity: wholeIn(line, "quantity") ?? 1 }));
  const [{ price: first } = { price: null }] = priced;
  if (mode === "subscription" && !first?.recurring)
    throw invalid("You must provide at least one recurring price in `subscription` mode.", { param: "mode" });
  const taxes = isSet(paramsIn(params, "automatic_tax"), "enabled");
  const subtotal = priced.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * quantity, 0);
  const customer = textIn(params, "customer");
  const session = newSession(store, {
    mode,
    customer: customer ? store.get("customer", customer) : null,
    reference: textIn(params, "client_reference_id"),
    currency: first?.currency ?? "usd",
    subtotal,
    tax: taxes ? taxOn(subtotal) : 0,
    taxes,
    metadata: metadataIn(params),
    successUrl: requiredIn(params, "success_url"),
    cancelUrl: textIn(params, "cancel_url"),
    origin,
  });
  for (const { price, quantity } of priced) {
    const { name } = store.get("product", String(price.product));
    newLineItem(store, session, { price, quantity, name, tax: taxes ? taxOn((price.unit_amount ?? 0) * quantity) : 0 });
  }
  const payment = paramsIn(params, "payment_intent_data");
  store.put("wish", {
    id: session.id,
    payment: metadataIn(payment),
    subscription: metadataIn(paramsIn(params, "subscription_data")),
    saves: textIn(payment, "setup_future_usage") === "off_session",
  });
  return session;
}

export const linesOf = (store: StripeStore, session: string): Stripe.LineItem[] =>
  store
    .all("line_item")
    .filter((line) => line.session === session)
    .map(({ session: _, ...line }) => line)
    .reverse();

/** Keeps a card as that which a customer is charged by when they are not there. */
function remember(store: StripeStore, customer: Stripe.Customer, method: Stripe.PaymentMethod): void {
  const invoice_settings = { ...customer.invoice_settings, default_payment_method: method.id };
  store.put("customer", { ...store.get("customer", customer.id), invoice_settings });
}

/** What a paid session has come to: the payment, or the subscription with its first invoice; null where the card was declined. */
function charge(
  store: StripeStore,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer,
  number: string,
  origin: string,
) {
  const wish = store.get("wish", session.id);
  const method = newCard(store, customer.id, number);
  if (session.mode === "subscription") {
    const price = linesOf(store, session.id)[0]?.price;
    if (!price) throw new Error(`${session.id} has no price.`);
    const { enabled: taxes } = session.automatic_tax;
    const made = subscribe(store, { customer, price, metadata: wish.subscription, taxes, method, origin });
    if (made) remember(store, customer, method);
    return made && { subscription: made.subscription.id, invoice: made.invoice.id };
  }
  const intent = pay(store, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "usd",
    customer: customer.id,
    metadata: wish.payment,
    description: linesOf(store, session.id)[0]?.description ?? null,
    method,
    origin,
    isPresent: true,
  });
  if (intent.status !== "succeeded") return null;
  if (wish.saves) remember(store, customer, method);
  return { payment_intent: intent.id };
}

/** Somebody pays by a card; false where it was declined, and they may try another. */
export function completeSession(store: StripeStore, id: string, number: string, origin: string): boolean {
  const session = store.get("checkout.session", id);
  if (session.status !== "open") throw invalid(`This session is ${session.status}.`);
  const known = session.customer ? store.get("customer", String(session.customer)) : null;
  const customer =
    known ?? newCustomer(store, { email: "customer@example.com", name: null, metadata: {}, testClock: null });
  const made = charge(store, session, customer, number, origin);
  if (!made) return false;
  const complete = store.put("checkout.session", {
    ...session,
    ...made,
    customer: customer.id,
    customer_details: {
      address: null,
      business_name: null,
      email: customer.email,
      individual_name: customer.name ?? null,
      name: customer.name ?? null,
      phone: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    payment_status: "paid",
    status: "complete",
    url: null,
  });
  store.emit("checkout.session.completed", complete);
  return true;
}

export function expireSession(store: StripeStore, id: string): Stripe.Checkout.Session {
  const session = store.get("checkout.session", id);
  if (session.status !== "open") throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired.`);
  const expired = store.put("checkout.session", { ...session, status: "expired", url: null });
  store.emit("checkout.session.expired", expired);
  return expired;
}
