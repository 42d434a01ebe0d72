import { notFound } from "../../platform/errors.ts";
import { paged, pageQuery } from "../../platform/http/paging.ts";
import { withAudit } from "../audited.ts";
import { invitationPage, tags } from "../contract.ts";
import { operation } from "../operation.ts";
import { presentInvitation } from "../present.ts";
import { closeInvitation, listInvitationPage } from "./invitation-queries.ts";

export const listInvitations = operation({
  summary: "The open invitations of a workspace, newest first",
  tags,
  action: "invitation.read",
  atWorkspace: true,
  params: ["id"],
  query: pageQuery,
  output: invitationPage,
  async run({ db, actor, clock }, { query }) {
    const { rows, next_cursor } = await paged(
      query,
      (from) => listInvitationPage(db, actor.workspaceId, { ...from, now: clock.now() }),
      ({ createdAt, id }) => [createdAt, id],
    );
    return { data: rows.map(presentInvitation), next_cursor };
  },
});

export const revokeInvitation = operation({
  summary: "Take an invitation back",
  tags,
  action: "invitation.write",
  atWorkspace: true,
  audit: "invitation.revoked",
  params: ["id", "invitation_id"],
  done: "Its link has ended.",
  async run(ctx, { params: { invitation_id: id } }) {
    const which = { id, workspaceId: ctx.actor.workspaceId };
    const closed = await withAudit(ctx, closeInvitation(ctx.db, which, "revoked"), {
      action: "invitation.revoked",
      resource: { kind: "invitation", id },
    });
    if (closed.length === 0) throw notFound("invitation");
  },
});
