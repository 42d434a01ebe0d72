import { bothInput } from "../accounts/contract.ts";
import { mails, sendNotice } from "../accounts/mails.ts";
import { requireFresh } from "../accounts/read-session.ts";
import { requireBoth } from "../accounts/two-factor.ts";
import { forgetEverywhere } from "../platform/changes/changes.ts";
import { notFound, Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { audited } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { operation } from "../workspaces/operation.ts";
import { sessionOf } from "../workspaces/permissions.ts";
import { type Membership, membershipsOf } from "../workspaces/queries.ts";
import { closeWorkspace } from "./closing-queries.ts";
import { erasureStarted } from "./contract.ts";
import { erasureToken } from "./erasure-record.ts";

const owners = {
  tags: ["Workspaces"],
  action: "workspace.delete",
  atWorkspace: true,
  audit: "workspace.deleted",
  params: ["id"],
} as const;

/** In the workspace's own log, which goes with it, and in that of the owner's personal one, which stays. */
async function auditOf(ctx: Context<UserActor>, own: Membership[], erasureId: string) {
  const { workspaceId } = ctx.actor;
  const home = own.find(({ kind }) => kind === "personal")?.id;
  const event = {
    action: "workspace.deleted",
    resource: { kind: "workspace", id: workspaceId },
    details: { erasure_id: erasureId },
  } as const;
  const logs = [workspaceId, ...(home ? [home] : [])];
  return (await Promise.all(logs.map((log) => audited(ctx, event, { condition: "changed", workspaceId: log })))).flat();
}

/**
 * Closes the actor's shared workspace for good, at once: nobody is let in from here on, its keys end, its clones answer nobody; the cron
 * removes what it held. Takes what a sign-in takes, or one within the last minutes where `both` is null. Returns the token that the erasure is read
 * with. Throws `conflict` for a personal workspace, `validation_failed` for a wrong password or code.
 */
async function close(
  ctx: Context<UserActor>,
  both: { password: string; code?: string | undefined } | null,
): Promise<string> {
  const { db, clock, actor } = ctx;
  const session = sessionOf(ctx);
  const { userId, workspaceId } = actor;
  const own = await membershipsOf(db, userId);
  const membership = own.find(({ id }) => id === workspaceId);
  if (!membership) throw notFound("workspace");
  // Before the code, which counts once.
  if (membership.kind === "personal") {
    throw new Problem("conflict", "This is your personal workspace. It goes with your account.");
  }
  if (both) await requireBoth(ctx, session, both);
  else requireFresh(ctx, session);
  const of = { id: newId("erasure"), userId, workspaceId };
  const audit = await auditOf(ctx, own, of.id);
  if (!(await closeWorkspace(db, of, { now: clock.now(), audit }))) {
    throw new Problem("conflict", "This workspace is closed already, or it is somebody else’s now. Look again.");
  }
  await forgetEverywhere(ctx, [`workspace:${workspaceId}`]);
  ctx.log.info("erasure_requested", { erasure_id: of.id });
  const token = await erasureToken(ctx.config, of.id, clock.now());
  await sendNotice(ctx, mails.workspaceErased(ctx, session.user.email, membership.name, token));
  return token;
}

export const eraseWorkspace = operation({
  summary: "Erase a shared workspace",
  description:
    "At once: nobody is let in any more, its clones answer nobody, its API keys and invitations end. Within some time everything in it is removed, and the list of it signed. Takes the password, and a code where the second factor is on. There is no way back.",
  ...owners,
  input: bothInput,
  output: erasureStarted,
  run: async (ctx, { body }) => ({ status: "running" as const, token: await close(ctx, body) }),
});

export const deleteWorkspace = operation({
  summary: "Delete a shared workspace with everything in it",
  description:
    "Like its erasure, without a password: within ten minutes of signing in. The link to the signed list is mailed.",
  ...owners,
  done: "It is gone.",
  async run(ctx) {
    await close(ctx, null);
  },
});
