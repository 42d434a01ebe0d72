import { serve } from "../operation.ts";
import { createRouter } from "../router.ts";
import { invite } from "./invite.ts";
import { listInvitations, revokeInvitation } from "./open-invitations.ts";

export const invitationRoutes = createRouter()
  .get("/workspaces/:id/invitations", serve(listInvitations))
  .post("/workspaces/:id/invitations", serve(invite, 201))
  .delete("/workspaces/:id/invitations/:invitation_id", serve(revokeInvitation));
