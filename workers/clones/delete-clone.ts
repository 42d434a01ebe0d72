import { notFound } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { changeClone } from "./queries.ts";

/**
 * Makes a clone invisible at once and frees its slug. What it knew is removed in the background by the knowledge room, which
 * finds the row by `deletedAt`, so that a crash in between leaves nothing behind for good. Throws `not_found`.
 */
export async function deleteClone(ctx: Context<UserActor>, id: string): Promise<void> {
  const now = ctx.clock.now();
  const changes = { deletedAt: now, updatedAt: now, slug: `deleted/${id}`, visibility: "private" } as const;
  const [gone] = await withAudit(ctx, changeClone(ctx.db, ctx.actor.workspaceId, id, changes), {
    action: "clone.deleted",
    resource: { kind: "clone", id },
  });
  if (!gone) throw notFound("clone");
}
