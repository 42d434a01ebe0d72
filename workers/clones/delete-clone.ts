import { notFound } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { cloneChanged } from "./clone-changes.ts";
import { tags } from "./contract.ts";
import { changeClone } from "./queries.ts";

/**
 * Makes a clone invisible at once and frees its slug. What it knew is removed in the background by the knowledge room, which
 * finds the row by `deletedAt`, so that a crash in between leaves nothing behind for good. Throws `not_found`.
 */
export const deleteClone = operation({
  summary: "Delete a clone with all it knows",
  tags,
  action: "clone.delete",
  audit: "clone.deleted",
  params: ["id"],
  done: "It is gone.",
  async run(ctx, { params: { id } }) {
    const now = ctx.clock.now();
    const changes = { deletedAt: now, updatedAt: now, slug: `deleted/${id}`, visibility: "private" } as const;
    const [gone] = await withAudit(ctx, changeClone(ctx.db, ctx.actor.workspaceId, id, changes), {
      action: "clone.deleted",
      resource: { kind: "clone", id },
    });
    if (!gone) throw notFound("clone");
    await cloneChanged(ctx, id);
  },
});
