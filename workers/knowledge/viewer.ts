import { and, eq, inArray, or, type SQL } from "drizzle-orm";
import { documents } from "../db/schema/knowledge.ts";
import type { Actor } from "../workspaces/context.ts";

/** From where somebody looks at a clone's documents: as a member of its workspace, or from outside (null). */
export interface Viewer {
  memberId: string | null;
}

export function viewerOf(actor: Actor, { workspaceId }: { workspaceId: string }): Viewer {
  return { memberId: actor.kind === "user" && actor.workspaceId === workspaceId ? actor.userId : null };
}

/** The documents that a viewer may know of; in the WHERE of everything that is shown or answered from. */
export function visibleTo({ memberId }: Viewer): SQL | undefined {
  if (memberId === null) return eq(documents.access, "public");
  return or(inArray(documents.access, ["public", "members"]), eq(documents.createdBy, memberId));
}

/** Matches the documents that whoever asks may see, of whatever workspace: what `visibleTo` says of their own, else what is public. */
export function visibleToActor(actor: Actor): SQL | undefined {
  if (actor.kind === "job") return visibleTo({ memberId: null });
  const { memberId } = viewerOf(actor, actor);
  return or(visibleTo({ memberId: null }), and(eq(documents.workspaceId, actor.workspaceId), visibleTo({ memberId })));
}
