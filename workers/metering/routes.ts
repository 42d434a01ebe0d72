import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { readUsage } from "./read-usage.ts";

export const usageRoutes = createRouter().get("/usage", serve(readUsage));
