import { setCookie } from "hono/cookie";
import { notFound } from "../platform/errors.ts";
import { describe, validate } from "../platform/http/http.ts";
import { actIn } from "./act-in.ts";
import { atWorkspace } from "./at-workspace.ts";
import { withAudit } from "./audited.ts";
import { chosenCookie } from "./chosen-cookie.ts";
import { switchInput, transferInput, workspace, workspaceInput, workspaceList } from "./contract.ts";
import { createWorkspace } from "./create-workspace.ts";
import { createRouter } from "./http.ts";
import { leaveWorkspace } from "./members/remove-member.ts";
import { transferWorkspace } from "./members/transfer-workspace.ts";
import { requirePerson } from "./permissions.ts";
import { presentWorkspace } from "./present.ts";
import { membershipIn, membershipsOf, renameWorkspace } from "./queries.ts";
import { forgetStanding } from "./standing.ts";

const tags = ["Workspaces"];

export const workspaceRoutes = createRouter()
  .get(
    "/workspaces",
    describe({ summary: "Your workspaces, the personal one first", tags, responses: { 200: workspaceList } }),
    async (c) => {
      const { db, actor } = requirePerson(c.var.ctx);
      const own = await membershipsOf(db, actor.userId);
      return c.json({ data: own.map(presentWorkspace), next_cursor: null }, 200);
    },
  )
  .post(
    "/workspaces",
    describe({ summary: "Make a workspace to share with others", tags, responses: { 201: workspace } }),
    validate("json", workspaceInput),
    async (c) => c.json(await createWorkspace(requirePerson(c.var.ctx), c.req.valid("json").name), 201),
  )
  .put(
    "/me/workspace",
    describe({
      summary: "Choose the workspace that the app shows",
      description: "Sets a cookie, for pages. Programs send `X-Workspace-Id` instead.",
      tags,
      responses: { 204: "It is chosen." },
    }),
    validate("json", switchInput),
    async (c) => {
      const { config, actor } = await actIn(requirePerson(c.var.ctx), c.req.valid("json").workspace_id, null);
      setCookie(c, ...chosenCookie(config, actor.workspaceId));
      return c.body(null, 204);
    },
  )
  .get(
    "/workspaces/:id",
    atWorkspace("workspace.read"),
    describe({ summary: "Read a workspace", tags, responses: { 200: workspace } }),
    async (c) => {
      const { db, actor } = c.var.ctx;
      const own = await membershipIn(db, actor.userId, actor.workspaceId);
      if (!own) throw notFound("workspace");
      return c.json(presentWorkspace(own), 200);
    },
  )
  .patch(
    "/workspaces/:id",
    atWorkspace("workspace.rename"),
    describe({ summary: "Rename a workspace", tags, responses: { 200: workspace } }),
    validate("json", workspaceInput),
    async (c) => {
      const { ctx } = c.var;
      const { db, actor } = ctx;
      await withAudit(ctx, renameWorkspace(db, actor.workspaceId, c.req.valid("json").name), {
        action: "workspace.renamed",
        resource: { kind: "workspace", id: actor.workspaceId },
      });
      forgetStanding({ workspaceId: actor.workspaceId });
      const own = await membershipIn(db, actor.userId, actor.workspaceId);
      if (!own) throw notFound("workspace");
      return c.json(presentWorkspace(own), 200);
    },
  )
  .post(
    "/workspaces/:id/transfer",
    atWorkspace("workspace.transfer"),
    describe({
      summary: "Hand a workspace over to another member; you become an admin of it",
      tags,
      responses: { 204: "It has another owner." },
    }),
    validate("json", transferInput),
    async (c) => {
      await transferWorkspace(c.var.ctx, c.req.valid("json").user_id);
      return c.body(null, 204);
    },
  )
  .post(
    "/workspaces/:id/leave",
    atWorkspace("workspace.leave"),
    describe({ summary: "Leave a workspace; your API keys there end", tags, responses: { 204: "You have left." } }),
    async (c) => {
      await leaveWorkspace(c.var.ctx);
      return c.body(null, 204);
    },
  );
