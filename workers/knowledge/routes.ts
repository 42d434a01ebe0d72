import { createRouter } from "../workspaces/http.ts";
import { pipelineRoutes } from "./ingestion/pipeline-routes.ts";
import { documentRoutes } from "./library/document-routes.ts";
import { hintRoutes } from "./library/hint-routes.ts";
import { searchRoutes } from "./search/search-routes.ts";
import { webImportRoutes } from "./web-import/routes.ts";

export const knowledgeRoutes = createRouter()
  .route("/", hintRoutes)
  .route("/", webImportRoutes)
  .route("/", documentRoutes)
  .route("/", pipelineRoutes)
  .route("/", searchRoutes);
