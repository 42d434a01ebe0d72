import { Problem } from "../platform/errors.ts";
import type { Context } from "../workspaces/context.ts";
import type { ConversationRow, Owner } from "./queries.ts";

/** Whose conversations the actor may touch: their own, and nobody else's. Throws for jobs, which own none. */
export function ownerOf({ actor }: Pick<Context, "actor">): Owner {
  if (actor.kind === "user") return { workspaceId: actor.workspaceId, userId: actor.userId };
  if (actor.kind === "visitor") {
    return { workspaceId: actor.workspaceId, visitorId: actor.visitorId, cloneId: actor.cloneId };
  }
  throw new Problem("unauthenticated", "Sign in to do this.");
}

/** Whether a conversation is theirs: what `owned` asks of D1, of one that is at hand. */
export function owns(owner: Owner, { workspaceId, userId, visitorId, cloneId }: ConversationRow): boolean {
  if (owner.workspaceId !== workspaceId) return false;
  return "userId" in owner ? owner.userId === userId : owner.visitorId === visitorId && owner.cloneId === cloneId;
}
