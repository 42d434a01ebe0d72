import { z } from "zod";
import { optional } from "./config-values.ts";

const amount = z.number().min(0).max(1_000_000);
const rates = {
  input: amount,
  output: amount,
  cache_read: amount.optional(),
  cache_write: amount.optional(),
};
const tokens = z.number().int().min(0).max(1_000_000_000);

/** The edge of a tier has been written in two ways. */
const tier = z
  .object({
    ...rates,
    tier: z.object({ size: tokens }).optional(),
    context: z.object({ min: tokens }).optional(),
  })
  .transform(({ tier: edge, context, ...own }, issues) => {
    const size = edge?.size ?? context?.min;
    if (size !== undefined) return { ...own, tier: { size } };
    issues.addIssue({ code: "custom", message: 'name its edge: {"tier":{"size":200000}}' });
    return z.NEVER;
  });

/** A model as models.dev describes one; what is left out is unknown. Other fields of theirs are of no use here. */
const row = z.object({
  attachment: z.boolean().optional(),
  reasoning: z.boolean().optional(),
  // Some say of tools how far they go.
  tool_call: z
    .union([z.boolean(), z.object({ supported: z.boolean() }).transform(({ supported }) => supported)])
    .optional(),
  modalities: z.object({ input: z.array(z.string()), output: z.array(z.string()) }).optional(),
  limit: z.object({ context: tokens.optional(), output: tokens.optional() }).optional(),
  /** USD for 1,000,000 tokens. */
  cost: z
    .object({
      ...rates,
      tiers: z.array(tier).optional(),
      context_over_200k: z.object(rates).optional(),
    })
    .optional(),
});
export type Row = z.output<typeof row>;

const providers = z.record(z.string(), z.object({ models: z.record(z.string(), row) }));

/** A catalogue: the day as of which it is true, and models.dev's providers with their models. */
const catalogueShape = z.object({ date: z.iso.date(), providers });
export type Catalogue = z.output<typeof catalogueShape>;

/** Where the operator's own rows come from: the variable itself, or an address that the cron reads. */
export type OwnCatalogue = { rows: Catalogue } | { url: string };

/** Text as a catalogue, or what is wrong with it. */
export function parseCatalogue(text: string, date?: string): Catalogue | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "is no JSON";
  }
  // models.dev's own file is the providers alone, and has no date.
  const isBare = typeof value === "object" && value !== null && !("providers" in value);
  const parsed = catalogueShape.safeParse(isBare && date !== undefined ? { date, providers: value } : value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `has something wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message}`;
}

/** The operator's rows as a variable gives them. */
export const ownCatalogue = optional.transform((value, context): OwnCatalogue | undefined => {
  if (value === undefined) return undefined;
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return { url: value };
  const rows = parseCatalogue(value);
  if (typeof rows !== "string") return { rows };
  context.addIssue({
    code: "custom",
    message: `must be the address of a catalogue, or one itself such as {"date":"2026-12-01","providers":{"openai":{"models":{"my-model":{"cost":{"input":1,"output":2}}}}}}, and it ${rows}`,
  });
  return z.NEVER;
});
