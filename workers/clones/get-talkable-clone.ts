import { notFound } from "../platform/errors.ts";
import type { Actor, Context } from "../workspaces/context.ts";
import { type CloneRow, findAnyClone } from "./queries.ts";

function mayTalk(actor: Actor, clone: CloneRow): boolean {
  if (actor.kind === "job") return true;
  const open = clone.visibility !== "private";
  if (actor.kind === "visitor") return open && clone.id === actor.cloneId;
  return open || clone.workspaceId === actor.workspaceId;
}

/**
 * A clone that the actor may talk to: their workspace's own, a public or unlisted one, and for a visitor only the one they
 * came for. Throws `not_found` for all others.
 */
export async function getTalkableClone(ctx: Context, id: string): Promise<CloneRow> {
  const row = await findAnyClone(ctx.db, { id });
  if (!row || !mayTalk(ctx.actor, row)) throw notFound("clone");
  return row;
}
