import { createRouter } from "../workspaces/http.ts";

export const knowledgeRoutes = createRouter();
