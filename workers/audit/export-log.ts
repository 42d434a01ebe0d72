import { iso } from "../platform/clock.ts";
import { toCsv } from "../platform/http/csv.ts";
import { streamed } from "../platform/http/streamed.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { WireAuditEvent } from "./contract.ts";
import { presentEvent } from "./present.ts";
import { type AuditFilter, listEvents } from "./queries.ts";
import type { Verification } from "./verify.ts";

const page = 500;
const columns = [
  "seq",
  "at",
  "action",
  "actor_kind",
  "actor_id",
  "actor_name",
  "actor_email",
  "key_id",
  "resource_kind",
  "resource_id",
  "address",
  "agent",
  "request_id",
  "details",
  "hash",
];

const cells = ({ actor, resource, ...event }: WireAuditEvent) => [
  event.seq,
  event.at,
  event.action,
  actor.kind,
  actor.id,
  actor.name,
  actor.email,
  actor.key_id,
  resource?.kind,
  resource?.id,
  event.address,
  event.agent,
  event.request_id,
  JSON.stringify(event.details),
  event.hash,
];

async function* pagesOf({ db }: Runtime, workspaceId: string, filter: AuditFilter) {
  let before: number | null = null;
  for (;;) {
    const rows = await listEvents(db, workspaceId, { filter, before, limit: page });
    if (rows.length > 0) yield rows.map(presentEvent);
    before = rows.at(-1)?.seq ?? null;
    if (rows.length < page) return;
  }
}

async function* csv(ctx: Runtime, workspaceId: string, filter: AuditFilter) {
  yield `${toCsv([columns])}\r\n`;
  for await (const events of pagesOf(ctx, workspaceId, filter)) yield `${toCsv(events.map(cells))}\r\n`;
}

async function* json(ctx: Runtime, workspaceId: string, filter: AuditFilter, head: Verification["head"]) {
  const top = {
    format: "understudy.audit",
    version: 1,
    workspace_id: workspaceId,
    exported_at: iso(ctx.clock.now()),
    head,
  };
  yield `${JSON.stringify(top).slice(0, -1)},"events":[`;
  let separator = "\n";
  for await (const events of pagesOf(ctx, workspaceId, filter)) {
    yield separator + events.map((event) => JSON.stringify(event)).join(",\n");
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** A log as a file, newest first, a few hundred events at a time. `head` is where its chain stands. */
export function exportLog(
  ctx: Runtime,
  workspaceId: string,
  { filter, format, head }: { filter: AuditFilter; format: "csv" | "json"; head: Verification["head"] },
): ReadableStream<Uint8Array> {
  return streamed(ctx.log, format === "csv" ? csv(ctx, workspaceId, filter) : json(ctx, workspaceId, filter, head));
}
