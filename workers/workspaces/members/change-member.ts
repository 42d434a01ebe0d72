import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { member, memberChanges, tags } from "../contract.ts";
import { operation } from "../operation.ts";
import { presentMember } from "../present.ts";
import { mayManage, type Role } from "../roles.ts";
import { findMember, type MemberRow, updateMember } from "./member-queries.ts";

/** A member whom the actor may manage. Throws `not_found`, `conflict` for an owner, `forbidden` for others who are as high. */
export async function getManaged({ db, actor }: Context<UserActor>, userId: string): Promise<MemberRow> {
  const member = await findMember(db, actor.workspaceId, userId);
  if (!member) throw notFound("member");
  if (member.role === "owner") {
    throw new Problem("conflict", "The owner stays as they are. They can hand the workspace over to another member.");
  }
  if (!mayManage(actor.role, member.role)) {
    throw new Problem("forbidden", `As ${actor.role} you cannot change people who are ${member.role}. Ask the owner.`);
  }
  return member;
}

/** Refuses a role that the actor may not give. Throws `forbidden`. */
export function requireGivable({ actor }: Context<UserActor>, role: Role): void {
  if (mayManage(actor.role, role)) return;
  throw new Problem("forbidden", `As ${actor.role} you cannot make anybody ${role}. Ask the owner.`);
}

/** Gives a member another role, suspends them or lets them in again; it counts within three seconds everywhere. */
export const changeMember = operation({
  summary: "Change a member’s role, suspend them, or let them in again",
  description:
    "Within five seconds a suspended member’s streams end and their sessions and API keys are refused in this workspace. What they made stays.",
  tags,
  action: "member.change",
  atWorkspace: true,
  audit: "member.changed",
  params: ["id", "user_id"],
  input: memberChanges,
  output: member,
  async run(ctx, { params: { user_id: userId }, body: { role, suspended } }) {
    const { workspaceId } = ctx.actor;
    const was = await getManaged(ctx, userId);
    if (role) requireGivable(ctx, role);
    const suspendedAt = suspended === undefined ? {} : { suspendedAt: suspended ? ctx.clock.now() : null };
    const changes = { ...(role ? { role } : {}), ...suspendedAt };
    const changed = await withAudit(ctx, updateMember(ctx.db, { workspaceId, userId, was: was.role }, changes), {
      action: "member.changed",
      resource: { kind: "user", id: userId },
      details: { ...(role ? { role, was: was.role } : {}), ...(suspended === undefined ? {} : { suspended }) },
    });
    if (changed.length === 0) {
      throw new Problem("conflict", "Somebody else changed this member at the same time. Look again.");
    }
    await forgetEverywhere(ctx, [`user:${userId}`]);
    return presentMember({ ...was, ...changes });
  },
});
