import type Stripe from "stripe";
import type {
  InvoiceState,
  PayeeState,
  PaymentState,
  SessionState,
  State,
  Subject,
  SubscriptionState,
  TransferState,
} from "../processor.ts";

const idOf = (value: string | { id: string } | null | undefined): string | null =>
  typeof value === "string" ? value : (value?.id ?? null);
const ms = (seconds: number) => seconds * 1_000;

/** The most that is read of what belongs to one object, which Stripe lists newest first: refunds of a payment, reversals of a transfer. */
const limit = 100;

/** Disputes in which money was taken; a mere inquiry takes none. */
const disputeStates: Record<string, PaymentState["disputes"][number]["state"]> = {
  needs_response: "open",
  under_review: "open",
  appeal_needs_response: "open",
  appeal_under_review: "open",
  won: "won",
  lost: "lost",
};

async function readInvoice(stripe: Stripe, id: string): Promise<InvoiceState> {
  const invoice = await stripe.invoices.retrieve(id);
  const [line] = invoice.lines.data;
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return {
    kind: "invoice",
    id: invoice.id ?? id,
    checkout: invoice.parent?.subscription_details?.metadata?.checkout ?? null,
    number: invoice.number,
    status: invoice.status ?? "draft",
    isPaid: invoice.status === "paid",
    currency: invoice.currency,
    subtotal: invoice.subtotal,
    tax,
    total: invoice.total,
    url: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    createdAt: ms(invoice.created),
    period: { start: ms(line?.period.start ?? invoice.period_start), end: ms(line?.period.end ?? invoice.period_end) },
  };
}

/** The invoice that a payment pays; null for one that stands alone. */
async function invoiceOf(stripe: Stripe, payment: string): Promise<InvoiceState | null> {
  const { data } = await stripe.invoicePayments.list({ payment: { type: "payment_intent", payment_intent: payment } });
  const invoice = idOf(data[0]?.invoice);
  return invoice === null ? null : readInvoice(stripe, invoice);
}

async function readPayment(stripe: Stripe, id: string): Promise<PaymentState> {
  const [intent, refunds, disputes, invoice] = await Promise.all([
    stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] }),
    stripe.refunds.list({ payment_intent: id, limit }),
    stripe.disputes.list({ payment_intent: id, limit }),
    invoiceOf(stripe, id),
  ]);
  const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : null;
  return {
    kind: "payment",
    id,
    checkout: intent.metadata.checkout ?? invoice?.checkout ?? null,
    invoice,
    isPaid: intent.status === "succeeded",
    currency: intent.currency,
    amount: intent.amount,
    receiptUrl: charge?.receipt_url ?? null,
    createdAt: ms(intent.created),
    refunds: refunds.data.toReversed().map((refund) => ({
      id: refund.id,
      amount: refund.amount,
      isFailed: refund.status === "failed" || refund.status === "canceled",
    })),
    disputes: disputes.data.toReversed().flatMap((dispute) => {
      const state = disputeStates[dispute.status];
      return state ? [{ id: dispute.id, amount: dispute.amount, state }] : [];
    }),
  };
}

async function readSession(stripe: Stripe, id: string): Promise<SessionState> {
  const session = await stripe.checkout.sessions.retrieve(id);
  const [payment, invoice] = [idOf(session.payment_intent), idOf(session.invoice)];
  const isPaid = session.status === "complete" && session.payment_status !== "unpaid";
  const next: Subject | null = payment
    ? { kind: "payment", id: payment }
    : invoice
      ? { kind: "invoice", id: invoice }
      : null;
  return {
    kind: "session",
    id,
    checkout: session.client_reference_id,
    status: isPaid ? "paid" : session.status === "expired" ? "expired" : "open",
    subscription: idOf(session.subscription),
    next,
  };
}

async function readSubscription(stripe: Stripe, id: string): Promise<SubscriptionState> {
  const { metadata, status } = await stripe.subscriptions.retrieve(id);
  const isOver = ["canceled", "incomplete_expired", "unpaid"].includes(status);
  return { kind: "subscription", id, checkout: metadata.checkout ?? null, isOver };
}

async function readTransfer(stripe: Stripe, id: string): Promise<TransferState> {
  const [transfer, reversals] = await Promise.all([
    stripe.transfers.retrieve(id),
    stripe.transfers.listReversals(id, { limit }),
  ]);
  return {
    kind: "transfer",
    id,
    call: transfer.metadata.call ?? null,
    amount: transfer.amount,
    reversals: reversals.data.toReversed().map(({ id: reversal, amount }) => ({ id: reversal, amount })),
  };
}

/** Whether an account may be paid stands in the status of what it can do, and nowhere else. */
async function readPayee(stripe: Stripe, id: string): Promise<PayeeState> {
  const account = await stripe.v2.core.accounts.retrieve(id, { include: ["configuration.recipient"] });
  const transfers = account.configuration?.recipient?.capabilities?.stripe_balance?.stripe_transfers;
  return { kind: "payee", id, isReady: transfers?.status === "active" };
}

const readers: { [K in Subject["kind"]]: (stripe: Stripe, id: string) => Promise<State> } = {
  payment: readPayment,
  invoice: readInvoice,
  session: readSession,
  subscription: readSubscription,
  transfer: readTransfer,
  payee: readPayee,
};

/** What is true of an object now. */
export const readState = (stripe: Stripe, { kind, id }: Subject): Promise<State> => readers[kind](stripe, id);
