import { createRouter } from "../workspaces/http.ts";
import { documentRoutes } from "./document-routes.ts";
import { hintRoutes } from "./hint-routes.ts";
import { pipelineRoutes } from "./pipeline-routes.ts";
import { searchRoutes } from "./search-routes.ts";
import { webImportRoutes } from "./web-import/routes.ts";

export const knowledgeRoutes = createRouter()
  .route("/", hintRoutes)
  .route("/", webImportRoutes)
  .route("/", documentRoutes)
  .route("/", pipelineRoutes)
  .route("/", searchRoutes);
