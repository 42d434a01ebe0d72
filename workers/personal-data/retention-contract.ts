import { z } from "zod";

export const tags = ["Workspaces"];

const longest = 3_650;
const days = z
  .int(`Give whole days, from 1 to ${longest}.`)
  .min(1, `Give whole days, from 1 to ${longest}.`)
  .max(longest, `Give whole days, from 1 to ${longest}.`)
  .nullable()
  .default(null);

export const retentionInput = z.strictObject({
  member_days: days.describe("Days after its last activity that a member’s conversation goes; null keeps them all."),
  visitor_days: days.describe(
    "Days after its last activity that a conversation of an anonymous visitor with one of the workspace’s clones goes; null keeps them all.",
  ),
  include_pinned: z.boolean().default(false).describe("Whether pinned conversations go too."),
});
export type RetentionInput = z.output<typeof retentionInput>;

export const retention = z.object({
  member_days: z.number().int().nullable(),
  visitor_days: z.number().int().nullable(),
  include_pinned: z.boolean(),
  effective_at: z.iso
    .datetime()
    .nullable()
    .describe(
      "Nothing is deleted by age before; a day after the setting was made stricter. Null where nothing is set.",
    ),
});
export type Retention = z.output<typeof retention>;

const due = z.object({
  conversations: z.number().int(),
  oldest: z
    .array(z.object({ id: z.string(), title: z.string(), last_active_at: z.iso.datetime() }))
    .describe("The five that nobody has touched for the longest time."),
});

export const retentionPreview = z.object({
  members: due,
  visitors: due,
  pinned: z.number().int().describe("How many stay because they are pinned."),
});
export type RetentionPreview = z.output<typeof retentionPreview>;
