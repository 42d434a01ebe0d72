import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import type { Known } from "./effects.ts";
import type { InvoiceState, PaymentState, State } from "./processors/processor.ts";
import { changePayee, endCheckout, keepInvoice, settleCheckout } from "./queries.ts";

type Purchase = NonNullable<Known["purchase"]>;
type Writes = { db: Database; processor: string; asOf: number };

const givenBack = ({ refunds }: PaymentState) =>
  refunds.reduce((sum, { amount, isFailed }) => sum + (isFailed ? 0 : amount), 0);

function invoiceKept(
  { db, processor, asOf }: Writes,
  { id: checkout, account }: Purchase,
  invoice: InvoiceState,
  refunded: number | null,
) {
  const { id, number, status, currency, subtotal, tax, total, url, pdfUrl, createdAt } = invoice;
  const row = { id, processor, account, checkout, number, status, currency, subtotal, tax, total };
  return keepInvoice(
    db,
    { ...row, refunded: refunded ?? 0, url, pdfUrl, createdAt, updatedAt: asOf },
    refunded !== null,
  );
}

/** The receipt of a payment that no invoice asked for. */
function receiptKept(
  { db, processor, asOf }: Writes,
  { id: checkout, account, offer }: Purchase,
  payment: PaymentState,
) {
  const { id, currency, amount: total, receiptUrl: url, createdAt } = payment;
  const tax = total - offer.amount;
  const row = {
    id,
    processor,
    account,
    checkout,
    number: null,
    status: "paid",
    currency,
    subtotal: offer.amount,
    tax,
    total,
  };
  return keepInvoice(db, { ...row, refunded: givenBack(payment), url, pdfUrl: null, createdAt, updatedAt: asOf }, true);
}

function ofPayment(writes: Writes, purchase: Purchase, payment: PaymentState): Statement[] {
  if (!payment.isPaid) return [];
  if (payment.invoice) return [invoiceKept(writes, purchase, payment.invoice, givenBack(payment))];
  return [
    receiptKept(writes, purchase, payment),
    settleCheckout(writes.db, purchase.id, { status: "paid" }, writes.asOf),
  ];
}

/** What to keep of what is true of an object as of a moment: what pages and lists show. */
export function changeOf(
  db: Database,
  processor: string,
  state: State,
  { purchase }: Known,
  asOf: number,
): Statement[] {
  const writes = { db, processor, asOf };
  if (state.kind === "payee") return [changePayee(db, processor, state.id, state.isReady, asOf)];
  if (!purchase) return [];
  switch (state.kind) {
    case "payment":
      return ofPayment(writes, purchase, state);
    case "invoice":
      return [invoiceKept(writes, purchase, state, null)];
    case "session": {
      const { subscription, id: session, status } = state;
      return status === "open" ? [] : [settleCheckout(db, purchase.id, { status, session, subscription }, asOf)];
    }
    case "subscription":
      return state.isOver ? [endCheckout(db, purchase.id, asOf)] : [];
    default:
      return [];
  }
}
