import { z } from "zod";
import { pageOf, pageQuery } from "../platform/http/paging.ts";

export const tags = ["Billing"] as const;

const offerId = z.string().max(40);
const currency = z
  .string()
  .regex(/^[a-z]{3}$/, "Use a currency such as usd.")
  .default("usd");
const count = z.number().int();

export const checkoutInput = z
  .strictObject({ pack: offerId.optional(), plan: offerId.optional(), currency })
  .refine(({ pack, plan }) => (pack === undefined) !== (plan === undefined), "Name a pack or a plan, and only one.");

export const checkoutResult = z.object({
  id: z.string(),
  url: z.url().describe("Where it is paid. Nothing is bought before."),
});

export const redirectResult = z.object({ url: z.url() });

const offer = z.object({
  id: offerId,
  name: z.string(),
  micro_credits: count,
  prices: z.record(z.string(), count).describe("By currency, in its smallest unit, before tax."),
});

export const pricing = z.object({
  version: z.string(),
  packs: z.array(offer),
  plans: z.array(
    offer.extend({
      rollover: z
        .enum(["none", "one_period"])
        .describe("What is left at the end of a month ends with it, or can be spent in the one after."),
    }),
  ),
});

const invoice = z.object({
  id: z.string(),
  kind: z.enum(["invoice", "receipt"]),
  number: z.string().nullable(),
  status: z.string(),
  purchase: z.string().describe("What was bought by it: the `id` of the checkout."),
  currency: z.string(),
  subtotal: count.describe("In the currency’s smallest unit, as all amounts here."),
  tax: count,
  total: count,
  refunded: count,
  url: z.string().nullable(),
  pdf_url: z.string().nullable(),
  created_at: z.iso.datetime(),
});
export const invoicePage = pageOf(invoice);

export const payeeResult = z.object({
  url: z.url().describe("Where it is said who is paid, and to which bank."),
  ready: z.boolean().describe("Whether anything can be paid out already."),
});

export const eventQuery = pageQuery.extend({ state: z.enum(["waiting", "done", "ignored", "failed"]).optional() });
const processorEvent = z.object({
  id: z.string(),
  type: z.string(),
  account: z.string().nullable(),
  state: z.enum(["waiting", "done", "ignored", "failed"]),
  error: z.string().nullable(),
  attempts: count,
  received_at: z.iso.datetime(),
  processed_at: z.iso.datetime().nullable(),
});
export const eventPage = pageOf(processorEvent);
export const eventReplayed = processorEvent;

export const payoutInput = z.strictObject({
  id: z
    .string()
    .regex(/^po_[\w-]{8,60}$/, "Begin the payout’s id with “po_”, followed by 8 to 60 letters, digits or dashes.")
    .describe("Yours, so that a call that is repeated pays once."),
});
export const payout = z.object({
  id: z.string(),
  micro_credits: z.number().int(),
  amount: z.number().int().describe("In cents of a US dollar."),
  currency: z.literal("usd"),
  state: z
    .string()
    .describe("`done`: it was sent. `unknown`: nobody knows yet, and it is found out. `failed`: it came back."),
});

export const replayInput = z.strictObject({ event: z.string().max(200).describe("Its `id`.") });

export const callQuery = pageQuery.extend({
  flagged: z.stringbool().default(false).describe("Those alone of which nobody knows whether they were done."),
});
export const callPage = pageOf(
  z.object({
    id: z.string(),
    account: z.string(),
    kind: z.enum(["charge", "refund", "transfer", "reversal"]),
    amount: count,
    state: z.enum(["pending", "sent", "done", "failed", "unknown"]),
    object: z.string().nullable(),
    error: z.string().nullable(),
    attempts: count,
    flagged: z.boolean(),
    created_at: z.iso.datetime(),
  }),
);

export const settleInput = z.strictObject({
  call: z.string().max(200).describe("The `id` of one that is flagged."),
  object: z
    .string()
    .max(200)
    .nullable()
    .describe("What came of it, by the processor’s id; null where it was not done: it is not done any more then."),
});

export const refundInput = z.strictObject({
  invoice: z.string().max(200).describe("The `id` of a receipt or an invoice."),
  amount: z
    .number("Use a whole amount in the currency’s smallest unit.")
    .int("Use a whole amount in the currency’s smallest unit.")
    .positive("Give back at least 1.")
    .optional()
    .describe("In the currency’s smallest unit; all that is left of it by default."),
});
