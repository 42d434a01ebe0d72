import { describe, validate } from "../../platform/http/http.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import { createRouter } from "../../workspaces/http.ts";
import { requires } from "../../workspaces/permissions.ts";
import { ownerOf } from "../access.ts";
import { conversationExport, exportQuery, importedConversations, libraryExport } from "../contract.ts";
import { exportLibrary } from "../export-library.ts";
import { exportConversation } from "./export-conversation.ts";
import { attachment } from "./export-filename.ts";
import { importConversations } from "./import-conversations.ts";
import { readImport } from "./read-import.ts";

const tags = ["Conversations"];
const privately = { "Cache-Control": "private, no-store" };
const download = (name: string, extension: string) => ({ "Content-Disposition": attachment(name, extension) });

/** Conversations as files: taken out, and brought in. */
export const takeoutRoutes = createRouter()
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
  );
