import { and, asc, count, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { conversations, messages } from "../db/schema/chat.ts";

/** What decides which conversations are too old, as expressions: days for those of members and of visitors, and whether pinned ones go too. */
export interface Periods {
  memberDays: SQL;
  visitorDays: SQL;
  includePinned: SQL;
}

const dayMs = 24 * 60 * 60 * 1000;

const { userId, visitorId, updatedAt, importedAt, pinned } = conversations;
/** When a conversation was last touched, or came in from a file. */
const activeAt = sql<number>`max(${updatedAt}, coalesce(${importedAt}, 0))`;

/** Of whom there is a period, and the conversation is older; null days are no period, as nothing is less than null. */
function isTooOld({ memberDays, visitorDays }: Pick<Periods, "memberDays" | "visitorDays">, now: number): SQL {
  const before = (days: SQL) => sql`${now} - ${days} * ${dayMs}`;
  // What the index can tell comes first.
  const shortest = sql`min(coalesce(${memberDays}, ${visitorDays}), coalesce(${visitorDays}, ${memberDays}))`;
  return sql`(${updatedAt} < ${before(shortest)} AND (
    (${userId} IS NOT NULL AND ${activeAt} < ${before(memberDays)}) OR
    (${visitorId} IS NOT NULL AND ${activeAt} < ${before(visitorDays)})))`;
}

const isWriting = sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${messages.conversationId} = ${conversations.id} AND ${messages.status} = 'running')`;

/** Which conversations go by these periods: never one in which an answer is being written. */
const isDue = (periods: Periods, now: number): SQL =>
  sql`(${isTooOld(periods, now)} AND (${pinned} = 0 OR ${periods.includePinned}) AND NOT ${isWriting})`;

/** Whether a workspace, by an expression for its id, has a conversation that goes. */
export const hasDue = (workspaceId: SQL, periods: Periods, now: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${conversations} WHERE ${conversations.workspaceId} = ${workspaceId} AND ${isDue(periods, now)})`;

/** How many conversations of members, or of visitors, go by these periods, and the oldest of them. */
export async function previewDue(
  db: Database,
  workspaceId: string,
  { periods, now, whose }: { periods: Periods; now: number; whose: "members" | "visitors" },
) {
  const none = sql`NULL`;
  const only = whose === "members" ? { ...periods, visitorDays: none } : { ...periods, memberDays: none };
  const these = and(eq(conversations.workspaceId, workspaceId), isDue(only, now));
  const [[counted], oldest] = await db.batch([
    db.select({ count: count() }).from(conversations).where(these),
    db
      .select({ id: conversations.id, title: conversations.title, activeAt })
      .from(conversations)
      .where(these)
      .orderBy(asc(activeAt), asc(conversations.id))
      .limit(5),
  ]);
  return { count: counted?.count ?? 0, oldest };
}

/** How many pinned conversations are old enough to go. */
export async function countOldPinned(
  db: Database,
  workspaceId: string,
  periods: Periods,
  now: number,
): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(conversations)
    .where(and(eq(conversations.workspaceId, workspaceId), eq(pinned, true), isTooOld(periods, now)));
  return row?.count ?? 0;
}

/** Conversations of a workspace that go, oldest first. */
export function listDue(db: Database, workspaceId: string, periods: Periods, now: number, limit: number) {
  return db
    .select({ id: conversations.id, visitorId })
    .from(conversations)
    .where(and(eq(conversations.workspaceId, workspaceId), isDue(periods, now)))
    .orderBy(asc(updatedAt))
    .limit(limit);
}

/** Deletes conversations with their messages, all or none: none where one of them does not go any more, or `condition` does not hold. */
export function removeDue(
  db: Database,
  workspaceId: string,
  { ids, periods, now, condition }: { ids: string[]; periods: Periods; now: number; condition: SQL },
) {
  const listed = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const these = and(eq(conversations.workspaceId, workspaceId), inArray(conversations.id, listed));
  const still = db
    .select({ count: count() })
    .from(conversations)
    .where(and(these, isDue(periods, now)));
  return db
    .delete(conversations)
    .where(and(these, condition, sql`(${still}) = ${ids.length}`))
    .returning({ id: conversations.id });
}
