import { serve } from "../../workspaces/operation.ts";
import { createRouter } from "../../workspaces/router.ts";
import { createConversation } from "./create-conversation.ts";
import { deleteConversation } from "./delete-conversations.ts";
import { listConversations, listLabels, readConversation } from "./read-conversations.ts";
import { updateConversation } from "./update-conversation.ts";

export const conversationRoutes = createRouter()
  .post("/conversations", serve(createConversation, 201))
  .get("/conversations", serve(listConversations))
  .get("/conversations/labels", serve(listLabels))
  .get("/conversations/:id", serve(readConversation))
  .put("/conversations/:id", serve(updateConversation))
  .delete("/conversations/:id", serve(deleteConversation));
