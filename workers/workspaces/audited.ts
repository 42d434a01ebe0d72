import type { From } from "../accounts/audit-person.ts";
import { type AuditEvent, type AuditSource, auditStatements, type Condition } from "../audit/record.ts";
import type { Statement } from "../db/batch.ts";
import type { Caller } from "./context.ts";

/** Where it is asked from, as an audit log keeps it. */
export function whenceOf({ origin, requestId }: Caller): From {
  return { address: origin?.address ?? null, agent: origin?.agent ?? null, requestId };
}

/** Who is asking, as an audit log keeps it. */
export function auditSource(ctx: Caller): AuditSource {
  const { actor } = ctx;
  const from = whenceOf(ctx);
  switch (actor.kind) {
    case "user":
      return { ...from, actorKind: actor.keyId ? "key" : "user", actorId: actor.userId, keyId: actor.keyId };
    case "visitor":
      return { ...from, actorKind: "visitor", actorId: actor.visitorId, keyId: null };
    case "job":
      return { ...from, actorKind: "job", actorId: actor.job, keyId: null };
  }
}

interface AuditOptions {
  condition?: Condition;
  /** Where it is not the actor's own workspace. */
  workspaceId?: string;
}

/** The statements that put an event into the audit log of the actor's workspace, to stand in the batch of the change itself. */
export function audited(ctx: Caller, event: AuditEvent, { condition, workspaceId }: AuditOptions = {}) {
  const own = ctx.actor.kind === "job" ? undefined : ctx.actor.workspaceId;
  const log = workspaceId ?? own;
  if (log === undefined) throw new Error(`Nobody says whose “${event.action}” this is.`);
  return auditStatements(ctx, log, auditSource(ctx), event, condition);
}

/** Runs a change and tells it in the audit log, in one batch; not where it changed nothing. Returns what the change did. */
export async function withAudit<S extends Statement>(
  ctx: Caller,
  change: S,
  event: AuditEvent,
  options: Pick<AuditOptions, "workspaceId"> = {},
): Promise<S["_"]["result"]> {
  const [result] = await ctx.db.batch([change, ...(await audited(ctx, event, { condition: "changed", ...options }))]);
  return result as S["_"]["result"];
}

/** Puts an event into the audit log that changes nothing itself. */
export async function recordAudit(ctx: Caller, event: AuditEvent, workspaceId?: string): Promise<void> {
  await ctx.db.batch(await audited(ctx, event, workspaceId === undefined ? {} : { workspaceId }));
}
