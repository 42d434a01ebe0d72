import { notFound } from "../platform/errors.ts";
import type { Context, UserActor } from "./context.ts";
import { membershipIn } from "./queries.ts";
import { requireStanding } from "./standing.ts";

/** The same context in another of the person's workspaces, for input that names one. Throws `not_found` for a foreign one. */
export async function actIn(ctx: Context<UserActor>, workspaceId: string | undefined): Promise<Context<UserActor>> {
  if (workspaceId === undefined || workspaceId === ctx.actor.workspaceId) return ctx;
  // A key acts in the workspace that it was made for, whatever else its owner belongs to.
  if (ctx.actor.keyId) throw notFound("workspace");
  const membership = await membershipIn(ctx.db, ctx.actor.userId, workspaceId);
  if (!membership) throw notFound("workspace");
  requireStanding(membership);
  return { ...ctx, actor: { ...ctx.actor, workspaceId, role: membership.role } };
}
