import { Problem } from "../platform/errors.ts";
import type { Context } from "../workspaces/context.ts";
import type { Owner } from "./queries.ts";

/** Whose conversations the actor may touch: their own, and nobody else's. Throws for jobs, which own none. */
export function ownerOf({ actor }: Context): Owner {
  if (actor.kind === "user") return { workspaceId: actor.workspaceId, userId: actor.userId };
  if (actor.kind === "visitor") {
    return { workspaceId: actor.workspaceId, visitorId: actor.visitorId, cloneId: actor.cloneId };
  }
  throw new Problem("unauthenticated", "Sign in to do this.");
}
