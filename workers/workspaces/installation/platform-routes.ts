import { serve } from "../operation.ts";
import { createRouter } from "../router.ts";
import { listUsers, suspendUser } from "./platform-users.ts";
import { listWorkspaces, suspendWorkspace } from "./platform-workspaces.ts";

/** For whoever runs the installation. */
export const platformRoutes = createRouter()
  .get("/platform/workspaces", serve(listWorkspaces))
  .put("/platform/workspaces/:id/suspension", serve(suspendWorkspace))
  .get("/platform/users", serve(listUsers))
  .put("/platform/users/:id/suspension", serve(suspendUser));
