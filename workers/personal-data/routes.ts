import { Hono } from "hono";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { serve as serveOpen } from "../platform/open-operation.ts";
import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { serveArchive } from "./archive-response.ts";
import { changeRetention, readRetention } from "./change-retention.ts";
import { eraseAccount } from "./erase-account.ts";
import { deleteWorkspace, eraseWorkspace } from "./erase-workspace.ts";
import { readErasure } from "./erasure-record.ts";
import { exportAccount } from "./export-account.ts";
import { exportWorkspace } from "./export-workspace.ts";
import { previewRetention } from "./preview-retention.ts";

/** What the law calls access and erasure: people, and owners of workspaces, take out what is theirs, and have it removed. */
export const personalDataRoutes = createRouter()
  .post("/me/export", serveArchive(exportAccount, "understudy"))
  .post("/me/erasure", serve(eraseAccount, 202))
  .post("/workspaces/:id/export", serveArchive(exportWorkspace, "understudy-workspace"))
  .post("/workspaces/:id/erasure", serve(eraseWorkspace, 202))
  .delete("/workspaces/:id", serve(deleteWorkspace))
  .get("/workspaces/:id/retention", serve(readRetention))
  .put("/workspaces/:id/retention", serve(changeRetention))
  .post("/workspaces/:id/retention/preview", serve(previewRetention));

/** By a token, as whoever had an account has none to sign in with. */
export const erasureRoutes = new Hono<RuntimeEnv>().get("/erasures/:token", serveOpen(readErasure));
