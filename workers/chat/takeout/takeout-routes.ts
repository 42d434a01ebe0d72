import { z } from "zod";
import { serveAs } from "../../workspaces/operation.ts";
import { createRouter } from "../../workspaces/router.ts";
import { conversationExport, importedConversations, libraryExport } from "../contract.ts";
import { exportConversation } from "./export-conversation.ts";
import { exportConversations } from "./export-conversations.ts";
import { attachment } from "./export-filename.ts";
import { importConversations } from "./import-conversations.ts";
import { readImportForm } from "./read-import.ts";

const fileHeaders = (type: string, name: string, extension: string) => ({
  "Content-Type": type,
  "Cache-Control": "private, no-store",
  "Content-Disposition": attachment(name, extension),
});

/** Conversations as files: taken out, and brought in. */
export const takeoutRoutes = createRouter()
  .get(
    "/conversations/export",
    serveAs(exportConversations, {
      responses: { 200: libraryExport },
      respond: (c, body) => c.body(body, 200, fileHeaders("application/json", "conversations", "json")),
    }),
  )
  .get(
    "/conversations/:id/export",
    serveAs(exportConversation, {
      responses: {
        200: {
          "application/json": conversationExport,
          "text/markdown": "As Markdown.",
          "application/pdf": "As a PDF.",
        },
      },
      respond: (c, { body, type, name, extension }) => c.body(body, 200, fileHeaders(type, name, extension)),
    }),
  )
  .post(
    "/conversations/import",
    serveAs(importConversations, {
      read: (c) => readImportForm(c.req.raw),
      requestBody: {
        "application/json": z.unknown(),
        "multipart/form-data": importConversations.input.extend({ file: z.file() }),
      },
      responses: { 201: importedConversations },
      respond: (c, imported) => c.json(imported, 201),
    }),
  );
