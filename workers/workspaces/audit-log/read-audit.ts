import { z } from "zod";
import {
  type AuditQuery,
  auditExportQuery,
  auditPage,
  auditQuery,
  verification,
  verifyQuery,
} from "../../audit/contract.ts";
import { exportLog } from "../../audit/export-log.ts";
import { presentEvent } from "../../audit/present.ts";
import { type AuditFilter, listEvents } from "../../audit/queries.ts";
import { verifyLog } from "../../audit/verify.ts";
import { decodeCursor, encodeCursor } from "../../platform/http/paging.ts";
import { recordAudit } from "../audited.ts";
import { operation } from "../operation.ts";

const tags = ["Audit log"];
/** Owners, in a session: a key that leaked must not show where people sign in from. */
const readers = { tags, action: "audit.read", inPerson: true } as const;

const filterOf = ({ action, actor_id, resource_id, from, until }: AuditQuery): AuditFilter => ({
  action,
  actorId: actor_id,
  resourceId: resource_id,
  from: from === undefined ? undefined : Date.parse(from),
  until: until === undefined ? undefined : Date.parse(until),
});

export const listAuditEvents = operation({
  summary: "What was done in the workspace, newest first",
  ...readers,
  query: auditQuery,
  output: auditPage,
  async run({ db, actor }, { query: { cursor, limit, ...query } }) {
    const before = cursor ? decodeCursor(cursor, z.tuple([z.number()]))[0] : null;
    const rows = await listEvents(db, actor.workspaceId, { filter: filterOf(query), before, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { data: shown.map(presentEvent), next_cursor: last ? encodeCursor([last.seq]) : null };
  },
});

export const exportAuditLog = operation({
  summary: "The audit log as a file",
  description:
    "CSV, in which no cell is a formula, or JSON. `X-Audit-Head` and the JSON’s `head` say where the chain stands.",
  ...readers,
  scope: "read",
  audit: "audit.exported",
  query: auditExportQuery,
  async run(ctx, { query: { format, ...query } }) {
    const { workspaceId } = ctx.actor;
    await recordAudit(ctx, { action: "audit.exported", details: { format } });
    const { head } = await verifyLog(ctx, workspaceId, null);
    return { head, format, stream: exportLog(ctx, workspaceId, { filter: filterOf(query), format, head }) };
  },
});

export const verifyAuditLog = operation({
  summary: "Whether the audit log is whole",
  description:
    "Walks through the chain: events that were removed, changed or moved are told by their number. Give the head of an earlier check or export as `seq` and `hash`, and it is also told whether the log was cut off and written anew since.",
  ...readers,
  query: verifyQuery,
  output: verification,
  async run(ctx, { query: { seq, hash } }) {
    const anchor = seq === undefined || hash === undefined ? null : { seq, hash };
    const found = await verifyLog(ctx, ctx.actor.workspaceId, anchor);
    return { ok: found.breaks.length === 0, ...found };
  },
});
