import type { z } from "zod";
import { iso } from "../../platform/clock.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { createRouter } from "../../workspaces/http.ts";
import { permitted } from "../../workspaces/permissions.ts";
import { webImport, webImportInput } from "../contract.ts";
import { type FoundImport, getImport, startImport } from "./start-import.ts";

const tags = ["Documents"];

function present({ row, pages }: FoundImport): z.output<typeof webImport> {
  return {
    id: row.id,
    clone_id: row.cloneId,
    url: row.url,
    status: pages.some(({ status }) => status === "waiting") ? "running" : "done",
    found: row.found,
    disallowed: row.disallowed,
    pages: pages.map(({ url, status, documentId, error }) => ({ url, status, document_id: documentId, error })),
    created_at: iso(row.createdAt),
  };
}

export const webImportRoutes = createRouter()
  .post(
    "/documents/import",
    describe({
      limit: "upload",
      summary: "Have a clone read a web page, or the pages of a website",
      description:
        "What robots.txt keeps from robots is not read. A page that was imported before gets its new text in the same document. `site` takes at most 200 pages, in the background: follow `/documents/imports/{id}`.",
      tags,
      responses: { 202: webImport },
    }),
    validate("json", webImportInput),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const { hostname } = new URL(c.req.url);
      return c.json(present(await startImport(ctx, c.req.valid("json"), hostname)), 202);
    },
  )
  .get(
    "/documents/imports/:id",
    describe({ summary: "How far the import of a website is", tags, responses: { 200: webImport } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      return c.json(present(await getImport(ctx, c.req.param("id"))), 200);
    },
  );
