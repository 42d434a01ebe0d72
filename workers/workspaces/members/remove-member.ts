import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { Problem } from "../../platform/errors.ts";
import { audited } from "../audited.ts";
import { tags } from "../contract.ts";
import { operation } from "../operation.ts";
import { getManaged } from "./change-member.ts";
import { deleteMember } from "./member-queries.ts";

const changed = () => new Problem("conflict", "This member was changed at the same time. Look again.");

/** Takes somebody out of the workspace and ends their keys there. What they made stays the workspace's. */
export const removeMember = operation({
  summary: "Take somebody out of a workspace; their API keys there end",
  tags,
  action: "member.remove",
  atWorkspace: true,
  audit: "member.removed",
  params: ["id", "user_id"],
  done: "They are out.",
  async run(ctx, { params: { user_id: userId } }) {
    const { workspaceId } = ctx.actor;
    const { role } = await getManaged(ctx, userId);
    const event = { action: "member.removed", resource: { kind: "user", id: userId }, details: { role } } as const;
    const audit = await audited(ctx, event, { condition: "changed" });
    if (!(await deleteMember(ctx.db, { workspaceId, userId, was: role }, ctx.clock.now(), audit))) throw changed();
    await forgetEverywhere(ctx, [`user:${userId}`]);
  },
});

/** Takes the actor themselves out. Throws `conflict` for the owner, without whom nobody could manage the workspace. */
export const leaveWorkspace = operation({
  summary: "Leave a workspace; your API keys there end",
  tags,
  action: "workspace.leave",
  atWorkspace: true,
  audit: "member.left",
  params: ["id"],
  done: "You have left.",
  async run(ctx) {
    const { db, clock, actor } = ctx;
    const { workspaceId, userId, role } = actor;
    if (role === "owner") {
      throw new Problem("conflict", "You own this workspace. Hand it over to another member first, or delete it.");
    }
    const event = { action: "member.left", resource: { kind: "user", id: userId }, details: { role } } as const;
    const audit = await audited(ctx, event, { condition: "changed" });
    if (!(await deleteMember(db, { workspaceId, userId, was: role }, clock.now(), audit))) throw changed();
    await forgetEverywhere(ctx, [`user:${userId}`]);
  },
});
