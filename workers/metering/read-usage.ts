import { iso } from "../platform/clock.ts";
import { refusedField } from "../platform/errors.ts";
import { operation } from "../workspaces/operation.ts";
import { mayManage } from "../workspaces/roles.ts";
import { type UsageSums, usageQuery, usageSums } from "./contract.ts";
import { sumUsage } from "./queries.ts";
import { writtenSoFar } from "./record-usage.ts";

const day = 86_400_000;
const usualDays = 30;
const mostDays = 366;

/** A moment as it was given; of a day its beginning, or with `days` so many later. */
const momentOf = (given: string, days: number) => Date.parse(given) + (given.includes("T") ? 0 : days * day);

/** The time that is asked about, in ms. Throws `validation_failed`. */
function rangeOf(from: string | undefined, to: string | undefined, now: number): { since: number; until: number } {
  const until = to === undefined ? now : momentOf(to, 1);
  const since = from === undefined ? until - usualDays * day : momentOf(from, 0);
  if (since >= until) throw refusedField("from", "Begin before the end: `from` has to be earlier than `to`.");
  if (until - since > mostDays * day) throw refusedField("from", `Ask about at most ${mostDays} days at once.`);
  return { since, until };
}

type Sums = UsageSums["total"];

const none: Sums = {
  ...{ calls: 0, prompt_tokens: 0, cached_tokens: 0, completion_tokens: 0, reasoning_tokens: 0, estimated_calls: 0 },
  ...{ micro_credits: 0, own_keys_micro_credits: 0, unpriced_calls: 0 },
};

const added = (one: Sums, other: Sums): Sums =>
  Object.fromEntries(Object.keys(none).map((key) => [key, one[key as keyof Sums] + other[key as keyof Sums]])) as Sums;

export const readUsage = operation({
  summary: "What models were used for, and what that cost",
  description:
    "Sums of what is metered, one event a call. Owners and admins see all that the workspace pays for, others what they used of it themselves.",
  tags: ["Usage"],
  action: "usage.read",
  query: usageQuery,
  output: usageSums,
  async run(ctx, { query: { from, to, group_by } }) {
    const { since, until } = rangeOf(from, to, ctx.clock.now());
    await writtenSoFar(ctx);
    const { workspaceId, userId, role } = ctx.actor;
    const of = { workspaceId, userId: mayManage(role, "member") ? null : userId };
    const data = await sumUsage(ctx.db, of, { since, until }, group_by);
    const total = data.map(({ key: _, ...sums }) => sums).reduce(added, none);
    return { from: iso(since), to: iso(until), group_by, data, total, next_cursor: null };
  },
});
