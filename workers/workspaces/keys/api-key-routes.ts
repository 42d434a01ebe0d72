import { serve } from "../operation.ts";
import { createRouter } from "../router.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";

export const apiKeyRoutes = createRouter()
  .post("/api-keys", serve(createApiKey, 201))
  .get("/api-keys", serve(listApiKeys))
  .delete("/api-keys/:id", serve(revokeApiKey));
