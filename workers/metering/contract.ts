import { z } from "zod";

/** By what usage is summed up. */
export const groups = ["model", "user", "key", "clone", "day", "purpose", "provider"] as const;
export type Group = (typeof groups)[number];

/** A day, or a moment. */
const time = z.union(
  [z.iso.date(), z.iso.datetime({ offset: true })],
  "Use a date such as 2026-11-30, or a time such as 2026-11-30T12:00:00Z.",
);

export const usageQuery = z.strictObject({
  from: time.optional().describe("From this day or moment on, in UTC. Default: 30 days before `to`."),
  to: time
    .optional()
    .describe("Up to this moment, or to the end of this day, in UTC. Default: now. At most 366 days after `from`."),
  group_by: z.enum(groups, `Use one of ${groups.join(", ")}.`).default("model"),
  format: z.enum(["json", "csv"], "Use json or csv.").default("json"),
});

const count = z.number().int();
const sums = {
  calls: count,
  prompt_tokens: count,
  cached_tokens: count.describe("Of these, what providers say came from their caches."),
  completion_tokens: count,
  reasoning_tokens: count.describe("Of these, what providers say were thoughts."),
  estimated_calls: count.describe("Calls whose tokens are an estimate, as the provider did not count them."),
  micro_credits: count.describe("What calls by the installation’s keys cost, as far as prices are known."),
  own_keys_micro_credits: count.describe(
    "What calls by the workspace’s own keys cost: it pays that to the provider itself.",
  ),
  unpriced_calls: count.describe("Calls whose price nobody knows, which are in neither cost."),
};

/** What groups and totals are counted in, in the order of a file’s columns. */
export const counted = Object.keys(sums) as (keyof typeof sums)[];

export const usageSums = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  group_by: z.enum(groups),
  data: z.array(
    z.object({
      key: z
        .string()
        .nullable()
        .describe(
          "The model’s id, the person’s, the key’s, the clone’s, the day in UTC; null of calls with none, such as visitors’.",
        ),
      name: z
        .string()
        .nullable()
        .describe("What the person, the key or the clone is called now; null of who is gone, and of other groups."),
      ...sums,
    }),
  ),
  total: z.object(sums),
  next_cursor: z.null(),
});
export type UsageSums = z.output<typeof usageSums>;
