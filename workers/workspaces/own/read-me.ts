import { policyToAccept } from "../../accounts/consents.ts";
import { Problem } from "../../platform/errors.ts";
import { me } from "../contract.ts";
import { operation } from "../operation.ts";
import { membershipsOf } from "../queries.ts";

export const readMe = operation({
  summary: "Who is asking, and their workspaces",
  tags: ["Accounts"],
  action: null,
  output: me,
  async run(ctx) {
    if (!ctx.session) throw new Problem("unauthenticated", "Sign in to see your account.");
    const { user } = ctx.session;
    const own = (await membershipsOf(ctx.db, user.id)).filter(({ isSuspended }) => !isSuspended);
    return {
      user,
      workspace_id: ctx.actor.workspaceId,
      workspaces: own.map(({ id, name, kind, role }) => ({ id, name, kind, role })),
      super_admin: ctx.actor.isSuperAdmin,
      policy_to_accept: await policyToAccept(ctx, user.id),
    };
  },
});
