import { createHash, randomBytes } from "node:crypto";
import { notFound, Problem } from "../../platform/errors.ts";
import { publicUrl } from "../../platform/http/public-url.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../audited.ts";
import { invitationInput, newInvitation, tags } from "../contract.ts";
import { requireGivable } from "../members/change-member.ts";
import { countMembers, findMember } from "../members/member-queries.ts";
import { operation } from "../operation.ts";
import { presentInvitation } from "../present.ts";
import { membershipIn } from "../queries.ts";
import { countOpenInvitations, hasMemberWith, upsertInvitation } from "./invitation-queries.ts";
import { mailInvitation } from "./mail-invitation.ts";

/** How long an invitation can be accepted, in ms. */
const lifetime = 7 * 24 * 60 * 60 * 1_000;
/** How many people, with those who are invited, one workspace may have. */
export const mostPeople = 1_000;

/** What is kept of a link's token. */
export const tokenHashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/** The link's token is given out here only: what is kept is its hash. Throws `forbidden` for a role that is not the actor's to give, `conflict` for who is in already. */
export const invite = operation({
  limit: "invitation",
  summary: "Invite somebody by their e-mail address",
  description:
    "A link is mailed to it, which works once, for seven days. Inviting an address again ends its older link.",
  tags,
  action: "invitation.write",
  atWorkspace: true,
  audit: "invitation.sent",
  params: ["id"],
  input: invitationInput,
  output: newInvitation,
  async run(ctx, { body: { email, role } }) {
    const { db, clock, actor } = ctx;
    const { workspaceId } = actor;
    requireGivable(ctx, role);
    const now = clock.now();
    const [own, inviter, isIn, people, asked] = await Promise.all([
      membershipIn(db, actor.userId, workspaceId),
      findMember(db, workspaceId, actor.userId),
      hasMemberWith(db, workspaceId, email),
      countMembers(db, workspaceId),
      countOpenInvitations(db, workspaceId, now),
    ]);
    if (!own || !inviter) throw notFound("workspace");
    if (own.kind === "personal") {
      throw new Problem("conflict", "This is your personal workspace. Make a shared one to work with others.");
    }
    if (isIn) throw new Problem("conflict", `${email} is a member already.`);
    if (people + asked >= mostPeople) {
      throw new Problem("conflict", `A workspace holds at most ${mostPeople} people, with those who are invited.`);
    }
    const token = randomBytes(32).toString("base64url");
    const id = newId("invitation");
    const invitation = upsertInvitation(db, {
      id,
      workspaceId,
      email,
      role,
      tokenHash: tokenHashOf(token),
      invitedBy: actor.userId,
      status: "pending",
      createdAt: now,
      expiresAt: now + lifetime,
    });
    const event = { action: "invitation.sent", resource: { kind: "invitation", id }, details: { role } } as const;
    const [row] = await withAudit(ctx, invitation, event);
    if (!row) throw new Error("The invitation was not stored.");
    const url = `${publicUrl(ctx.config)}/join/${token}`;
    const mailed = await mailInvitation(ctx, { to: row.email, workspace: own.name, invitedBy: inviter.name, url });
    return { ...presentInvitation(row), url, mailed };
  },
});
