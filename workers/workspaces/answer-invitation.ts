import type { User } from "../accounts/contract.ts";
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
export async function acceptInvitation({ env, clock }: Runtime, user: User, token: string): Promise<string> {
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
  if (!(await takeInvitation(db, { id, tokenHash, userId: user.id, now }))) {
    throw new Problem("conflict", "This invitation was used or taken back at the same time.");
  }
  forgetStanding({ userId: user.id });
  return invitation.workspaceId;
}

/** Says no to an invitation: its link ends. Whoever holds the link may. */
export async function declineInvitation(db: Database, token: string, now: number): Promise<void> {
  const { invitation } = await getInvitation(db, token, now);
  await closeInvitation(db, invitation, "declined");
}
