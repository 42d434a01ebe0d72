import type Stripe from "stripe";
import type { StripeStore } from "./store.ts";

type Metadata = Record<string, string>;

export function newCustomer(
  store: StripeStore,
  given: { email: string | null; name: string | null; metadata: Metadata; testClock: string | null },
): Stripe.Customer {
  const id = store.newId("cus");
  return store.put("customer", {
    id,
    object: "customer",
    address: null,
    balance: 0,
    created: store.now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: given.email,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: given.metadata,
    name: given.name,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: given.testClock,
  });
}

/** The cards with which Stripe's test mode tries things out, by what they do. */
export const testCards = {
  pay: "4242424242424242",
  declined: "4000000000000002",
  declinedLater: "4000000000000341",
  authenticates: "4000002760003184",
  disputed: "4000000000000259",
} as const;

export function newCard(store: StripeStore, customer: string | null, number: string): Stripe.PaymentMethod {
  return store.put("payment_method", {
    id: store.newId("pm"),
    object: "payment_method",
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: "visa",
      checks: null,
      country: "US",
      display_brand: "visa",
      exp_month: 12,
      exp_year: 2034,
      fingerprint: number,
      funding: "credit",
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: ["visa"], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: store.now(),
    customer,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: "card",
  });
}

export const newProduct = (store: StripeStore, name: string, metadata: Metadata): Stripe.Product =>
  store.put("product", {
    id: store.newId("prod"),
    object: "product",
    active: true,
    created: store.now(),
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata,
    name,
    package_dimensions: null,
    shippable: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    updated: store.now(),
    url: null,
  });

export function newPrice(
  store: StripeStore,
  given: { product: string; currency: string; amount: number; interval: Stripe.Price.Recurring.Interval | null },
): Stripe.Price {
  const recurring = given.interval && {
    interval: given.interval,
    interval_count: 1,
    meter: null,
    trial_period_days: null,
    usage_type: "licensed" as const,
  };
  return store.put("price", {
    id: store.newId("price"),
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: store.now(),
    currency: given.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: given.product,
    recurring,
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? "recurring" : "one_time",
    unit_amount: given.amount,
    unit_amount_decimal: null,
  });
}
