import type Stripe from "stripe";
import type { StripeStore } from "./store.ts";

/** What a session is opened with. */
interface NewSession {
  mode: Stripe.Checkout.Session.Mode;
  customer: Stripe.Customer | null;
  reference: string | null;
  currency: string;
  subtotal: number;
  tax: number;
  taxes: boolean;
  metadata: Record<string, string>;
  successUrl: string | null;
  cancelUrl: string | null;
  origin: string;
}

const day = 86_400;

/** What a session that was just opened has not, and one here never has. */
const plainSession = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  customer_account: null,
  customer_details: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: null,
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  wallet_options: null,
} satisfies Partial<Stripe.Checkout.Session>;

export function newSession(store: StripeStore, given: NewSession): Stripe.Checkout.Session {
  const { mode, customer, tax, subtotal } = given;
  const id = store.newId("cs_test");
  const created = store.now(customer?.id);
  return store.put("checkout.session", {
    id,
    ...plainSession,
    object: "checkout.session",
    amount_subtotal: subtotal,
    amount_total: subtotal + tax,
    automatic_tax: {
      enabled: given.taxes,
      liability: null,
      provider: given.taxes ? "stripe" : null,
      status: given.taxes ? "complete" : null,
    },
    cancel_url: given.cancelUrl,
    client_reference_id: given.reference,
    created,
    currency: given.currency,
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: customer?.id ?? null,
    customer_creation: customer ? null : "always",
    customer_email: customer?.email ?? null,
    expires_at: created + day,
    metadata: given.metadata,
    mode,
    payment_method_collection: mode === "subscription" ? "always" : "if_required",
    payment_method_options: {},
    payment_method_types: ["card"],
    payment_status: "unpaid",
    status: "open",
    success_url: given.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: tax },
    ui_mode: "hosted_page",
    url: `${given.origin}/c/pay/${id}`,
  });
}

export function newLineItem(
  store: StripeStore,
  session: Stripe.Checkout.Session,
  { price, name, quantity, tax }: { price: Stripe.Price; name: string; quantity: number; tax: number },
): Stripe.LineItem {
  const subtotal = (price.unit_amount ?? 0) * quantity;
  return store.put("line_item", {
    id: store.newId("li"),
    object: "item",
    session: session.id,
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: subtotal,
    amount_tax: tax,
    amount_total: subtotal + tax,
    currency: price.currency,
    description: name,
    metadata: {},
    price,
    quantity,
  });
}

export const newPortal = (
  store: StripeStore,
  given: { customer: string; returnUrl: string | null; origin: string },
): Stripe.BillingPortal.Session => {
  const id = store.newId("bps");
  return store.put("portal", {
    id,
    object: "billing_portal.session",
    configuration: "bpc_standard",
    created: store.now(),
    customer: given.customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: given.returnUrl,
    url: `${given.origin}/p/session/${id}`,
  });
};
