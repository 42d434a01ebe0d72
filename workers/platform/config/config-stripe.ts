import { z } from "zod";
import { address, optional } from "./config-values.ts";

const amount = z.number().int().positive().max(1_000_000_000);
/** Amounts by currency, each in the currency's smallest unit. */
const prices = z
  .record(z.string().regex(/^[a-z]{3}$/, "is no currency: write it as usd"), amount)
  .refine((each) => Object.keys(each).length > 0, "names no price");
const offer = {
  id: z.string().regex(/^[\w-]{1,40}$/, "takes up to 40 letters, digits and dashes"),
  name: z.string().min(1).max(80),
  micro_credits: z.number().int().positive().max(1_000_000_000_000_000),
  prices,
};
const distinct = (offers: readonly { id: string }[]) => new Set(offers.map(({ id }) => id)).size === offers.length;

/** What is sold: packs of credits, and monthly plans. Whoever changes it gives it a new version. */
export const offersShape = z.strictObject({
  version: z.string().min(1).max(40),
  packs: z.array(z.strictObject(offer)).max(20).refine(distinct, "has an id twice"),
  plans: z
    .array(z.strictObject({ ...offer, rollover: z.enum(["none", "one_period"]) }))
    .max(20)
    .refine(distinct, "has an id twice"),
});
export type Offers = z.output<typeof offersShape>;

const ownOffers = optional.transform((value, context): Offers | undefined => {
  if (value === undefined) return undefined;
  const wrong = (what: string) => {
    context.addIssue({
      code: "custom",
      message: `must be offers such as {"version":"2026-12","packs":[{"id":"small","name":"1,000 credits","micro_credits":1000000000,"prices":{"usd":1000}}],"plans":[]}, and it ${what}`,
    });
    return z.NEVER;
  };
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    return wrong("is no JSON");
  }
  const { data, error } = offersShape.safeParse(json);
  if (data) return data;
  const [issue] = error.issues;
  return wrong(`has something wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message}`);
});

/** Stripe, which moves money in and out, and what is sold. */
export const stripeShape = {
  STRIPE_SECRET_KEY: optional,
  /** Several while one is replaced by another, and where thin events come by an endpoint of their own. */
  STRIPE_WEBHOOK_SECRET: optional.transform((value) => value?.split(/[\s,]+/).filter(Boolean) ?? []),
  STRIPE_BASE_URL: address.pipe(z.string().default("https://api.stripe.com")),
  OFFERS: ownOffers,
};

type StripeSettings = z.output<z.ZodObject<typeof stripeShape>>;

export function refineStripe(value: StripeSettings, context: z.RefinementCtx): void {
  const wrong = (path: keyof typeof stripeShape, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secrets, STRIPE_BASE_URL: url } = value;
  if (key && secrets.length === 0)
    wrong(
      "STRIPE_WEBHOOK_SECRET",
      "is not set. Without it nothing that Stripe tells can be believed: whsec_…, as Stripe shows it beside the endpoint.",
    );
  if (!key && secrets.length > 0)
    wrong("STRIPE_SECRET_KEY", "is not set. STRIPE_WEBHOOK_SECRET is of no use without it.");
  if (/^\w+_live_/.test(key ?? "") && new URL(url).protocol !== "https:")
    wrong("STRIPE_BASE_URL", "must begin with https:// for a key that moves real money.");
}
