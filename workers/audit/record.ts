import { and, eq, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { auditEvents, auditHeads } from "../db/schema/audit.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { AuditAction } from "./actions.ts";
import { type AuditRow, logKey, macOf } from "./log-key.ts";

/** Who is behind an event, and from where. Plain data: a queue message or an object may carry it to where the change is made. */
export type AuditSource = Pick<AuditRow, "actorKind" | "actorId" | "keyId" | "address" | "agent" | "requestId">;

/** What happened. Details are small facts; never what people wrote, and no secret. */
export interface AuditEvent {
  action: AuditAction;
  resource?: { kind: string; id: string };
  details?: Record<string, string | number | boolean | null | string[]>;
}

type Statement = BatchItem<"sqlite">;

/** What puts events into a log, to be spread into the batch of the change. */
export type AuditStatements = Statement[];

const longestAgent = 300;

/**
 * When an event is stored: always; where the statement before it in the batch changed something; or once for `id`, however often
 * the batch is repeated.
 */
export type Condition = "always" | "changed" | { once: string; at: number };

const changed = sql`changes() > 0`;

/** The statements that store an event, to stand in the batch of the change that it tells. Throws `SecretBoxError`. */
export async function auditStatements(
  runtime: Runtime,
  workspaceId: string,
  source: AuditSource,
  { action, resource, details = {} }: AuditEvent,
  condition: Condition = "always",
): Promise<[Statement, Statement]> {
  const { db, clock } = runtime;
  const once = typeof condition === "object" ? condition : null;
  const row = {
    id: once?.once ?? newId("audit"),
    workspaceId,
    at: once?.at ?? clock.now(),
    ...source,
    agent: source.agent?.slice(0, longestAgent) ?? null,
    action,
    resourceKind: resource?.kind ?? null,
    resourceId: resource?.id ?? null,
    details: JSON.stringify(details),
  };
  const mac = macOf(await logKey(runtime, workspaceId), row);
  let when: SQL | undefined;
  if (condition === "changed") when = changed;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM audit_events WHERE id = ${row.id})`;
  if (once) when = isNew;
  const isLast = sql`(SELECT last_id FROM audit_heads WHERE workspace_id = ${workspaceId}) = ${row.id} AND ${isNew}`;
  const own = eq(auditHeads.workspaceId, workspaceId);
  const values = [
    row.id,
    workspaceId,
    sql`(SELECT count FROM audit_heads WHERE workspace_id = ${workspaceId})`,
    row.at,
    row.actorKind,
    row.actorId,
    row.keyId,
    action,
    row.resourceKind,
    row.resourceId,
    row.address,
    row.agent,
    row.requestId,
    row.details,
    mac,
    null,
  ].map((value) => sql`${value}`);
  return [
    db
      .update(auditHeads)
      .set({ count: sql`${auditHeads.count} + 1`, lastId: row.id })
      .where(and(own, when)),
    // In the order of the table's columns. Whether the head was changed cannot be told by changes() here: where messages were
    // written before, their full-text index is brought up to date as this statement begins.
    db.insert(auditEvents).select(sql`SELECT ${sql.join(values, sql`, `)} WHERE ${when ? isLast : sql`true`}`),
  ];
}
