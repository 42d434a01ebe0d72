import { z } from "zod";

const money = z.number().int();
const limit = z
  .number("Use a whole number of micro-credits, or null for no limit.")
  .int("Use whole micro-credits: a credit is 1,000,000 of them.")
  .min(0, "A limit cannot be below 0.")
  .max(1_000_000_000_000_000, "A limit is at most a billion credits.")
  .nullable();

export const walletLimits = z.strictObject({
  per_message: limit.describe("The most that one answer may cost."),
  per_day: limit.describe("The most that may be spent on a day, in UTC."),
  per_month: limit.describe("The most that may be spent in a calendar month, in UTC."),
});
export type WireLimits = z.output<typeof walletLimits>;

export const wallet = z.object({
  billing: z.enum(["on", "off"]).describe("`off`: what is used is metered and shown, and nobody is refused."),
  available: money.describe("What can be spent, with what was granted, in micro-credits."),
  held: money.describe("Set aside for answers that are being written, and for sessions."),
  granted: money.describe("Of what is available, what was given and may end."),
  granted_until: z.array(z.object({ micro_credits: money, expires_at: z.iso.datetime() })),
  debt: money.describe("What was spent and then taken back by a bank: the next payment goes here first."),
  currency_rate: z.object({ micro_credits_per_credit: money, credits_per_usd: money }),
  limits: walletLimits,
  day: z.object({ spent: money, left: money.nullable() }),
  month: z.object({ spent: money, left: money.nullable() }),
});
export type WireWallet = z.output<typeof wallet>;

export const receipt = z.object({
  id: z.string().describe("The operation in the wallet; the turn’s id for an answer."),
  total: money.describe("What was paid, in micro-credits: `usage`, `platform_fee` and `shares` together."),
  usage: money.describe("For the model."),
  platform_fee: money,
  shares: z.array(z.object({ wallet_id: z.string(), micro_credits: money })),
  absorbed: money.describe("What it would have cost above what was set aside: nobody pays that."),
  clone_price_id: z.string().nullable(),
});
export type WireReceipt = z.output<typeof receipt>;

export const walletEntry = z.object({
  id: z.string(),
  kind: z.enum([
    "hold",
    "charge",
    "fund",
    "grant",
    "expiry",
    "refund",
    "dispute",
    "session",
    "earning",
    "reversal",
    "payout",
  ]),
  state: z.enum(["held", "settled", "released", "expired", "done", "open", "won", "lost", "closed", "paid", "failed"]),
  micro_credits: money.describe("What it is about: what is held, paid in, disputed."),
  delta: money.describe("By how much it changed what can be spent; 0 while it is only held."),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  receipt: receipt.nullable(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  expires_at: z.iso
    .datetime()
    .nullable()
    .describe("When what is held returns, what was given ends, a session closes, or what was earned can be paid out."),
});
export type WireEntry = z.output<typeof walletEntry>;

export const entryPage = z.object({ data: z.array(walletEntry), next_cursor: z.string().nullable() });

export const entryQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, "Use the `next_cursor` of the page before.")
    .optional(),
  limit: z.coerce.number("Use a number from 1 to 100.").int().min(1).max(100).default(50),
  format: z.enum(["json", "csv"], "Use “json” or “csv”.").default("json"),
});

export const earnings = z.object({
  pending: money.describe("What was earned and can still be taken back by a bank."),
  available: money.describe("What can be paid out."),
  paying: money.describe("On its way."),
  overpaid: money.describe("What was paid out and then taken back: what is earned next goes here first."),
  by_clone: z
    .array(
      z.object({
        clone_id: z.string().nullable(),
        earned: money.describe("Since the beginning, but for what was taken back while it was pending."),
        pending: money,
      }),
    )
    .describe("Clone by clone, what earned most first."),
});

export const creditsInput = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]{1,80}$/, "Use up to 80 letters, digits, dots and dashes.")
    .describe("Yours, for this gift: given again under the same id, it is given once."),
  workspace_id: z.string().max(60),
  micro_credits: money
    .min(1, "Give at least one micro-credit.")
    .max(1_000_000_000_000, "Give at most a million credits."),
  expires_at: z.iso.datetime({ offset: true }).nullable().default(null),
});

export const platformMoney = z.object({
  revenue: z.array(z.object({ day: z.string(), micro_credits: money, entries: money })),
  balances: z.record(z.string(), money).describe("What all wallets hold together, account by account: 0 together."),
  drifts: z.array(
    z.object({
      wallet_id: z.string(),
      kind: z.enum(["books", "projection", "usage", "clearing"]),
      detail: z.string(),
      found_at: z.iso.datetime(),
    }),
  ),
});
