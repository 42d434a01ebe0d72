import { z } from "zod";
import {
  type AuditQuery,
  auditExportQuery,
  auditPage,
  auditQuery,
  verification,
  verifyQuery,
} from "../audit/contract.ts";
import { exportLog } from "../audit/export-log.ts";
import { presentEvent } from "../audit/present.ts";
import { type AuditFilter, listEvents } from "../audit/queries.ts";
import { verifyLog } from "../audit/verify.ts";
import { Problem } from "../platform/errors.ts";
import { describe, validate } from "../platform/http/http.ts";
import { decodeCursor, encodeCursor } from "../platform/http/pages.ts";
import { recordAudit } from "./audited.ts";
import type { Context, UserActor } from "./context.ts";
import { createRouter } from "./http.ts";
import { requireUser } from "./permissions.ts";

const tags = ["Audit log"];

/** Owners, in a session: a key that leaked must not show where people sign in from. */
function requireReader(ctx: Context): asserts ctx is Context<UserActor> {
  requireUser(ctx, "audit.read");
  if (ctx.actor.keyId) throw new Problem("forbidden", "The audit log is read by a signed-in owner.");
}

const filterOf = ({ action, actor_id, resource_id, from, until }: AuditQuery): AuditFilter => ({
  action,
  actorId: actor_id,
  resourceId: resource_id,
  from: from === undefined ? undefined : Date.parse(from),
  until: until === undefined ? undefined : Date.parse(until),
});

export const auditRoutes = createRouter()
  .get(
    "/audit",
    describe({ summary: "What was done in the workspace, newest first", tags, responses: { 200: auditPage } }),
    validate("query", auditQuery),
    async (c) => {
      const { ctx } = c.var;
      requireReader(ctx);
      const { cursor, limit, ...query } = c.req.valid("query");
      const before = cursor ? decodeCursor(cursor, z.tuple([z.number()]))[0] : null;
      const page = { filter: filterOf(query), before, limit: limit + 1 };
      const rows = await listEvents(ctx.db, ctx.actor.workspaceId, page);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return c.json({ data: shown.map(presentEvent), next_cursor: last ? encodeCursor([last.seq]) : null }, 200);
    },
  )
  .get(
    "/audit/export",
    describe({
      summary: "The audit log as a file",
      description:
        "CSV, in which no cell is a formula, or JSON. `X-Audit-Head` and the JSON’s `head` say where the chain stands.",
      tags,
      responses: { 200: "The events, newest first." },
    }),
    validate("query", auditExportQuery),
    async (c) => {
      const { ctx } = c.var;
      requireReader(ctx);
      const { format, ...query } = c.req.valid("query");
      const { workspaceId } = ctx.actor;
      await recordAudit(ctx, { action: "audit.exported", details: { format } });
      const { head } = await verifyLog(ctx, workspaceId, null);
      const stream = exportLog(ctx, workspaceId, { filter: filterOf(query), format, head });
      return c.body(stream, 200, {
        "Content-Type": format === "csv" ? "text/csv; charset=utf-8" : "application/json",
        "Content-Disposition": `attachment; filename="audit-log.${format}"`,
        "Cache-Control": "no-store",
        "X-Audit-Head": `${head.seq}:${head.hash}`,
      });
    },
  )
  .get(
    "/audit/verify",
    describe({
      summary: "Whether the audit log is whole",
      description:
        "Walks through the chain: events that were removed, changed or moved are told by their number. Give the head of an earlier check or export as `seq` and `hash`, and it is also told whether the log was cut off and written anew since.",
      tags,
      responses: { 200: verification },
    }),
    validate("query", verifyQuery),
    async (c) => {
      const { ctx } = c.var;
      requireReader(ctx);
      const { seq, hash } = c.req.valid("query");
      const anchor = seq === undefined || hash === undefined ? null : { seq, hash };
      const found = await verifyLog(ctx, ctx.actor.workspaceId, anchor);
      return c.json({ ok: found.breaks.length === 0, ...found }, 200);
    },
  );
