import type { From } from "../accounts/audit-person.ts";
import type { User } from "../accounts/contract.ts";
import { auditStatements } from "../audit/record.ts";
import { connect, type Database } from "../db/client.ts";
import { notFound, Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { closeInvitation, findInvitationByToken, takeInvitation } from "./invitation-queries.ts";
import { tokenHashOf } from "./invite.ts";
import { forgetStanding } from "./standing.ts";

/** The open invitation behind a link. Throws `not_found` for one that was used, taken back or has expired. */
export async function getInvitation(db: Database, token: string, now: number) {
  const found = await findInvitationByToken(db, tokenHashOf(token), now);
  if (!found) throw notFound("invitation: it was used, taken back or has expired. Ask for a new one");
  return found;
}

/** Makes the person a member with the role that they were invited for; returns the workspace's id. Throws `forbidden` for another address. */
export async function acceptInvitation(runtime: Runtime, user: User, token: string, from: From): Promise<string> {
  const { env, clock } = runtime;
  const db = connect(env.DB);
  const now = clock.now();
  const { invitation } = await getInvitation(db, token, now);
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
    throw new Problem("conflict", "This invitation was used or taken back at the same time.");
  }
  forgetStanding({ userId: user.id });
  return invitation.workspaceId;
}

/** Says no to an invitation: its link ends. Whoever holds the link may. */
export async function declineInvitation(runtime: Runtime, token: string, from: From): Promise<void> {
  const db = connect(runtime.env.DB);
  const { invitation } = await getInvitation(db, token, runtime.clock.now());
  const source = { ...from, actorKind: "nobody", actorId: null, keyId: null } as const;
  const event = { action: "invitation.declined", resource: { kind: "invitation", id: invitation.id } } as const;
  const audit = await auditStatements({ ...runtime, db }, invitation.workspaceId, source, event, "changed");
  await db.batch([closeInvitation(db, invitation, "declined"), ...audit]);
}
