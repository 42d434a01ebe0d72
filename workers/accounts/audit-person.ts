import { originOf } from "../audit/origin.ts";
import { workspacesOf } from "../audit/queries.ts";
import { type AuditEvent, type AuditSource, auditStatements } from "../audit/record.ts";
import { connect } from "../db/client.ts";
import type { Runtime } from "../platform/runtime.ts";

/** Where a call about an account came from. */
export type From = Pick<AuditSource, "address" | "agent" | "requestId">;

/** Where a request came from, as the log keeps it. */
export function fromOf(c: { var: { runtime: Runtime; requestId: string }; req: { raw: Request } }): From {
  return { ...originOf(c.var.runtime, c.req.raw.headers), requestId: c.var.requestId };
}

/**
 * Tells in the log of each of a person's workspaces what happened to their account, in one batch. `actorKind` is `nobody` where it
 * is not known to have been them.
 */
export async function recordForPerson(
  runtime: Runtime,
  userId: string,
  from: From,
  event: Pick<AuditEvent, "action" | "details">,
  actorKind: "user" | "nobody" = "user",
): Promise<void> {
  const db = connect(runtime.env.DB);
  const source = { ...from, actorKind, actorId: actorKind === "user" ? userId : null, keyId: null };
  const whole = { ...event, resource: { kind: "user", id: userId } };
  const logs = await workspacesOf(db, userId);
  const statements = (
    await Promise.all(logs.map((id) => auditStatements({ ...runtime, db }, id, source, whole)))
  ).flat();
  const [first, ...others] = statements;
  if (first) await db.batch([first, ...others]);
}
