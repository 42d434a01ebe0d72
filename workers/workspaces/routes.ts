import { readSession } from "../accounts/read-session.ts";
import { Problem } from "../platform/errors.ts";
import { describe } from "../platform/http.ts";
import { type Me, me } from "./contract.ts";
import { createRouter } from "./http.ts";
import { membershipsOf } from "./queries.ts";

export const workspaceRoutes = createRouter().get(
  "/me",
  describe({ summary: "Who is asking, and their workspaces", tags: ["Accounts"], responses: { 200: me } }),
  async (c) => {
    const { ctx } = c.var;
    const user = await readSession(ctx, c.req.raw.headers);
    if (!user) throw new Problem("unauthenticated", "Sign in to see your account.");
    const memberships = await membershipsOf(ctx.db, user.id);
    const body: Me = { user, workspaces: memberships.map(({ id, name, role }) => ({ id, name, role })) };
    return c.json(body);
  },
);
