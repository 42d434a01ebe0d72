import { describe, validate } from "../../platform/http/http.ts";
import { withAudit } from "../../workspaces/audited.ts";
import { createRouter } from "../../workspaces/http.ts";
import { requires } from "../../workspaces/permissions.ts";
import { ownerOf } from "../access.ts";
import {
  archiveConversationsInput,
  archivedCount,
  conversation,
  deleteConversationsInput,
  deletedCount,
  forkInput,
  foundMessages,
  searchMessagesInput,
} from "../contract.ts";
import { presentConversation } from "../present.ts";
import { setArchived } from "../queries.ts";
import { deleteBranch } from "./delete-branch.ts";
import { deleteConversations } from "./delete-conversations.ts";
import { forkConversation } from "./fork-conversation.ts";
import { searchMessages } from "./search-messages.ts";

const tags = ["Conversations"];

/** What people do with their conversations as a whole: copy, prune, clear away and search. */
export const libraryRoutes = createRouter()
  .post(
    "/conversations/delete",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Delete many conversations",
      description: "Ids that are not yours are passed over.",
      tags,
      responses: { 200: deletedCount },
    }),
    validate("json", deleteConversationsInput),
    async (c) => c.json({ deleted: await deleteConversations(c.var.ctx, c.req.valid("json").ids) }, 200),
  )
  .post(
    "/conversations/archive",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Archive many conversations, or take them out of the archive",
      description: "All of them or, where it fails, none. Ids that are not yours are passed over.",
      tags,
      responses: { 200: archivedCount },
    }),
    validate("json", archiveConversationsInput),
    async (c) => {
      const { ids, archived } = c.req.valid("json");
      const { ctx } = c.var;
      const changed = await withAudit(ctx, setArchived(ctx.db, ownerOf(ctx), ids, archived), {
        action: "conversation.archived",
        details: { ids, archived },
      });
      return c.json({ changed: changed.length }, 200);
    },
  )
  .post(
    "/conversations/search",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "Search your own messages",
      description: "Every word must be there, whole or as a beginning; best first.",
      tags,
      responses: { 200: foundMessages },
    }),
    validate("json", searchMessagesInput),
    async (c) => {
      const { query, limit } = c.req.valid("json");
      return c.json({ data: await searchMessages(c.var.ctx, query, limit), next_cursor: null }, 200);
    },
  )
  .post(
    "/conversations/:id/fork",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Make a new conversation of the branch up to a message",
      tags,
      responses: { 201: conversation },
    }),
    validate("json", forkInput),
    async (c) => {
      const fork = await forkConversation(c.var.ctx, c.req.param("id"), c.req.valid("json").message_id);
      return c.json(presentConversation(fork), 201);
    },
  )
  .delete(
    "/conversations/:id/messages/:messageId",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Delete a message with everything below it",
      tags: ["Messages"],
      responses: { 204: "They are gone." },
    }),
    async (c) => {
      await deleteBranch(c.var.ctx, c.req.param("id"), c.req.param("messageId"));
      return c.body(null, 204);
    },
  );
