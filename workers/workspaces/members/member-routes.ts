import { serve } from "../operation.ts";
import { createRouter } from "../router.ts";
import { changeMember } from "./change-member.ts";
import { listMembers } from "./list-members.ts";
import { removeMember } from "./remove-member.ts";

export const memberRoutes = createRouter()
  .get("/workspaces/:id/members", serve(listMembers))
  .patch("/workspaces/:id/members/:user_id", serve(changeMember))
  .delete("/workspaces/:id/members/:user_id", serve(removeMember));
