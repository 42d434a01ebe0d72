import type { StoredCall } from "../../db/billing-values.ts";

/** What a processor is asked to do with money. Each is done at most once under its key. */
export type Call = StoredCall;

/** What a processor told, once it is known that it was the processor. */
export interface Told {
  id: string;
  type: string;
  /** The connected account that it is about; null for our own. */
  account: string | null;
  /** What to read to know what is true; null for what is none of our business. */
  subject: Subject | null;
}

/** An object of the processor's whose state is read anew: what was told of it may be old by now, and come in any order. */
export type Subject = { kind: "payment" | "invoice" | "session" | "subscription" | "transfer" | "payee"; id: string };

interface GivenBack {
  id: string;
  amount: number;
}

export interface PaymentState {
  kind: "payment";
  id: string;
  /** Ours, under which it was made; null for one that is not ours. */
  checkout: string | null;
  /** The invoice that it pays. */
  invoice: InvoiceState | null;
  isPaid: boolean;
  currency: string;
  amount: number;
  receiptUrl: string | null;
  /** In ms. */
  createdAt: number;
  refunds: (GivenBack & { isFailed: boolean })[];
  disputes: (GivenBack & { state: "open" | "won" | "lost" })[];
}

export interface InvoiceState {
  kind: "invoice";
  id: string;
  checkout: string | null;
  number: string | null;
  status: string;
  isPaid: boolean;
  currency: string;
  subtotal: number;
  tax: number;
  total: number;
  url: string | null;
  pdfUrl: string | null;
  createdAt: number;
  /** What it pays for, in ms. */
  period: { start: number; end: number };
}

export interface SessionState {
  kind: "session";
  id: string;
  checkout: string | null;
  status: "open" | "paid" | "expired";
  subscription: string | null;
  /** What it came to, whose states tell of the money. */
  next: Subject | null;
}

export interface SubscriptionState {
  kind: "subscription";
  id: string;
  checkout: string | null;
  isOver: boolean;
}

export interface TransferState {
  kind: "transfer";
  id: string;
  /** Our call that made it. */
  call: string | null;
  amount: number;
  reversals: GivenBack[];
}

export interface PayeeState {
  kind: "payee";
  id: string;
  isReady: boolean;
}

/** What is true of an object now. */
export type State = PaymentState | InvoiceState | SessionState | SubscriptionState | TransferState | PayeeState;

/** What a page where something is bought is opened with. */
export interface CheckoutAsk {
  checkout: string;
  customer: string;
  name: string;
  currency: string;
  amount: number;
  isMonthly: boolean;
  successUrl: string;
  cancelUrl: string;
}

/** Somebody who moves money in and out. Whatever changes something takes a key, under which it is done at most once. Throws `ProcessorFailure`. */
export interface Processor {
  readonly name: "stripe";
  createCustomer(key: string, of: { account: string; email: string | null }): Promise<string>;
  createCheckout(key: string, ask: CheckoutAsk): Promise<{ id: string; url: string }>;
  createPortal(customer: string, returnUrl: string): Promise<string>;
  /** Ends a plan now; one that has ended stays so. */
  endPlan(subscription: string): Promise<void>;
  createPayee(key: string, of: { account: string; email: string | null; name: string }): Promise<string>;
  /** Where a payee says who they are. */
  onboardPayee(payee: string, urls: { returnUrl: string; refreshUrl: string }): Promise<string>;
  /** Does what is asked; returns the id of what came of it. */
  send(key: string, call: Call): Promise<string>;
  /** Looks for what a call made, by its key, since a moment; null where there is nothing. */
  find(key: string, call: Call, since: number): Promise<string | null>;
  /** Reads what came in. Throws `ProcessorFailure` for what the processor did not sign, or long ago. */
  verify(body: string, signature: string): Promise<Told>;
  /** Reads it once more, of what was verified when it came. */
  parse(body: string): Told;
  read(subject: Subject): Promise<State>;
}

/** What went wrong at a processor. `refused`: it was surely not done, and is not by being asked again. `unclear`: nobody knows. */
export class ProcessorFailure extends Error {
  override name = "ProcessorFailure";
  readonly kind: "refused" | "unclear";
  readonly code: string;

  constructor(kind: "refused" | "unclear", code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
  }
}
