import { notFound } from "../platform/errors.ts";
import type { Actor, Context } from "../workspaces/context.ts";
import { type CloneRow, findAnyClone } from "./queries.ts";

function mayTalk(actor: Actor, clone: CloneRow): boolean {
  if (actor.kind === "job") return true;
  const open = clone.visibility !== "private";
  if (actor.kind === "visitor") return open && clone.id === actor.cloneId;
  return open || clone.workspaceId === actor.workspaceId;
}

/** The clone that was read, where the actor may talk to it. Throws `not_found` for a missing and a closed one alike. */
export function requireTalkable({ actor }: Pick<Context, "actor">, clone: CloneRow | null | undefined): CloneRow {
  if (!clone || !mayTalk(actor, clone)) throw notFound("clone");
  return clone;
}

/**
 * A clone that the actor may talk to: their workspace's own, a public or unlisted one, and for a visitor only the one they
 * came for. Throws `not_found` for all others.
 */
export function getTalkableClone(ctx: Context, id: string): Promise<CloneRow> {
  return talkable(ctx, { id });
}

/** A clone that the actor may talk to, by its slug. Throws `not_found`. */
export function getTalkableCloneBySlug(ctx: Context, slug: string): Promise<CloneRow> {
  return talkable(ctx, { slug });
}

async function talkable(ctx: Context, by: { id: string } | { slug: string }): Promise<CloneRow> {
  return requireTalkable(ctx, await findAnyClone(ctx.db, by));
}
