import { and, asc, eq, lte, type SQL, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import { hasDue, type Periods, removeDue } from "../chat/retention-queries.ts";
import type { Database } from "../db/client.ts";
import { retentionSettings } from "../db/schema/retention.ts";
import { isOpen } from "../workspaces/queries.ts";

export type RetentionRow = typeof retentionSettings.$inferSelect;

/** How long a workspace keeps conversations. */
export type KeptFor = Pick<RetentionRow, "memberDays" | "visitorDays" | "includePinned">;

const own = (id: string) => eq(retentionSettings.workspaceId, id);

export async function findRetention(db: Database, workspaceId: string): Promise<RetentionRow | undefined> {
  const rows = await db.select().from(retentionSettings).where(own(workspaceId));
  return rows[0];
}

/**
 * Sets how long a workspace keeps conversations. What takes more than before takes `effectiveAt` as its beginning; what takes less or
 * the same leaves that as it is. Returns the row where something changed.
 */
export function setRetention(db: Database, workspaceId: string, periods: KeptFor, effectiveAt: number) {
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

const columns = {
  memberDays: sql`${retentionSettings.memberDays}`,
  visitorDays: sql`${retentionSettings.visitorDays}`,
  includePinned: sql`${retentionSettings.includePinned}`,
};

/** A setting as SQLite compares it. */
export const periodsOf = ({ memberDays, visitorDays, includePinned }: KeptFor): Periods => ({
  memberDays: sql`${memberDays}`,
  visitorDays: sql`${visitorDays}`,
  includePinned: sql`${includePinned ? 1 : 0}`,
});

/** Settings of open workspaces in which something is too old by now, those that waited longest first. */
export function listDueRetentions(db: Database, now: number, limit: number): Promise<RetentionRow[]> {
  const { workspaceId, effectiveAt, lastRunAt } = retentionSettings;
  const id = sql`${workspaceId}`;
  return db
    .select()
    .from(retentionSettings)
    .where(and(isOpen(id), lte(effectiveAt, now), hasDue(id, columns, now)))
    .orderBy(sql`coalesce(${lastRunAt}, 0)`, asc(workspaceId))
    .limit(limit);
}

export async function noteRun(db: Database, workspaceId: string, now: number): Promise<void> {
  await db.update(retentionSettings).set({ lastRunAt: now }).where(own(workspaceId));
}

/**
 * Deletes conversations with their messages, all or none: none where one of them was pinned or asked in meanwhile, or the setting was
 * changed. Returns how many went.
 */
export async function removeByAge(
  db: Database,
  { workspaceId, effectiveAt }: RetentionRow,
  { ids, now, audit }: { ids: string[]; now: number; audit: AuditStatements },
): Promise<number> {
  const present = (column: SQL) => sql`(SELECT ${column} FROM ${retentionSettings} WHERE ${own(workspaceId)})`;
  const periods = {
    memberDays: present(columns.memberDays),
    visitorDays: present(columns.visitorDays),
    includePinned: present(columns.includePinned),
  };
  const condition = sql`${present(sql`${retentionSettings.effectiveAt}`)} = ${effectiveAt}`;
  const [gone] = await db.batch([
    removeDue(db, workspaceId, { ids, periods, now, condition }),
    ...audit,
    db.update(retentionSettings).set({ lastRunAt: now }).where(own(workspaceId)),
  ]);
  return gone.length;
}
