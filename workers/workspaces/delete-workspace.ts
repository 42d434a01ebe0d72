import { notFound, Problem } from "../platform/errors.ts";
import { audited } from "./audited.ts";
import type { Context, UserActor } from "./context.ts";
import { closeWorkspace, membershipIn } from "./queries.ts";
import { forgetStanding } from "./standing.ts";

/**
 * Deletes the actor's workspace: nobody is let in from here on, its keys end, its clones answer nobody; what it held is removed in
 * the background. Throws `conflict` for a personal one.
 */
export async function deleteWorkspace(ctx: Context<UserActor>): Promise<void> {
  const { db, clock, actor } = ctx;
  const membership = await membershipIn(db, actor.userId, actor.workspaceId);
  if (membership?.kind === "personal") {
    throw new Problem("conflict", "This is your personal workspace. It goes with your account.");
  }
  const event = { action: "workspace.deleted", resource: { kind: "workspace", id: actor.workspaceId } } as const;
  const audit = await audited(ctx, event, { condition: "changed" });
  if (!(await closeWorkspace(db, actor.workspaceId, clock.now(), audit))) throw notFound("workspace");
  forgetStanding({ workspaceId: actor.workspaceId });
}
