import { bothInput } from "../accounts/contract.ts";
import { requireSession } from "../accounts/read-session.ts";
import { describe, validate } from "../platform/http/http.ts";
import { streamed } from "../platform/http/streamed.ts";
import { atWorkspace } from "../workspaces/at-workspace.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { createRouter } from "../workspaces/http.ts";
import { erasureStarted } from "./contract.ts";
import { eraseWorkspace } from "./erase-workspace.ts";
import { archiveHeaders } from "./export-headers.ts";
import { exportWorkspace } from "./export-workspace.ts";

const tags = ["Workspaces"];

/** What a workspace has, for its owner: to take out, and to have erased. */
export const workspaceDataRoutes = createRouter()
  .post(
    "/workspaces/:id/export",
    atWorkspace("workspace.export"),
    describe({
      summary: "Take out everything that a workspace has",
      description:
        "A ZIP, written as it is read: settings, members, invitations, keys without their secrets, shares, the conversations of all members and visitors, the audit log, tests, usage, clones, and all documents with their files. The audit log tells of it.",
      tags,
      responses: { 200: "The archive (`application/zip`)." },
    }),
    async (c) => {
      const { ctx } = c.var;
      const archive = await exportWorkspace(ctx);
      const resource = { kind: "workspace", id: ctx.actor.workspaceId };
      await recordAudit(ctx, { action: "workspace.exported", resource });
      return c.body(streamed(ctx.log, archive), 200, archiveHeaders("understudy-workspace", ctx.clock.now()));
    },
  )
  .post(
    "/workspaces/:id/erasure",
    atWorkspace("workspace.delete"),
    describe({
      summary: "Erase a shared workspace",
      description:
        "At once: nobody is let in any more, its clones answer nobody, its API keys and invitations end. Within some time everything in it is removed, and the list of it signed. Takes the password, and a code where the second factor is on. There is no way back.",
      tags,
      responses: { 202: erasureStarted },
    }),
    validate("json", bothInput),
    async (c) => {
      const session = await requireSession(c.var.ctx, c.var.credential);
      const token = await eraseWorkspace(c.var.ctx, session, c.req.valid("json"));
      return c.json({ status: "running" as const, token }, 202);
    },
  )
  .delete(
    "/workspaces/:id",
    atWorkspace("workspace.delete"),
    describe({
      summary: "Delete a shared workspace with everything in it",
      description:
        "The same as its erasure, without a password: within ten minutes of signing in. The link to the signed list is mailed.",
      tags,
      responses: { 204: "It is gone." },
    }),
    async (c) => {
      const session = await requireSession(c.var.ctx, c.var.credential);
      await eraseWorkspace(c.var.ctx, session, null);
      return c.body(null, 204);
    },
  );
