import { serve as serveAll } from "../workspaces/open-to-all.ts";
import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { readModelStatus, readModels } from "./list-models.ts";
import { checkProviderKey, deleteProviderKey, listProviderKeys, setProviderKey } from "./provider-keys.ts";

export const providerKeyRoutes = createRouter()
  .get("/provider-keys", serve(listProviderKeys))
  .put("/provider-keys/:provider", serve(setProviderKey))
  .post("/provider-keys/:provider/check", serve(checkProviderKey))
  .delete("/provider-keys/:provider", serve(deleteProviderKey));

/** Open to all; what it lists depends on who asks. */
export const modelRoutes = createRouter()
  .get("/models", serveAll(readModels))
  // Ids hold slashes and colons (`ollama/llama3.3:70b`): plain and percent-encoded both work.
  .get("/models/:id{.+}/status", serveAll(readModelStatus));
