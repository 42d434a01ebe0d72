import { and, asc, eq, gt, lt, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { auditEvents, auditHeads } from "../db/schema/audit.ts";
import type { SecretColumn } from "../platform/secrets/secret-box.ts";

export type AuditRow = typeof auditEvents.$inferSelect;
type AuditHead = typeof auditHeads.$inferSelect;

/** What is known of a log beside its events; undefined before the first. */
export async function findHead(db: Database, workspaceId: string): Promise<AuditHead | undefined> {
  const rows = await db.select().from(auditHeads).where(eq(auditHeads.workspaceId, workspaceId));
  return rows[0];
}

/** Begins a log with its key, in a box, unless somebody has. */
export async function insertHead(db: Database, workspaceId: string, key: string): Promise<void> {
  await db.insert(auditHeads).values({ workspaceId, key }).onConflictDoNothing();
}

/** The column of logs' keys, for the rotation of master keys. */
export const auditKeyColumn = (db: Database): SecretColumn => ({
  table: "audit_heads",
  column: "key",
  list: (prefix, after, limit) =>
    db
      .select({ row: auditHeads.workspaceId, box: auditHeads.key })
      .from(auditHeads)
      .where(and(gt(auditHeads.workspaceId, after), sql`substr(${auditHeads.key}, 1, ${prefix.length}) <> ${prefix}`))
      .orderBy(auditHeads.workspaceId)
      .limit(limit),
  async replace(row, from, to) {
    await db
      .update(auditHeads)
      .set({ key: to })
      .where(and(eq(auditHeads.workspaceId, row), eq(auditHeads.key, from)));
  },
});

/**
 * When an event is stored: always; where the statement before it in the batch changed something; or once for `id`, however often
 * the batch is repeated.
 */
export type Condition = "always" | "changed" | { once: string; at: number };

/** The statements that store an event with the next number of its log. */
export function insertEvent(
  db: Database,
  row: Omit<AuditRow, "seq" | "hash">,
  condition: Condition,
): [Statement, Statement] {
  const { workspaceId } = row;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM audit_events WHERE id = ${row.id})`;
  const when: SQL | undefined =
    typeof condition === "object" ? isNew : condition === "changed" ? sql`changes() > 0` : undefined;
  const isLast = sql`(SELECT last_id FROM audit_heads WHERE workspace_id = ${workspaceId}) = ${row.id} AND ${isNew}`;
  const values = [
    row.id,
    workspaceId,
    sql`(SELECT count FROM audit_heads WHERE workspace_id = ${workspaceId})`,
    row.at,
    row.actorKind,
    row.actorId,
    row.keyId,
    row.action,
    row.resourceKind,
    row.resourceId,
    row.address,
    row.agent,
    row.requestId,
    row.details,
    row.mac,
    null,
  ].map((value) => sql`${value}`);
  return [
    db
      .update(auditHeads)
      .set({ count: sql`${auditHeads.count} + 1`, lastId: row.id })
      .where(and(eq(auditHeads.workspaceId, workspaceId), when)),
    // In the order of the table's columns. Whether the head was changed cannot be told by changes() here: where messages were
    // written before, their full-text index is brought up to date as this statement begins.
    db.insert(auditEvents).select(sql`SELECT ${sql.join(values, sql`, `)} WHERE ${when ? isLast : sql`true`}`),
  ];
}

/** Events of a log behind the number `after`, in their order. */
export function listEventsAfter(db: Database, workspaceId: string, after: number, limit: number): Promise<AuditRow[]> {
  return db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.workspaceId, workspaceId), gt(auditEvents.seq, after)))
    .orderBy(asc(auditEvents.seq))
    .limit(limit);
}

/** What the chain is made of at the events behind the number `after`, in their order. */
export function listLinksAfter(db: Database, workspaceId: string, after: number, limit: number) {
  const { id, seq, mac } = auditEvents;
  return db
    .select({ id, seq, mac })
    .from(auditEvents)
    .where(and(eq(auditEvents.workspaceId, workspaceId), gt(seq, after)))
    .orderBy(asc(seq))
    .limit(limit);
}

/** Takes events into the chain, which stands at `last` then, unless somebody has meanwhile. `hashes` are the chain's, by the events' ids. */
export async function storeSeal(
  db: Database,
  head: Pick<AuditHead, "workspaceId" | "sealed">,
  last: { seq: number; hash: string },
  hashes: Record<string, string>,
): Promise<void> {
  const { workspaceId, sealed } = head;
  // Together some 30 KB: D1 takes a parameter of 2 MB.
  const json = JSON.stringify(hashes);
  await db.batch([
    db
      .update(auditHeads)
      .set({ sealed: last.seq, hash: last.hash })
      .where(and(eq(auditHeads.workspaceId, workspaceId), eq(auditHeads.sealed, sealed))),
    db
      .update(auditEvents)
      .set({ hash: sql`sealed.value` })
      .from(sql`json_each(${json}) AS sealed`)
      .where(
        and(
          sql`${auditEvents.id} = sealed.key`,
          eq(auditEvents.workspaceId, workspaceId),
          // Of the statement above: whoever came first has done it.
          sql`changes() > 0`,
        ),
      ),
  ]);
}

/** Workspaces whose logs have events that are not in their chain. */
export function listOpenLogs(db: Database, limit: number): Promise<{ id: string }[]> {
  return db
    .select({ id: auditHeads.workspaceId })
    .from(auditHeads)
    .where(lt(auditHeads.sealed, auditHeads.count))
    .limit(limit);
}

/** Removes the logs of these workspaces (for an IN). */
export const removeLogs = (db: Database, these: SQL, isFree: SQL): Statement[] => [
  db.delete(auditEvents).where(and(sql`${auditEvents.workspaceId} IN ${these}`, isFree)),
  db.delete(auditHeads).where(and(sql`${auditHeads.workspaceId} IN ${these}`, isFree)),
];
