import type Stripe from "stripe";
import { book } from "./shapes-payments.ts";
import type { StripeStore } from "./store.ts";

type Metadata = Record<string, string>;

/** An account of somebody who is to be paid, of which nothing is known yet. */
export const newAccount = (
  store: StripeStore,
  given: { email: string | null; name: string | null; country: string | null; metadata: Metadata },
): Stripe.V2.Core.Account =>
  store.put("account", {
    id: store.newId("acct"),
    object: "v2.core.account",
    applied_configurations: ["recipient"],
    configuration: { recipient: recipientWith("restricted") },
    ...(given.email ? { contact_email: given.email } : {}),
    created: new Date().toISOString(),
    dashboard: "express",
    defaults: {
      responsibilities: {
        fees_collector: "application",
        losses_collector: "application",
        requirements_collector: "stripe",
      },
    },
    ...(given.name ? { display_name: given.name } : {}),
    identity: { ...(given.country ? { country: given.country } : {}) },
    livemode: false,
    metadata: given.metadata,
    requirements: { summary: { minimum_deadline: { status: "currently_due" } } },
  });

type Recipient = NonNullable<NonNullable<Stripe.V2.Core.Account["configuration"]>["recipient"]>;

/** What a recipient may have: transfers to its balance, and payouts from there. */
export function recipientWith(status: "active" | "restricted"): Recipient {
  const details =
    status === "active" ? [] : [{ code: "requirements_past_due" as const, resolution: "provide_info" as const }];
  const capability = { status, status_details: details };
  return { applied: true, capabilities: { stripe_balance: { payouts: capability, stripe_transfers: capability } } };
}

export function newTransfer(
  store: StripeStore,
  given: {
    amount: number;
    currency: string;
    destination: string;
    group: string | null;
    source: string | null;
    metadata: Metadata;
    description: string | null;
  },
): Stripe.Transfer {
  const id = store.newId("tr");
  const { amount, currency, destination } = given;
  book(store, { amount, currency, source: id, type: "payment", account: destination });
  return store.put("transfer", {
    id,
    object: "transfer",
    amount,
    amount_reversed: 0,
    balance_transaction: book(store, { amount: -amount, currency, source: id, type: "transfer" }),
    created: store.now(),
    currency,
    description: given.description,
    destination,
    destination_payment: store.newId("py"),
    livemode: false,
    metadata: given.metadata,
    reversals: { object: "list", data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: given.source,
    source_type: "card",
    transfer_group: given.group,
  });
}

export function newReversal(
  store: StripeStore,
  transfer: Stripe.Transfer,
  given: { amount: number; metadata: Metadata },
): Stripe.TransferReversal {
  const id = store.newId("trr");
  const { amount } = given;
  const { currency } = transfer;
  book(store, { amount: -amount, currency, source: id, type: "refund", account: String(transfer.destination) });
  return {
    id,
    object: "transfer_reversal",
    amount,
    balance_transaction: book(store, { amount, currency, source: id, type: "transfer_refund" }),
    created: store.now(),
    currency,
    destination_payment_refund: null,
    metadata: given.metadata,
    source_refund: null,
    transfer: transfer.id,
  };
}

/** A payout of a connected account's balance to its bank. */
export function newPayout(
  store: StripeStore,
  given: { account: string; amount: number; currency: string },
): Stripe.Payout {
  const id = store.newId("po");
  const { account, amount, currency } = given;
  return store.put("payout", {
    id,
    object: "payout",
    account,
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: store.now() + 2 * 86_400,
    automatic: true,
    balance_transaction: book(store, { amount: -amount, currency, source: id, type: "payout", account }),
    created: store.now(),
    currency,
    description: null,
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: "standard",
    original_payout: null,
    payout_method: null,
    reconciliation_status: "not_applicable",
    reversed_by: null,
    source_type: "card",
    statement_descriptor: null,
    status: "in_transit",
    trace_id: null,
    type: "bank_account",
  });
}
