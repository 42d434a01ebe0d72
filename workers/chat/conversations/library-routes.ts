import { describe, validate } from "../../platform/http/http.ts";
import { recordAudit, withAudit } from "../../workspaces/audited.ts";
import { createRouter } from "../../workspaces/http.ts";
import { requires } from "../../workspaces/permissions.ts";
import { ownerOf } from "../access.ts";
import {
  archiveConversationsInput,
  archivedCount,
  conversation,
  conversationExport,
  deleteConversationsInput,
  deletedCount,
  exportQuery,
  forkInput,
  foundMessages,
  importedConversations,
  libraryExport,
  searchMessagesInput,
} from "../contract.ts";
import { exportLibrary } from "../export-library.ts";
import { presentConversation } from "../present.ts";
import { setArchived } from "../queries.ts";
import { exportConversation } from "../takeout/export-conversation.ts";
import { attachment } from "../takeout/export-filename.ts";
import { importConversations } from "../takeout/import-conversations.ts";
import { readImport } from "../takeout/read-import.ts";
import { deleteBranch } from "./delete-branch.ts";
import { deleteConversations } from "./delete-conversations.ts";
import { forkConversation } from "./fork-conversation.ts";
import { searchMessages } from "./search-messages.ts";

const tags = ["Conversations"];
const privately = { "Cache-Control": "private, no-store" };
const download = (name: string, extension: string) => ({ "Content-Disposition": attachment(name, extension) });

/** What people do with their conversations as a whole: copy, prune, clear away, search, take out and bring in. */
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
  .get(
    "/conversations/export",
    requires("conversation.read"),
    describe({ scope: "chat", summary: "Take out all your conversations", tags, responses: { 200: libraryExport } }),
    async (c) => {
      ownerOf(c.var.ctx);
      await recordAudit(c.var.ctx, { action: "conversation.exported" });
      const headers = { "Content-Type": "application/json", ...privately, ...download("conversations", "json") };
      return c.body(exportLibrary(c.var.ctx), 200, headers);
    },
  )
  .get(
    "/conversations/:id/export",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "Take out a conversation",
      description:
        "`json` holds the whole tree and can be brought in again; `markdown` and `pdf` are the shown branch, for reading.",
      tags,
      responses: { 200: conversationExport },
    }),
    validate("query", exportQuery),
    async (c) => {
      const { body, type, name, extension } = await exportConversation(
        c.var.ctx,
        c.req.param("id"),
        c.req.valid("query").format,
      );
      await recordAudit(c.var.ctx, {
        action: "conversation.exported",
        resource: { kind: "conversation", id: c.req.param("id") },
        details: { format: c.req.valid("query").format },
      });
      return c.body(body, 200, { "Content-Type": type, ...privately, ...download(name, extension) });
    },
  )
  .post(
    "/conversations/import",
    requires("conversation.write"),
    describe({
      scope: "chat",
      limit: "upload",
      summary: "Bring in conversations from a file",
      description:
        "An export of ours, or ChatGPT’s `conversations.json`: as the body, or as the field `file` of a form; up to 20 MB. Branches and times stay; ids are new, and all of it is yours.",
      tags,
      requestBody: { content: { "application/json": {}, "multipart/form-data": {} } },
      responses: { 201: importedConversations },
    }),
    async (c) => {
      const stored = await importConversations(c.var.ctx, await readImport(c.var.ctx, c.req.raw));
      const data = stored.map(({ conversation: { id, title }, rows }) => ({ id, title, messages: rows.length }));
      return c.json({ data }, 201);
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
