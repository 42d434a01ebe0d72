import type { BoughtOffer, StoredEffect } from "../db/billing-values.ts";
import type { InvoiceState, PaymentState, State, TransferState } from "./processors/processor.ts";

/** One thing that a wallet is told, once. */
export type WalletEffect = StoredEffect;

/** Where effects are applied. One that was applied before does nothing, and one may come while another is under way. */
export interface Wallets {
  apply(effect: WalletEffect): Promise<void>;
}

/** What we know of what a state is about: what was bought, or who is paid. */
export interface Known {
  purchase: { id: string; account: string; kind: "pack" | "plan" | "top_up"; offer: BoughtOffer } | null;
  payout: { account: string; payout: string; amount: number; microCredits: number } | null;
}

/** A part of credits for a part of money, rounded down to a whole micro-credit. */
export function partOf(microCredits: number, part: number, whole: number): number {
  return Number((BigInt(microCredits) * BigInt(part)) / BigInt(whole));
}

/** When what a plan gave for a period ends: with it, or with the one after. */
function endOf({ start, end }: InvoiceState["period"], rollover: BoughtOffer["rollover"]): number {
  return rollover === "one_period" ? end + (end - start) : end;
}

type Purchase = NonNullable<Known["purchase"]>;

/** Money that is less, or another, than what was bought is nobody's to book without a look. */
function requirePrice({ offer }: Purchase, { id, currency, amount }: { id: string; currency: string; amount: number }) {
  if (currency === offer.currency && amount >= offer.amount) return;
  throw new Error(`${id} is of ${amount} ${currency}, and ${offer.id} costs ${offer.amount} ${offer.currency}.`);
}

function fundedBy(purchase: Purchase, of: { id: string; currency: string; amount: number }): WalletEffect {
  const { account, kind, offer } = purchase;
  requirePrice(purchase, of);
  const details = { purchase: purchase.id, offer: offer.id, source: kind, currency: of.currency, amount: of.amount };
  return { id: `stripe:${of.id}:fund`, account, details, kind: "fund", microCredits: offer.microCredits };
}

function grantedBy(purchase: Purchase, invoice: InvoiceState): WalletEffect {
  const { account, offer } = purchase;
  requirePrice(purchase, { id: invoice.id, currency: invoice.currency, amount: invoice.total });
  const details = {
    purchase: purchase.id,
    offer: offer.id,
    source: "plan",
    currency: invoice.currency,
    amount: invoice.total,
  };
  const expiresAt = endOf(invoice.period, offer.rollover);
  return {
    id: `stripe:${invoice.id}:grant`,
    account,
    details,
    kind: "grant",
    microCredits: offer.microCredits,
    expiresAt,
  };
}

/**
 * What went back to whoever paid. Of parts one after another each takes what they come to together, less what those before did: so all of it takes all credits. One that the bank sent back
 * keeps its place, so that nothing of the others changes.
 */
function takenBack({ account, offer }: Purchase, payment: PaymentState): WalletEffect[] {
  let sum = 0;
  return payment.refunds.flatMap(({ id, amount, isFailed }): WalletEffect[] => {
    const before = partOf(offer.microCredits, sum, payment.amount);
    sum += amount;
    const microCredits = partOf(offer.microCredits, sum, payment.amount) - before;
    const shared = { account, details: { payment: payment.id, processor_id: id, amount } };
    const refund = `stripe:${id}:refund`;
    const taken: WalletEffect = { ...shared, id: refund, kind: "refund", microCredits };
    return isFailed ? [taken, { ...shared, id: `${refund}_failed`, kind: "refund_failed", refund }] : [taken];
  });
}

function disputed({ account, offer }: Purchase, payment: PaymentState): WalletEffect[] {
  return payment.disputes.flatMap(({ id, amount, state }): WalletEffect[] => {
    const shared = { account, details: { payment: payment.id, processor_id: id, amount } };
    const dispute = `stripe:${id}:dispute`;
    const microCredits = partOf(offer.microCredits, amount, payment.amount);
    const held: WalletEffect = { ...shared, id: dispute, kind: "dispute_hold", microCredits };
    if (state === "open") return [held];
    return [held, { ...shared, id: `${dispute}_${state}`, kind: `dispute_${state}`, dispute }];
  });
}

function ofPayment(payment: PaymentState, purchase: Known["purchase"]): WalletEffect[] {
  if (!purchase || !payment.isPaid) return [];
  const { id, currency, amount, invoice } = payment;
  const given = invoice ? grantedBy(purchase, invoice) : fundedBy(purchase, { id, currency, amount });
  return [given, ...takenBack(purchase, payment), ...disputed(purchase, payment)];
}

function ofTransfer({ id, reversals }: TransferState, known: Known["payout"]): WalletEffect[] {
  if (!known) return [];
  const { account, payout, amount: whole } = known;
  const details = { transfer: id };
  const paid: WalletEffect = {
    id: `stripe:${id}:payout`,
    account,
    details,
    kind: "payout_paid",
    payout,
    microCredits: known.microCredits,
  };
  const back = reversals.map(({ id: reversal, amount }): WalletEffect => {
    const microCredits = partOf(known.microCredits, amount, whole);
    return {
      id: `stripe:${reversal}:payout_reversed`,
      account,
      details,
      kind: "payout_reversed",
      payout,
      microCredits,
    };
  });
  return [paid, ...back];
}

/**
 * What follows for wallets from what is true of an object: all of it, in the order in which it has to be applied. As each effect has an id of its own, it does not matter how often,
 * or after which of several events, this is worked out.
 */
export function effectsOf(state: State, { purchase, payout }: Known): WalletEffect[] {
  if (state.kind === "payment") return ofPayment(state, purchase);
  if (state.kind === "invoice") return purchase && state.isPaid ? [grantedBy(purchase, state)] : [];
  return state.kind === "transfer" ? ofTransfer(state, payout) : [];
}
