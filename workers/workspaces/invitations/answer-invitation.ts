import type { From } from "../../accounts/audit-person.ts";
import type { User } from "../../accounts/contract.ts";
import { auditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { forgetStanding } from "../standing.ts";
import { closeInvitation, findAccepted, findInvitationByToken, takeInvitation } from "./invitation-queries.ts";
import { tokenHashOf } from "./invite.ts";

const over = () => notFound("invitation: it was used, taken back or has expired. Ask for a new one");

/** The open invitation behind a link. Throws `not_found` for one that was used, taken back or has expired. */
export async function getInvitation(db: Database, token: string, now: number) {
  const found = await findInvitationByToken(db, tokenHashOf(token), now);
  if (!found) throw over();
  return found;
}

/**
 * Makes the person a member with the role that they were invited for; returns the workspace's id. Whoever accepted it before, or does so at the same
 * moment in another window, is told the same. Throws `forbidden` for another address, and `not_found` for an invitation that is over.
 */
export async function acceptInvitation(runtime: Runtime, user: User, token: string, from: From): Promise<string> {
  const { db, clock } = runtime;
  const now = clock.now();
  const found = await findInvitationByToken(db, tokenHashOf(token), now);
  if (!found) return acceptedBefore(db, user, token, now);
  const { invitation } = found;
  if (invitation.email !== user.email.toLowerCase()) {
    throw new Problem(
      "forbidden",
      `This invitation is for ${invitation.email}. Sign in with that address to accept it.`,
    );
  }
  const { id, tokenHash } = invitation;
  const source = { ...from, actorKind: "user", actorId: user.id, keyId: null } as const;
  const event = {
    action: "member.joined",
    resource: { kind: "user", id: user.id },
    details: { role: invitation.role, invitation_id: id },
  } as const;
  const audit = await auditStatements({ ...runtime, db }, invitation.workspaceId, source, event, "changed");
  if (!(await takeInvitation(db, { id, tokenHash, userId: user.id, now }, audit))) {
    return acceptedBefore(db, user, token, now);
  }
  forgetStanding({ userId: user.id });
  return invitation.workspaceId;
}

/** The workspace of an invitation that this very person has accepted, and is a member of. Throws `not_found`. */
async function acceptedBefore(db: Database, user: User, token: string, now: number): Promise<string> {
  const workspaceId = await findAccepted(db, { tokenHash: tokenHashOf(token), user, now });
  if (workspaceId === undefined) throw over();
  return workspaceId;
}

/** Says no to an invitation: its link ends. Whoever holds the link may. */
export async function declineInvitation(runtime: Runtime, token: string, from: From): Promise<void> {
  const { db } = runtime;
  const { invitation } = await getInvitation(db, token, runtime.clock.now());
  const source = { ...from, actorKind: "nobody", actorId: null, keyId: null } as const;
  const event = { action: "invitation.declined", resource: { kind: "invitation", id: invitation.id } } as const;
  const audit = await auditStatements({ ...runtime, db }, invitation.workspaceId, source, event, "changed");
  await db.batch([closeInvitation(db, invitation, "declined"), ...audit]);
}
