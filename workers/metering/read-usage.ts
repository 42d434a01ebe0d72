import { iso } from "../platform/clock.ts";
import { refusedField } from "../platform/errors.ts";
import { toCsv } from "../platform/http/csv.ts";
import { operation } from "../workspaces/operation.ts";
import { mayManage } from "../workspaces/roles.ts";
import { counted, type UsageSums, usageQuery } from "./contract.ts";
import { namesIn, sumUsage } from "./queries.ts";
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

const summed = (all: readonly Sums[]) =>
  Object.fromEntries(counted.map((key) => [key, all.reduce((sum, each) => sum + each[key], 0)])) as Sums;

export const readUsage = operation({
  summary: "What models were used for, and what that cost",
  description:
    "Sums of what is metered, one event a call. Owners and admins see all that the workspace pays for, others what they used of it themselves. As `format=csv` the groups are a file, in which no cell is a formula.",
  tags: ["Usage"],
  action: "usage.read",
  query: usageQuery,
  async run(ctx, { query: { from, to, group_by, format } }) {
    const { since, until } = rangeOf(from, to, ctx.clock.now());
    await writtenSoFar(ctx);
    const { workspaceId, userId, role } = ctx.actor;
    const of = { workspaceId, userId: mayManage(role, "member") ? null : userId };
    const groups = await sumUsage(ctx.db, of, { since, until }, group_by);
    const names = await namesIn(
      ctx.db,
      workspaceId,
      group_by,
      groups.flatMap(({ key }) => key ?? []),
    );
    const data = groups.map(({ key, ...sums }) => ({ key, name: (key && names.get(key)) ?? null, ...sums }));
    const sums = { from: iso(since), to: iso(until), group_by, data, total: summed(data), next_cursor: null };
    return { format, sums };
  },
});

/** The groups as a file of CSV, by the names of their columns. */
export const usageCsv = ({ group_by, data }: UsageSums): string =>
  `${toCsv([[group_by, "name", ...counted], ...data.map((row) => [row.key, row.name, ...counted.map((of) => row[of])])])}\r\n`;
