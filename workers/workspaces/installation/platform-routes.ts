import { z } from "zod";
import { workspacesOf } from "../../audit/queries.ts";
import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { decodeCursor, encodeCursor } from "../../platform/http/pages.ts";
import { audited, withAudit } from "../audited.ts";
import { platformQuery, platformUserPage, platformWorkspacePage, suspensionInput } from "../contract.ts";
import { createRouter } from "../http.ts";
import { permitted, requires } from "../permissions.ts";
import { forgetStanding } from "../standing.ts";
import { listAllUsers, listAllWorkspaces, suspendUser, suspendWorkspace } from "./platform-queries.ts";

const tags = ["Platform"];
const position = z.tuple([z.number(), z.string()]);
const ends = "Within five seconds their streams end, and their sessions and API keys are refused. Nothing is deleted.";

/** For whoever runs the installation. */
export const platformRoutes = createRouter()
  .get(
    "/platform/workspaces",
    requires("platform.read"),
    describe({ summary: "All workspaces, newest first", tags, responses: { 200: platformWorkspacePage } }),
    validate("query", platformQuery),
    async (c) => {
      const { cursor, limit, query } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listAllWorkspaces(c.var.ctx.db, { query, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last ? encodeCursor([last.createdAt, last.id]) : null;
      const data = page.map(({ createdAt, suspendedAt, ...row }) => ({
        ...row,
        suspended: suspendedAt !== null,
        created_at: iso(createdAt),
      }));
      return c.json({ data, next_cursor: next }, 200);
    },
  )
  .put(
    "/platform/workspaces/:id/suspension",
    requires("platform.suspend"),
    describe({ summary: "Suspend a workspace, or let it go on", description: ends, tags, responses: { 204: "Done." } }),
    validate("json", suspensionInput),
    async (c) => {
      const { ctx } = c.var;
      const id = c.req.param("id");
      const at = c.req.valid("json").suspended ? ctx.clock.now() : null;
      const action = at === null ? "workspace.resumed" : "workspace.suspended";
      const event = { action, resource: { kind: "workspace", id } } as const;
      const changed = await withAudit(ctx, suspendWorkspace(ctx.db, id, at), event, { workspaceId: id });
      if (changed.length === 0) throw notFound("workspace");
      forgetStanding({ workspaceId: id });
      return c.body(null, 204);
    },
  )
  .get(
    "/platform/users",
    requires("platform.read"),
    describe({ summary: "All people, newest first", tags, responses: { 200: platformUserPage } }),
    validate("query", platformQuery),
    async (c) => {
      const { cursor, limit, query } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listAllUsers(c.var.ctx.db, { query, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last ? encodeCursor([last.createdAt.getTime(), last.id]) : null;
      const data = page.map(({ id, name, email, platformRole, suspendedAt, createdAt }) => ({
        id,
        name,
        email,
        super_admin: platformRole === "super_admin",
        suspended: suspendedAt !== null,
        created_at: iso(createdAt.getTime()),
      }));
      return c.json({ data, next_cursor: next }, 200);
    },
  )
  .put(
    "/platform/users/:id/suspension",
    requires("platform.suspend"),
    describe({
      summary: "Suspend a person everywhere, or let them in again",
      description: `${ends} Whoever runs the installation cannot be suspended.`,
      tags,
      responses: { 204: "Done." },
    }),
    validate("json", suspensionInput),
    async (c) => {
      const { ctx } = c.var;
      const id = c.req.param("id");
      const at = c.req.valid("json").suspended ? ctx.clock.now() : null;
      // In the actor's own log, and in those of the person's workspaces.
      const event = {
        action: at === null ? "account.resumed" : "account.suspended",
        resource: { kind: "user", id },
      } as const;
      const logs = new Set([permitted(ctx, "platform.suspend").actor.workspaceId, ...(await workspacesOf(ctx.db, id))]);
      const audit = await Promise.all(
        [...logs].map((workspaceId) => audited(ctx, event, { workspaceId, condition: "changed" })),
      );
      if (!(await suspendUser(ctx.db, id, at, audit.flat()))) throw notFound("person whom you can suspend");
      forgetStanding({ userId: id });
      return c.body(null, 204);
    },
  );
