import type { Actor, UserActor } from "../workspaces/context.ts";

/** From where somebody looks at a clone's documents: as a member of its workspace, or from outside (null). */
export interface Viewer {
  memberId: string | null;
}

/** Who looks at a clone's documents, as long as it is not known whose clone that is. */
export type Asker = Pick<UserActor, "kind" | "userId" | "workspaceId"> | Pick<Exclude<Actor, UserActor>, "kind">;

export function viewerOf(asker: Asker, { workspaceId }: { workspaceId: string }): Viewer {
  return { memberId: asker.kind === "user" && asker.workspaceId === workspaceId ? asker.userId : null };
}

/** A viewer of a clone of this workspace as who asks. */
export const askerOf = ({ workspaceId, viewer }: { workspaceId: string; viewer: Viewer }): Asker =>
  viewer.memberId === null ? { kind: "job" } : { kind: "user", userId: viewer.memberId, workspaceId };
