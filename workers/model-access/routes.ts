import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { checkProviderKey, deleteProviderKey, listProviderKeys, setProviderKey } from "./provider-keys.ts";

export const providerKeyRoutes = createRouter()
  .get("/provider-keys", serve(listProviderKeys))
  .put("/provider-keys/:provider", serve(setProviderKey))
  .post("/provider-keys/:provider/check", serve(checkProviderKey))
  .delete("/provider-keys/:provider", serve(deleteProviderKey));
