import type Stripe from "stripe";
import { invalid, Refusal } from "./failure.ts";
import { book, newCharge, newDispute, newPaymentIntent, newRefund } from "./shapes-payments.ts";
import { testCards } from "./shapes-people.ts";
import type { StripeStore } from "./store.ts";

/** What a payment is for, and where the stand-in's pages are. */
export interface Payment {
  amount: number;
  currency: string;
  customer: string | null;
  metadata: Record<string, string>;
  description: string | null;
  method: Stripe.PaymentMethod;
  origin: string;
  /** Whether the person is there, who can prove that the card is theirs. */
  isPresent: boolean;
}

const declined = (method: Stripe.PaymentMethod): Stripe.PaymentIntent["last_payment_error"] => ({
  code: "card_declined",
  decline_code: "generic_decline",
  message: "Your card was declined.",
  payment_method: method,
  type: "card_error",
});

const unproven = (method: Stripe.PaymentMethod): Stripe.PaymentIntent["last_payment_error"] => ({
  code: "authentication_required",
  decline_code: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
  payment_method: method,
  type: "card_error",
});

/** Why the card does not pay; null where it does. */
function failureOf({ method, isPresent }: Payment): Stripe.PaymentIntent["last_payment_error"] {
  const number = method.card?.fingerprint;
  if (number === testCards.declined || (number === testCards.declinedLater && !isPresent)) return declined(method);
  return number === testCards.authenticates && !isPresent ? unproven(method) : null;
}

/** Charges a card. The payment that comes of it has succeeded, or says why it has not. */
export function pay(store: StripeStore, payment: Payment): Stripe.PaymentIntent {
  const { method, origin } = payment;
  const intent = newPaymentIntent(store, payment);
  store.emit("payment_intent.created", intent);
  const failure = failureOf(payment);
  if (failure) {
    const failed = store.put("payment_intent", { ...intent, last_payment_error: failure });
    store.emit("payment_intent.payment_failed", failed);
    return failed;
  }
  const charge = newCharge(store, intent, method, origin);
  const paid = store.put("payment_intent", {
    ...intent,
    amount_received: intent.amount,
    latest_charge: charge.id,
    payment_method: method.id,
    status: "succeeded",
  });
  store.emit("charge.succeeded", charge);
  store.emit("payment_intent.succeeded", paid);
  if (method.card?.fingerprint === testCards.disputed) dispute(store, charge.id);
  return paid;
}

/** Throws what Stripe answers to who confirmed a payment that failed. */
export function requirePaid(intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const failure = intent.last_payment_error;
  if (!failure) return intent;
  throw new Refusal(402, {
    type: "card_error",
    message: failure.message ?? "Your card was declined.",
    code: failure.code ?? "card_declined",
    ...(failure.decline_code ? { decline_code: failure.decline_code } : {}),
    payment_intent: intent,
  });
}

/** Gives a payment back, or a part of it. */
export function refund(
  store: StripeStore,
  given: {
    intent: string | null;
    charge: string | null;
    amount: number | null;
    metadata: Record<string, string>;
    reason: Stripe.Refund.Reason | null;
  },
): Stripe.Refund {
  const id = given.intent ? store.get("payment_intent", given.intent).latest_charge : given.charge;
  if (typeof id !== "string")
    throw invalid("This payment has no successful charge to refund.", { param: "payment_intent" });
  const charge = store.get("charge", id);
  const left = charge.amount - charge.amount_refunded;
  const amount = given.amount ?? left;
  if (left === 0) throw invalid(`Charge ${id} has already been refunded.`, { code: "charge_already_refunded" });
  if (charge.disputed)
    throw invalid(`Charge ${id} has been charged back; cannot issue a refund.`, { code: "charge_disputed" });
  if (amount > left)
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    });
  const made = newRefund(store, charge, { ...given, amount });
  const refunded = charge.amount_refunded + amount;
  const changed = store.put("charge", { ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
  store.emit("refund.created", made);
  store.emit("charge.refunded", changed);
  return made;
}

/** A refund that the bank sent back: the money is on the balance again. */
export function failRefund(store: StripeStore, id: string): Stripe.Refund {
  const made = store.get("refund", id);
  const charge = store.get("charge", String(made.charge));
  const { amount, currency } = made;
  store.put("charge", { ...charge, amount_refunded: charge.amount_refunded - amount, refunded: false });
  const failed = store.put("refund", {
    ...made,
    status: "failed",
    failure_balance_transaction: book(store, { amount, currency, source: id, type: "refund_failure" }),
    failure_reason: "expired_or_canceled_card",
  });
  store.emit("refund.failed", failed);
  return failed;
}

/** The bank takes a payment back, until it is decided who is right. */
export function dispute(store: StripeStore, chargeId: string, amount?: number): Stripe.Dispute {
  const charge = store.get("charge", chargeId);
  const made = newDispute(store, charge, amount ?? charge.amount);
  const { currency, id } = made;
  book(store, { amount: -made.amount, fee: 1_500, currency, source: id, type: "adjustment" });
  store.put("charge", { ...charge, disputed: true });
  store.emit("charge.dispute.created", made);
  store.emit("charge.dispute.funds_withdrawn", made);
  return made;
}

/** The end of a dispute. */
export function closeDispute(store: StripeStore, id: string, status: "won" | "lost"): Stripe.Dispute {
  const closed = store.put("dispute", { ...store.get("dispute", id), status });
  const { amount, currency } = closed;
  if (status === "won") {
    book(store, { amount, currency, source: id, type: "adjustment" });
    store.emit("charge.dispute.funds_reinstated", closed);
  }
  store.emit("charge.dispute.closed", closed);
  return closed;
}
