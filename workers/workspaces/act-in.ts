import { findReliably } from "../platform/changes/relying.ts";
import { notFound } from "../platform/errors.ts";
import type { Caller, UserActor } from "./context.ts";
import { requireAllowed } from "./permissions.ts";
import { membershipIn } from "./queries.ts";
import type { Action } from "./roles.ts";
import { placeIn, requireStanding } from "./standing.ts";

/** What somebody does in another of their workspaces, for input that names one. Throws `not_found` for a foreign one, `forbidden` where they may not do `action` there. */
export async function actIn<C extends Caller<UserActor>>(
  ctx: C,
  workspaceId: string | undefined,
  action: Action | null,
): Promise<C> {
  const there = workspaceId === undefined ? ctx : await at(ctx, workspaceId);
  requireAllowed(there, action);
  return there;
}

async function at<C extends Caller<UserActor>>(ctx: C, workspaceId: string): Promise<C> {
  if (workspaceId === ctx.actor.workspaceId) return ctx;
  // A key acts in the workspace that it was made for, whatever else its owner belongs to.
  if (ctx.actor.keyId) throw notFound("workspace");
  const place = { userId: ctx.actor.userId, workspaceId };
  const known = await findReliably(ctx, (relying) => placeIn(ctx, place, relying));
  // They may have come to it a moment ago, in another process.
  const membership = known ?? (await membershipIn(ctx.db, place.userId, workspaceId));
  if (!membership) throw notFound("workspace");
  requireStanding(membership);
  return { ...ctx, actor: { ...ctx.actor, workspaceId, role: membership.role } };
}
