import type { Actor } from "../workspaces/context.ts";

/** From where somebody looks at a clone's documents: as a member of its workspace, or from outside (null). */
export interface Viewer {
  memberId: string | null;
}

export function viewerOf(actor: Actor, { workspaceId }: { workspaceId: string }): Viewer {
  return { memberId: actor.kind === "user" && actor.workspaceId === workspaceId ? actor.userId : null };
}
