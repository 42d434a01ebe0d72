import { originOf } from "../audit/origin.ts";
import { workspacesOf } from "../audit/queries.ts";
import {
  type AuditEvent,
  type AuditSource,
  type AuditStatements,
  auditStatements,
  type Condition,
} from "../audit/record.ts";
import type { Runtime } from "../platform/runtime.ts";

/** Where a call about an account came from. */
export type From = Pick<AuditSource, "address" | "agent" | "requestId">;

/** Where a request came from, as the log keeps it. */
export function fromOf(call: Runtime & { headers: Headers; requestId: string }): From {
  return { ...originOf(call, call.headers), requestId: call.requestId };
}

type PersonEvent = Pick<AuditEvent, "action" | "details">;

interface PersonOptions {
  condition?: Condition;
  /** `nobody` where it is not known to have been them. */
  actorKind?: "user" | "nobody";
}

/**
 * What tells in the log of each of a person's workspaces what happened to their account, to stand in the batch of the change: by
 * default behind the statement that makes it, and only where that changed something.
 */
export async function personAudit(
  runtime: Runtime,
  userId: string,
  from: From,
  event: PersonEvent,
  { condition = "changed", actorKind = "user" }: PersonOptions = {},
): Promise<AuditStatements> {
  const source = { ...from, actorKind, actorId: actorKind === "user" ? userId : null, keyId: null };
  const whole = { ...event, resource: { kind: "user", id: userId } };
  const logs = await workspacesOf(runtime.db, userId);
  return (await Promise.all(logs.map((id) => auditStatements(runtime, id, source, whole, condition)))).flat();
}

/** Tells of what changes nothing: that somebody failed to sign in. */
export async function recordRefusal(
  call: Runtime & { from: From },
  userId: string,
  by: "password" | "code" | "passkey" | "ldap",
  reason?: "counter",
): Promise<void> {
  const event = { action: "session.refused", details: { by, ...(reason ? { reason } : {}) } } as const;
  const options = { condition: "always", actorKind: "nobody" } as const;
  const [first, ...others] = await personAudit(call, userId, call.from, event, options);
  if (first) await call.db.batch([first, ...others]);
}
