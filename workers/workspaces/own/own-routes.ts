import { setCookies } from "../../accounts/cookies.ts";
import { chosenCookie } from "../chosen-cookie.ts";
import { leaveWorkspace } from "../members/remove-member.ts";
import { transferWorkspace } from "../members/transfer-workspace.ts";
import { serve, serveAs } from "../operation.ts";
import { createRouter } from "../router.ts";
import { createWorkspace } from "./create-workspace.ts";
import { chooseWorkspace, listWorkspaces, readWorkspace, renameWorkspace } from "./own-workspaces.ts";
import { readMe } from "./read-me.ts";

export const ownRoutes = createRouter()
  .get("/me", serve(readMe))
  .get("/workspaces", serve(listWorkspaces))
  .post("/workspaces", serve(createWorkspace, 201))
  .put(
    "/me/workspace",
    serveAs(chooseWorkspace, {
      responses: { 204: "It is chosen." },
      respond: (c, id) => {
        setCookies(c, [chosenCookie(c.var.runtime.config, id)]);
        return c.body(null, 204);
      },
    }),
  )
  .get("/workspaces/:id", serve(readWorkspace))
  .patch("/workspaces/:id", serve(renameWorkspace))
  .post("/workspaces/:id/transfer", serve(transferWorkspace))
  .post("/workspaces/:id/leave", serve(leaveWorkspace));
