import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { rowsFromJson } from "../db/rows-from-json.ts";
import { apiKeys, users } from "../db/schema/accounts.ts";
import { clones } from "../db/schema/clones.ts";
import { usageEvents } from "../db/schema/metering.ts";
import { members } from "../db/schema/workspaces.ts";
import { newId } from "../platform/ids.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";
import type { Group } from "./contract.ts";

const page = 500;

/** What was used, a row a call. */
export async function* eachUsage(db: Database, workspaceId: string) {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(usageEvents)
      .where(and(eq(usageEvents.workspaceId, workspaceId), gt(usageEvents.id, after)))
      .orderBy(asc(usageEvents.id))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < page) return;
  }
}

/** What answers' turns took: by their ids. */
export const usageOfTurns = (db: Database, turnIds: readonly string[]) =>
  db
    .select()
    .from(usageEvents)
    .where(inArray(usageEvents.id, [...turnIds]));

/** What calls took that the installation pays for and whose cost is known, of those from one moment to another, behind `after`, in the order of their ids. */
export const paidUsage = (db: Database, since: number, until: number, after: string, limit: number) => {
  const { id, workspaceId, payer, microCredits, createdAt } = usageEvents;
  const isPaid = and(eq(payer, "installation"), gt(microCredits, 0));
  return db
    .select({ id, workspaceId, microCredits: sql<number>`${microCredits}` })
    .from(usageEvents)
    .where(and(isPaid, gte(createdAt, since), lt(createdAt, until), gt(id, after)))
    .orderBy(asc(id))
    .limit(limit);
};

export const removeUsage = (db: Database, { listed }: Erased, isFree: SQL): Statement =>
  db.delete(usageEvents).where(and(sql`${usageEvents.workspaceId} IN ${listed("workspace")}`, isFree));

/** What one call took of a model, and on whose account. Nothing changes it: there are statements that add some, and those that erase a workspace's. */
export type UsageEvent = typeof usageEvents.$inferSelect;

/** An event as a conversation's outbox may hold it still, of an older version: of a turn, with what was counted then. */
const upToDate = (event: UsageEvent): UsageEvent =>
  event.id
    ? event
    : { ...event, id: event.turnId ?? newId("usage"), ...beforeLanes, provider: event.model.split("/", 1)[0] ?? "" };

const beforeLanes = { purpose: "answer", estimated: true } as const;

/** The statements that record what calls took: once each, however often that is repeated. */
export const insertUsage = (db: Database, events: readonly UsageEvent[]): Statement[] =>
  rowsFromJson(usageEvents, events.map(upToDate)).map((rows) =>
    db.insert(usageEvents).select(sql`${rows} WHERE true`).onConflictDoNothing(),
  );

const { promptTokens, cacheReadTokens, completionTokens, reasoningTokens, estimated, payer, microCredits } =
  usageEvents;

const groupedBy: Record<Group, SQL<string | null>> = {
  model: sql`${usageEvents.model}`,
  user: sql`${usageEvents.userId}`,
  key: sql`${usageEvents.keyId}`,
  clone: sql`${usageEvents.cloneId}`,
  day: sql`strftime('%Y-%m-%d', ${usageEvents.createdAt} / 1000, 'unixepoch')`,
  purpose: sql`${usageEvents.purpose}`,
  provider: sql`${usageEvents.provider}`,
};

const total = (of: SQLWrapper) => sql<number>`coalesce(sum(${of}), 0)`;

const sums = {
  calls: sql<number>`count(*)`,
  prompt_tokens: total(promptTokens),
  cached_tokens: total(cacheReadTokens),
  completion_tokens: total(completionTokens),
  reasoning_tokens: total(reasoningTokens),
  estimated_calls: total(sql`${estimated}`),
  micro_credits: total(sql`CASE WHEN ${payer} IS 'workspace' THEN 0 ELSE ${microCredits} END`),
  own_keys_micro_credits: total(sql`CASE WHEN ${payer} IS 'workspace' THEN ${microCredits} END`),
  unpriced_calls: total(sql`${microCredits} IS NULL`),
};

/** What a workspace, or one of its people, used from one moment to another, in groups: days in their order, others by what they cost and took. */
export function sumUsage(
  db: Database,
  { workspaceId, userId }: { workspaceId: string; userId: string | null },
  { since, until }: { since: number; until: number },
  group: Group,
) {
  const key = groupedBy[group];
  return db
    .select({ key, ...sums })
    .from(usageEvents)
    .where(
      and(
        eq(usageEvents.workspaceId, workspaceId),
        gte(usageEvents.createdAt, since),
        lt(usageEvents.createdAt, until),
        userId === null ? undefined : eq(usageEvents.userId, userId),
      ),
    )
    .groupBy(key)
    .orderBy(...(group === "day" ? [asc(key)] : [desc(sums.micro_credits), desc(sums.prompt_tokens), asc(key)]));
}

/** What people, keys and clones of a workspace are called, by their ids: nobody's who has left it, and nothing's that is gone. */
export async function namesIn(db: Database, workspaceId: string, group: Group, ids: string[]) {
  const isNamed = (id: SQLWrapper) => sql`${id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const rowsOf: Partial<Record<Group, () => Promise<{ id: string; name: string }[]>>> = {
    user: () =>
      db
        .select({ id: users.id, name: users.name })
        .from(members)
        .innerJoin(users, eq(users.id, members.userId))
        .where(and(eq(members.workspaceId, workspaceId), isNamed(members.userId))),
    key: () =>
      db
        .select({ id: apiKeys.id, name: apiKeys.name })
        .from(apiKeys)
        .where(and(eq(apiKeys.workspaceId, workspaceId), isNamed(apiKeys.id))),
    clone: () =>
      db
        .select({ id: clones.id, name: clones.name })
        .from(clones)
        .where(and(eq(clones.workspaceId, workspaceId), isNull(clones.deletedAt), isNamed(clones.id))),
  };
  const rows = (await rowsOf[group]?.()) ?? [];
  return new Map(rows.map(({ id, name }) => [id, name]));
}
