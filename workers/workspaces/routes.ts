import { policyToAccept } from "../accounts/consents.ts";
import { findSession } from "../accounts/read-session.ts";
import { Problem } from "../platform/errors.ts";
import { describe } from "../platform/http/http.ts";
import { type Me, me } from "./contract.ts";
import { createRouter } from "./http.ts";
import { membershipsOf } from "./queries.ts";

export const meRoutes = createRouter().get(
  "/me",
  describe({ summary: "Who is asking, and their workspaces", tags: ["Accounts"], responses: { 200: me } }),
  async (c) => {
    const { ctx } = c.var;
    const session = await findSession(ctx, c.var.credential);
    if (!session || ctx.actor.kind !== "user") throw new Problem("unauthenticated", "Sign in to see your account.");
    const { user } = session;
    const own = (await membershipsOf(ctx.db, user.id)).filter(({ isSuspended }) => !isSuspended);
    const body: Me = {
      user,
      workspace_id: ctx.actor.workspaceId,
      workspaces: own.map(({ id, name, kind, role }) => ({ id, name, kind, role })),
      super_admin: ctx.actor.isSuperAdmin,
      policy_to_accept: await policyToAccept(ctx, user.id),
    };
    return c.json(body);
  },
);
