import type { Statement } from "../db/batch.ts";
import { newId } from "../platform/ids.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { AuditAction } from "./actions.ts";
import { type AuditRow, type Condition, insertEvent } from "./chain-queries.ts";
import { logKey, macOf } from "./log-key.ts";

export type { Condition };

/** Who is behind an event, and from where. Plain data: a queue message or an object may carry it to where the change is made. */
export type AuditSource = Pick<AuditRow, "actorKind" | "actorId" | "keyId" | "address" | "agent" | "requestId">;

/** What happened. Details are small facts; never what people wrote, and no secret. */
export interface AuditEvent {
  action: AuditAction;
  resource?: { kind: string; id: string };
  details?: Record<string, string | number | boolean | null | string[]>;
}

/** What puts events into a log, to be spread into the batch of the change. */
export type AuditStatements = Statement[];

const longestAgent = 300;

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
  return insertEvent(db, { ...row, mac: macOf(await logKey(runtime, workspaceId), row) }, condition);
}
