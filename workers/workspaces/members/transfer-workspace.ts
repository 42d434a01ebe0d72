import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { withAudit } from "../audited.ts";
import { tags, transferInput } from "../contract.ts";
import { operation } from "../operation.ts";
import { membershipIn } from "../queries.ts";
import { findMember, swapOwner } from "./member-queries.ts";

/** Hands the workspace over to another member; who had it becomes an admin. Throws `not_found` and `conflict`. */
export const transferWorkspace = operation({
  summary: "Hand a workspace over to another member; you become an admin of it",
  tags,
  action: "workspace.transfer",
  atWorkspace: true,
  audit: "workspace.transferred",
  params: ["id"],
  input: transferInput,
  done: "It has another owner.",
  async run(ctx, { body: { user_id: userId } }) {
    const { db, actor } = ctx;
    const { workspaceId } = actor;
    const [own, heir] = await Promise.all([
      membershipIn(db, actor.userId, workspaceId),
      findMember(db, workspaceId, userId),
    ]);
    if (!heir) throw notFound("member");
    if (own?.kind === "personal") {
      throw new Problem("conflict", "This is your personal workspace. Make a shared one to hand over.");
    }
    if (heir.suspendedAt !== null) throw new Problem("conflict", "This member is suspended. Let them in again first.");
    const swapped = await withAudit(ctx, swapOwner(db, workspaceId, actor.userId, userId), {
      action: "workspace.transferred",
      resource: { kind: "user", id: userId },
    });
    if (swapped.length < 2) {
      throw new Problem("conflict", "This workspace cannot be handed over to this member. Look again who owns it.");
    }
    await forgetEverywhere(ctx, [`workspace:${workspaceId}`]);
  },
});
