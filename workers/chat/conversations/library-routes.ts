import { serve } from "../../workspaces/operation.ts";
import { createRouter } from "../../workspaces/router.ts";
import { archiveConversations } from "./archive-conversations.ts";
import { deleteBranch } from "./delete-branch.ts";
import { deleteConversations } from "./delete-conversations.ts";
import { forkConversation } from "./fork-conversation.ts";
import { readMessage } from "./read-message.ts";
import { readReceipt } from "./read-receipt.ts";
import { readTrace } from "./read-trace.ts";
import { searchMessages } from "./search-messages.ts";

/** What people do with their conversations as a whole: copy, prune, clear away and search. */
export const libraryRoutes = createRouter()
  .post("/conversations/delete", serve(deleteConversations))
  .post("/conversations/archive", serve(archiveConversations))
  .post("/conversations/search", serve(searchMessages))
  .post("/conversations/:id/fork", serve(forkConversation, 201))
  .get("/conversations/:id/messages/:messageId", serve(readMessage))
  .get("/conversations/:id/messages/:messageId/trace", serve(readTrace))
  .get("/messages/:id/receipt", serve(readReceipt))
  .delete("/conversations/:id/messages/:messageId", serve(deleteBranch));
