import type { User } from "../../accounts/contract.ts";
import { accountOperation, ownOperation } from "../../accounts/operation.ts";
import { auditStatements } from "../../audit/record.ts";
import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { iso } from "../../platform/clock.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { openOperation } from "../../platform/open-operation.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { accepted, openInvitation, tags } from "../contract.ts";
import { requireUnsuspended } from "../standing.ts";
import { closeInvitation, findAccepted, findInvitationByToken, takeInvitation } from "./invitation-queries.ts";
import { tokenHashOf } from "./invite.ts";

const over = () => notFound("invitation: it was used, taken back or has expired. Ask for a new one");

/** The open invitation behind a link. Throws `not_found` for one that was used, taken back or has expired. */
async function getInvitation({ db, clock }: Runtime, token: string) {
  const found = await findInvitationByToken(db, tokenHashOf(token), clock.now());
  if (!found) throw over();
  return found;
}

export const readInvitation = openOperation({
  summary: "What an invitation’s link invites to",
  tags,
  params: ["token"],
  output: openInvitation,
  async run(call, { params: { token } }) {
    const { invitation, workspaceName, inviterName } = await getInvitation(call, token);
    const { email, role, expiresAt } = invitation;
    return { workspace: workspaceName, invited_by: inviterName, email, role, expires_at: iso(expiresAt) };
  },
});

/** The workspace of an invitation that this very person has accepted, and is a member of. Throws `not_found`. */
async function acceptedBefore({ db, clock }: Runtime, user: User, token: string): Promise<{ workspace_id: string }> {
  const workspaceId = await findAccepted(db, { tokenHash: tokenHashOf(token), user, now: clock.now() });
  if (workspaceId === undefined) throw over();
  return { workspace_id: workspaceId };
}

/**
 * Makes the person a member with the role that they were invited for. Whoever accepted it before, or does so at the same moment in another window,
 * is told the same. Throws `forbidden` for another address, and `not_found` for an invitation that is over.
 */
export const acceptInvitation = ownOperation({
  summary: "Join by an invitation’s link",
  tags,
  audit: "member.joined",
  params: ["token"],
  output: accepted,
  async run(call, { params: { token } }) {
    const { db, clock, from, session } = call;
    const { user } = session;
    await requireUnsuspended(call, user, from);
    const now = clock.now();
    const found = await findInvitationByToken(db, tokenHashOf(token), now);
    if (!found) return acceptedBefore(call, user, token);
    const { id, tokenHash, email, role, workspaceId } = found.invitation;
    if (email !== user.email.toLowerCase())
      throw new Problem("forbidden", `This invitation is for ${email}. Sign in with that address to accept it.`);
    const source = { ...from, actorKind: "user", actorId: user.id, keyId: null } as const;
    const event = {
      action: "member.joined",
      resource: { kind: "user", id: user.id },
      details: { role, invitation_id: id },
    } as const;
    const audit = await auditStatements(call, workspaceId, source, event, "changed");
    if (!(await takeInvitation(db, { id, tokenHash, userId: user.id, now }, audit)))
      return acceptedBefore(call, user, token);
    await forgetEverywhere(call, [`user:${user.id}`]);
    return { workspace_id: workspaceId };
  },
});

/** Whoever holds the link may. */
export const declineInvitation = accountOperation({
  summary: "Say no to an invitation",
  tags,
  audit: "invitation.declined",
  params: ["token"],
  done: "Its link has ended.",
  async run(call, { params: { token } }) {
    const { invitation } = await getInvitation(call, token);
    const source = { ...call.from, actorKind: "nobody", actorId: null, keyId: null } as const;
    const event = { action: "invitation.declined", resource: { kind: "invitation", id: invitation.id } } as const;
    const audit = await auditStatements(call, invitation.workspaceId, source, event, "changed");
    await call.db.batch([closeInvitation(call.db, invitation, "declined"), ...audit]);
  },
});
