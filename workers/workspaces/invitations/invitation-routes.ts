import { z } from "zod";
import { notFound } from "../../platform/errors.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../../platform/http/pages.ts";
import { publicUrl } from "../../platform/http/public-url.ts";
import { atWorkspace } from "../at-workspace.ts";
import { withAudit } from "../audited.ts";
import { invitationInput, invitationPage, newInvitation } from "../contract.ts";
import { createRouter } from "../http.ts";
import { presentInvitation } from "../present.ts";
import { closeInvitation, listInvitationPage } from "./invitation-queries.ts";
import { invite } from "./invite.ts";
import { mailInvitation } from "./mail-invitation.ts";

const tags = ["Workspaces"];
const position = z.tuple([z.number(), z.string()]);

export const invitationRoutes = createRouter()
  .get(
    "/workspaces/:id/invitations",
    atWorkspace("invitation.read"),
    describe({
      summary: "The open invitations of a workspace, newest first",
      tags,
      responses: { 200: invitationPage },
    }),
    validate("query", pageQuery),
    async (c) => {
      const { db, actor, clock } = c.var.ctx;
      const { cursor, limit } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listInvitationPage(db, actor.workspaceId, { after, limit: limit + 1, now: clock.now() });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last ? encodeCursor([last.createdAt, last.id]) : null;
      return c.json({ data: page.map(presentInvitation), next_cursor: next }, 200);
    },
  )
  .post(
    "/workspaces/:id/invitations",
    atWorkspace("invitation.write"),
    describe({
      limit: "invitation",
      summary: "Invite somebody by their e-mail address",
      description:
        "A link is mailed to it, which works once, for seven days. Inviting an address again ends its older link.",
      tags,
      responses: { 201: newInvitation },
    }),
    validate("json", invitationInput),
    async (c) => {
      const { ctx } = c.var;
      const { row, token, workspaceName: workspace, inviterName: invitedBy } = await invite(ctx, c.req.valid("json"));
      const url = `${publicUrl(ctx.config)}/join/${token}`;
      const mailed = await mailInvitation(ctx, { to: row.email, workspace, invitedBy, url });
      return c.json({ ...presentInvitation(row), url, mailed }, 201);
    },
  )
  .delete(
    "/workspaces/:id/invitations/:invitation_id",
    atWorkspace("invitation.write"),
    describe({ summary: "Take an invitation back", tags, responses: { 204: "Its link has ended." } }),
    async (c) => {
      const { ctx } = c.var;
      const which = { id: c.req.param("invitation_id"), workspaceId: ctx.actor.workspaceId };
      const closed = await withAudit(ctx, closeInvitation(ctx.db, which, "revoked"), {
        action: "invitation.revoked",
        resource: { kind: "invitation", id: which.id },
      });
      if (closed.length === 0) throw notFound("invitation");
      return c.body(null, 204);
    },
  );
