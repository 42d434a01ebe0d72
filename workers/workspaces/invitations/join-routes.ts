import { Hono } from "hono";
import { fromOf } from "../../accounts/audit-person.ts";
import { findSession } from "../../accounts/read-session.ts";
import { originOf } from "../../audit/origin.ts";
import { iso } from "../../platform/clock.ts";
import { Problem } from "../../platform/errors.ts";
import { describe, type RuntimeEnv } from "../../platform/http/http.ts";
import { callOf } from "../../platform/open-operation.ts";
import { accepted, openInvitation } from "../contract.ts";
import { requireUnsuspended } from "../standing.ts";
import { acceptInvitation, declineInvitation, getInvitation } from "./answer-invitation.ts";

const tags = ["Workspaces"];

/** What the link in an invitation opens, before its reader is anybody here. */
export const joinRoutes = new Hono<RuntimeEnv>()
  .get(
    "/invitations/:token",
    describe({ summary: "What an invitation’s link invites to", tags, open: true, responses: { 200: openInvitation } }),
    async (c) => {
      const { clock } = c.var.runtime;
      const found = await getInvitation(c.var.runtime.db, c.req.param("token"), clock.now());
      const { email, role, expiresAt } = found.invitation;
      const body = { workspace: found.workspaceName, invited_by: found.inviterName, email, role };
      c.header("Cache-Control", "no-store");
      return c.json({ ...body, expires_at: iso(expiresAt) }, 200);
    },
  )
  .post(
    "/invitations/:token/accept",
    describe({ summary: "Join by an invitation’s link", tags, responses: { 200: accepted } }),
    async (c) => {
      const { runtime } = c.var;
      const user = (await findSession(runtime, c.var.credential))?.user;
      if (!user) throw new Problem("unauthenticated", "Sign in with the address that was invited, then accept.");
      await requireUnsuspended(runtime, user, originOf(runtime, c.req.raw.headers));
      const workspaceId = await acceptInvitation(runtime, user, c.req.param("token"), fromOf(callOf(c)));
      return c.json({ workspace_id: workspaceId }, 200);
    },
  )
  .post(
    "/invitations/:token/decline",
    describe({ summary: "Say no to an invitation", tags, open: true, responses: { 204: "Its link has ended." } }),
    async (c) => {
      await declineInvitation(c.var.runtime, c.req.param("token"), fromOf(callOf(c)));
      return c.body(null, 204);
    },
  );
