import { notFound } from "../platform/errors.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { changeClone } from "./queries.ts";

/**
 * Makes a clone invisible at once and frees its slug. What it knew is removed in the background by the knowledge room, which
 * finds the row by `deletedAt`, so that a crash in between leaves nothing behind for good. Throws `not_found`.
 */
export async function deleteClone(ctx: Context<UserActor>, id: string): Promise<void> {
  const now = ctx.clock.now();
  const gone = await changeClone(ctx.db, ctx.actor.workspaceId, id, {
    deletedAt: now,
    updatedAt: now,
    slug: `deleted/${id}`,
    visibility: "private",
  });
  if (!gone) throw notFound("clone");
}
