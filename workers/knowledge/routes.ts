import { createRouter } from "../workspaces/http.ts";
import { documentRoutes } from "./document-routes.ts";
import { searchRoutes } from "./search-routes.ts";

export const knowledgeRoutes = createRouter().route("/", documentRoutes).route("/", searchRoutes);
