import { and, asc, count, eq, inArray, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { conversations, messages } from "../db/schema/chat.ts";
import { retentionSettings } from "../db/schema/retention.ts";
import { workspaces } from "../db/schema/workspaces.ts";

export type RetentionRow = typeof retentionSettings.$inferSelect;

/** What decides which conversations are too old. */
export type Periods = Pick<RetentionRow, "memberDays" | "visitorDays" | "includePinned">;

const dayMs = 24 * 60 * 60 * 1000;

const own = (id: string) => eq(retentionSettings.workspaceId, id);

export async function findRetention(db: Database, workspaceId: string): Promise<RetentionRow | undefined> {
  const rows = await db.select().from(retentionSettings).where(own(workspaceId));
  return rows[0];
}

/**
 * Sets how long a workspace keeps conversations. What takes more than before takes `effectiveAt` as its beginning; what takes less or
 * the same leaves that as it is. Returns the row where something changed.
 */
export function setRetention(db: Database, workspaceId: string, periods: Periods, effectiveAt: number) {
  const { memberDays, visitorDays, includePinned } = retentionSettings;
  const isShorter = (now: string, before: typeof memberDays | typeof visitorDays) =>
    sql`(${sql.raw(now)} IS NOT NULL AND (${before} IS NULL OR ${sql.raw(now)} < ${before}))`;
  const isStricter = sql`${isShorter("excluded.member_days", memberDays)}
    OR ${isShorter("excluded.visitor_days", visitorDays)} OR excluded.include_pinned > ${includePinned}`;
  return db
    .insert(retentionSettings)
    .values({ workspaceId, ...periods, effectiveAt })
    .onConflictDoUpdate({
      target: retentionSettings.workspaceId,
      set: {
        ...periods,
        effectiveAt: sql`CASE WHEN ${isStricter} THEN ${effectiveAt} ELSE ${retentionSettings.effectiveAt} END`,
      },
      setWhere: sql`excluded.member_days IS NOT ${memberDays} OR excluded.visitor_days IS NOT ${visitorDays}
        OR excluded.include_pinned <> ${includePinned}`,
    })
    .returning();
}

type Columns = { [K in keyof Periods]: Periods[K] | SQL | (typeof retentionSettings)[K] };

const { userId, visitorId, updatedAt, importedAt, pinned } = conversations;
/** When a conversation was last touched, or came in from a file. */
const activeAt = sql<number>`max(${updatedAt}, coalesce(${importedAt}, 0))`;

/** Of whom there is a period, and the conversation is older; null days are no period, as nothing is less than null. */
function isTooOld({ memberDays, visitorDays }: Pick<Columns, "memberDays" | "visitorDays">, now: number): SQL {
  const before = (days: unknown) => sql`${now} - ${days} * ${dayMs}`;
  // What the index can tell comes first.
  const shortest = sql`min(coalesce(${memberDays}, ${visitorDays}), coalesce(${visitorDays}, ${memberDays}))`;
  return sql`(${updatedAt} < ${before(shortest)} AND (
    (${userId} IS NOT NULL AND ${activeAt} < ${before(memberDays)}) OR
    (${visitorId} IS NOT NULL AND ${activeAt} < ${before(visitorDays)})))`;
}

const isWriting = sql`EXISTS (SELECT 1 FROM ${messages} WHERE ${messages.conversationId} = ${conversations.id} AND ${messages.status} = 'running')`;

/** Which conversations go by these periods: never one in which an answer is being written. */
const isDue = (periods: Columns, now: number): SQL =>
  sql`(${isTooOld(periods, now)} AND (${pinned} = 0 OR ${periods.includePinned}) AND NOT ${isWriting})`;

/** How many conversations of members, or of visitors, go by these periods, and the oldest of them. */
export async function previewOf(
  db: Database,
  workspaceId: string,
  { periods, now, whose }: { periods: Periods; now: number; whose: "members" | "visitors" },
) {
  const only = whose === "members" ? { ...periods, visitorDays: null } : { ...periods, memberDays: null };
  const these = and(eq(conversations.workspaceId, workspaceId), isDue(asColumns(only), now));
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

/** Values as SQLite compares them. */
const asColumns = ({ memberDays, visitorDays, includePinned }: Periods): Columns => ({
  memberDays: sql`${memberDays}`,
  visitorDays: sql`${visitorDays}`,
  includePinned: sql`${includePinned ? 1 : 0}`,
});

/** How many conversations would go, were they not pinned. */
export async function countPinned(db: Database, workspaceId: string, periods: Periods, now: number): Promise<number> {
  if (periods.includePinned) return 0;
  const [row] = await db
    .select({ count: count() })
    .from(conversations)
    .where(and(eq(conversations.workspaceId, workspaceId), eq(pinned, true), isTooOld(asColumns(periods), now)));
  return row?.count ?? 0;
}

/** Settings of open workspaces in which something is too old by now, those that waited longest first. */
export async function listDueRetentions(db: Database, now: number, limit: number): Promise<RetentionRow[]> {
  const rows = await db
    .select({ setting: retentionSettings })
    .from(retentionSettings)
    .innerJoin(
      workspaces,
      and(
        eq(workspaces.id, retentionSettings.workspaceId),
        isNull(workspaces.deletedAt),
        isNull(workspaces.suspendedAt),
      ),
    )
    .where(
      and(
        lte(retentionSettings.effectiveAt, now),
        sql`EXISTS (SELECT 1 FROM ${conversations} WHERE ${conversations.workspaceId} = ${retentionSettings.workspaceId}
          AND ${isDue(retentionSettings, now)})`,
      ),
    )
    .orderBy(sql`coalesce(${retentionSettings.lastRunAt}, 0)`, asc(retentionSettings.workspaceId))
    .limit(limit);
  return rows.map(({ setting }) => setting);
}

/** Conversations that go by a workspace's setting, oldest first. */
export function listDue(db: Database, setting: RetentionRow, now: number, limit: number) {
  return db
    .select({ id: conversations.id, visitorId })
    .from(conversations)
    .where(and(eq(conversations.workspaceId, setting.workspaceId), isDue(asColumns(setting), now)))
    .orderBy(asc(updatedAt))
    .limit(limit);
}

export async function noteRun(db: Database, workspaceId: string, now: number): Promise<void> {
  await db.update(retentionSettings).set({ lastRunAt: now }).where(own(workspaceId));
}

/**
 * Deletes conversations with their messages, all or none: none where one of them was pinned or asked in meanwhile, or the setting was
 * changed. Returns how many went.
 */
export async function removeDue(
  db: Database,
  setting: RetentionRow,
  { ids, now, audit }: { ids: string[]; now: number; audit: AuditStatements },
): Promise<number> {
  const { workspaceId, effectiveAt } = setting;
  const listed = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const still = db
    .select({ count: count() })
    .from(conversations)
    .innerJoin(retentionSettings, own(workspaceId))
    .where(
      and(
        eq(conversations.workspaceId, workspaceId),
        inArray(conversations.id, listed),
        eq(retentionSettings.effectiveAt, effectiveAt),
        isDue(retentionSettings, now),
      ),
    );
  const [gone] = await db.batch([
    db
      .delete(conversations)
      .where(
        and(
          eq(conversations.workspaceId, workspaceId),
          inArray(conversations.id, listed),
          sql`(${still}) = ${ids.length}`,
        ),
      )
      .returning({ id: conversations.id }),
    ...audit,
    db.update(retentionSettings).set({ lastRunAt: now }).where(own(workspaceId)),
  ]);
  return gone.length;
}
