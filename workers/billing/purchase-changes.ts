import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import type { Known } from "./effects.ts";
import type { InvoiceState, PaymentState, State } from "./processors/processor.ts";
import { changePayee, endCheckout, keepInvoice, settleCheckout } from "./queries.ts";

type Purchase = NonNullable<Known["purchase"]>;
type Writes = { db: Database; processor: string; asOf: number };

const givenBack = ({ refunds }: PaymentState) =>
  refunds.reduce((sum, { amount, isFailed }) => sum + (isFailed ? 0 : amount), 0);

/** An invoice, with what paid it where that is known. */
function invoiceKept(
  { db, processor, asOf }: Writes,
  { id: checkout, account }: Purchase,
  { id, number, status, currency, subtotal, tax, total, url, pdfUrl, createdAt }: InvoiceState,
  payment: PaymentState | null,
): Statement {
  const paidBy = { payment: payment?.id ?? null, refunded: payment ? givenBack(payment) : 0 };
  const told = { id, number, status, currency, subtotal, tax, total, url, pdfUrl, createdAt };
  return keepInvoice(db, { ...told, ...paidBy, processor, account, checkout, updatedAt: asOf });
}

/** The receipt of a payment that no invoice asked for. */
function receiptOf(
  { offer }: Purchase,
  { id, currency, amount: total, receiptUrl, createdAt }: PaymentState,
): InvoiceState {
  const subtotal = offer.amount;
  return {
    ...{ kind: "invoice", id, checkout: null, number: null, status: "paid", isPaid: true, currency, subtotal, total },
    ...{
      tax: total - subtotal,
      url: receiptUrl,
      pdfUrl: null,
      createdAt,
      period: { start: createdAt, end: createdAt },
    },
  };
}

function ofPayment(writes: Writes, purchase: Purchase, payment: PaymentState): Statement[] {
  if (!payment.isPaid) return [];
  if (payment.invoice) return [invoiceKept(writes, purchase, payment.invoice, payment)];
  const receipt = invoiceKept(writes, purchase, receiptOf(purchase, payment), payment);
  return [receipt, settleCheckout(writes.db, purchase.id, { status: "paid" }, writes.asOf)];
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
