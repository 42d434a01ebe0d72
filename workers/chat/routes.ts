import { createRouter } from "../workspaces/http.ts";

export const chatRoutes = createRouter();
