import { Problem } from "../../platform/errors.ts";
import { audited } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { forgetStanding } from "../standing.ts";
import { getManaged } from "./change-member.ts";
import { deleteMember } from "./member-queries.ts";

const changed = () => new Problem("conflict", "This member was changed at the same time. Look again.");

/** Takes somebody out of the workspace and ends their keys there. What they made stays the workspace's. */
export async function removeMember(ctx: Context<UserActor>, userId: string): Promise<void> {
  const { workspaceId } = ctx.actor;
  const { role } = await getManaged(ctx, userId);
  const event = { action: "member.removed", resource: { kind: "user", id: userId }, details: { role } } as const;
  const audit = await audited(ctx, event, { condition: "changed" });
  if (!(await deleteMember(ctx.db, { workspaceId, userId, was: role }, ctx.clock.now(), audit))) throw changed();
  forgetStanding({ userId });
}

/** Takes the actor themselves out. Throws `conflict` for the owner, without whom nobody could manage the workspace. */
export async function leaveWorkspace(ctx: Context<UserActor>): Promise<void> {
  const { db, clock, actor } = ctx;
  const { workspaceId, userId, role } = actor;
  if (role === "owner") {
    throw new Problem("conflict", "You own this workspace. Hand it over to another member first, or delete it.");
  }
  const event = { action: "member.left", resource: { kind: "user", id: userId }, details: { role } } as const;
  const audit = await audited(ctx, event, { condition: "changed" });
  if (!(await deleteMember(db, { workspaceId, userId, was: role }, clock.now(), audit))) throw changed();
  forgetStanding({ userId });
}
