import { notFound } from "../platform/errors.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { type CloneRow, findClone } from "./queries.ts";

/** A clone of the actor's workspace. Throws `not_found`, the same for a missing and a foreign one. */
export async function getClone(ctx: Context<UserActor>, id: string): Promise<CloneRow> {
  const row = await findClone(ctx.db, ctx.actor.workspaceId, id);
  if (!row) throw notFound("clone");
  return row;
}
