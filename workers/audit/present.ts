import { iso } from "../platform/clock.ts";
import type { AuditAction } from "./actions.ts";
import type { WireAuditEvent } from "./contract.ts";
import type { ListedEvent } from "./queries.ts";

/** An event as the API shows it. */
export function presentEvent(row: ListedEvent): WireAuditEvent {
  return {
    id: row.id,
    seq: row.seq,
    at: iso(row.at),
    action: row.action as AuditAction,
    actor: {
      kind: row.actorKind,
      id: row.actorId,
      name: row.person?.name ?? null,
      email: row.person?.email ?? null,
      key_id: row.keyId,
    },
    resource: row.resourceKind && row.resourceId ? { kind: row.resourceKind, id: row.resourceId } : null,
    address: row.address,
    agent: row.agent,
    request_id: row.requestId,
    details: JSON.parse(row.details) as Record<string, unknown>,
    hash: row.hash,
  };
}
