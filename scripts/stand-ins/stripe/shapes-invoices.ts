import type Stripe from "stripe";
import type { StripeStore } from "./store.ts";

interface NewInvoice {
  customer: Stripe.Customer;
  subscription: Stripe.Subscription;
  reason: Stripe.Invoice.BillingReason;
  amount: number;
  tax: number;
  description: string;
  period: { start: number; end: number };
  origin: string;
}

function lineOf(store: StripeStore, invoice: string, given: NewInvoice): Stripe.InvoiceLineItem {
  const [item] = given.subscription.items.data;
  return {
    id: store.newId("il"),
    object: "line_item",
    amount: given.amount,
    currency: given.subscription.currency,
    description: given.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: given.subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: null,
        subscription: given.subscription.id,
        subscription_item: item?.id ?? "",
      },
      type: "subscription_item_details",
    },
    period: given.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: item?.price.id ?? "", product: String(item?.price.product) },
      type: "price_details",
      unit_amount_decimal: null,
    },
    quantity: 1,
    quantity_decimal: null,
    subscription: given.subscription.id,
    subtotal: given.amount,
    taxes: [],
  };
}

/** A number as Stripe gives it: the customer's prefix, and how many they have had. */
function nextNumber(store: StripeStore, customer: Stripe.Customer): string {
  const sequence = customer.next_invoice_sequence ?? 1;
  store.put("customer", { ...customer, next_invoice_sequence: sequence + 1 });
  return `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`;
}

/** What is the same of all invoices here. */
const plainInvoice = {
  account_country: "US",
  account_name: "Understudy (stand-in)",
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  auto_advance: true,
  automatically_finalizes_at: null,
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: "none",
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  ending_balance: 0,
  footer: null,
  from_invoice: null,
  issuer: { type: "self" },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  metadata: {},
  next_payment_attempt: null,
  on_behalf_of: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
} satisfies Partial<Stripe.Invoice>;

function taxesOf(amount: number, tax: number): Stripe.Invoice.TotalTax[] {
  if (tax === 0) return [];
  return [
    {
      amount: tax,
      tax_behavior: "exclusive",
      tax_rate_details: { tax_rate: "txr_standard" },
      taxability_reason: "standard_rated",
      taxable_amount: amount,
      type: "tax_rate_details",
    },
  ];
}

/** An open invoice of a subscription, with its number. */
export function newInvoice(store: StripeStore, given: NewInvoice): Stripe.Invoice {
  const { customer, subscription, amount, tax, period, origin } = given;
  const id = store.newId("in");
  const total = amount + tax;
  const created = store.now(customer.id);
  return store.put("invoice", {
    id,
    ...plainInvoice,
    object: "invoice",
    amount_due: total,
    amount_remaining: total,
    automatic_tax: {
      disabled_reason: null,
      enabled: subscription.automatic_tax.enabled,
      liability: null,
      provider: null,
      status: subscription.automatic_tax.enabled ? "complete" : null,
    },
    billing_reason: given.reason,
    collection_method: "charge_automatically",
    created,
    currency: subscription.currency,
    customer: customer.id,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    effective_at: created,
    hosted_invoice_url: `${origin}/i/${id}`,
    invoice_pdf: `${origin}/i/${id}/pdf`,
    lines: { object: "list", data: [lineOf(store, id, given)], has_more: false, url: `/v1/invoices/${id}/lines` },
    number: nextNumber(store, customer),
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: "subscription_details",
    },
    period_end: period.end,
    period_start: period.start,
    status: "open",
    status_transitions: { finalized_at: created, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: amount,
    subtotal_excluding_tax: amount,
    test_clock: customer.test_clock ?? null,
    total,
    total_excluding_tax: amount,
    total_taxes: taxesOf(amount, tax),
    webhooks_delivered_at: created,
  });
}

/** That an invoice was paid by a payment. */
export const newInvoicePayment = (store: StripeStore, invoice: Stripe.Invoice, intent: string): Stripe.InvoicePayment =>
  store.put("invoice_payment", {
    id: store.newId("inpay"),
    object: "invoice_payment",
    amount_paid: invoice.total,
    amount_requested: invoice.total,
    created: store.now(String(invoice.customer)),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent, type: "payment_intent" },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: store.now(String(invoice.customer)) },
  });
