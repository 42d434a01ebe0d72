import type Stripe from "stripe";
import type { StripeStore } from "./store.ts";

type Metadata = Record<string, string>;

export const newPaymentIntent = (
  store: StripeStore,
  given: { amount: number; currency: string; customer: string | null; metadata: Metadata; description: string | null },
): Stripe.PaymentIntent =>
  store.put("payment_intent", {
    id: store.newId("pi"),
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: given.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: store.newId("secret"),
    confirmation_method: "automatic",
    created: store.now(given.customer),
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    description: given.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: given.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_group: null,
  });

/** Moves money on the balance of the platform, or of a connected account: its entry. */
export const book = (
  store: StripeStore,
  given: {
    amount: number;
    fee?: number;
    currency: string;
    source: string;
    type: Stripe.BalanceTransaction.Type;
    account?: string;
  },
): string =>
  store.put("balance_transaction", {
    id: store.newId("txn"),
    object: "balance_transaction",
    account: given.account ?? null,
    amount: given.amount,
    available_on: store.now(),
    balance_type: "payments",
    created: store.now(),
    currency: given.currency,
    description: null,
    exchange_rate: null,
    fee: given.fee ?? 0,
    fee_details: [],
    net: given.amount - (given.fee ?? 0),
    reporting_category: given.type,
    source: given.source,
    status: "available",
    type: given.type,
  }).id;

/** What a card's charge costs: 2.9 % and 30. */
const feeOf = (amount: number) => Math.round((amount * 29) / 1_000) + 30;

export function newCharge(
  store: StripeStore,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  origin: string,
): Stripe.Charge {
  const id = store.newId("ch");
  const { amount, currency } = intent;
  const source = { amount, currency, source: id, type: "charge", fee: feeOf(amount) } as const;
  return store.put("charge", {
    id,
    object: "charge",
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: book(store, source),
    billing_details: method.billing_details,
    calculated_statement_descriptor: "UNDERSTUDY",
    captured: true,
    created: store.now(intent.customer as string | null),
    currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: true,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: `${origin}/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "succeeded",
    transfer_data: null,
    transfer_group: intent.transfer_group,
  });
}

export const newRefund = (
  store: StripeStore,
  charge: Stripe.Charge,
  given: { amount: number; metadata: Metadata; reason: Stripe.Refund.Reason | null },
): Stripe.Refund => {
  const id = store.newId("re");
  return store.put("refund", {
    id,
    object: "refund",
    amount: given.amount,
    balance_transaction: book(store, {
      amount: -given.amount,
      currency: charge.currency,
      source: id,
      type: "refund",
    }),
    charge: charge.id,
    created: store.now(charge.customer as string | null),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: given.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: given.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  });
};

const noEvidence = {
  ...{ access_activity_log: null, billing_address: null, cancellation_policy: null },
  ...{ cancellation_policy_disclosure: null, cancellation_rebuttal: null, customer_communication: null },
  ...{ customer_email_address: null, customer_name: null, customer_purchase_ip: null, customer_signature: null },
  ...{ duplicate_charge_documentation: null, duplicate_charge_explanation: null, duplicate_charge_id: null },
  ...{ enhanced_evidence: {}, product_description: null, receipt: null, refund_policy: null },
  ...{ refund_policy_disclosure: null, refund_refusal_explanation: null, service_date: null },
  ...{ service_documentation: null, shipping_address: null, shipping_carrier: null, shipping_date: null },
  ...{ shipping_documentation: null, shipping_tracking_number: null, uncategorized_file: null },
  uncategorized_text: null,
} satisfies Stripe.Dispute["evidence"];

export const newDispute = (store: StripeStore, charge: Stripe.Charge, amount: number): Stripe.Dispute =>
  store.put("dispute", {
    id: store.newId("du"),
    object: "dispute",
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: store.now(charge.customer as string | null),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: store.now() + 7 * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: "manual",
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: "fraudulent",
    status: "needs_response",
  });
