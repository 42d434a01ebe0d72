import { z } from "zod";
import { getClone } from "../clones/get-clone.ts";
import { notFound } from "../platform/errors.ts";
import { describe, validate } from "../platform/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../platform/pages.ts";
import { createRouter } from "../workspaces/http.ts";
import { permitted } from "../workspaces/permissions.ts";
import { document, documentPage, documentState, documentText, uploadResult } from "./contract.ts";
import { readableFormats } from "./formats.ts";
import { latestRuns } from "./pipeline/run-queries.ts";
import { presentDocument } from "./present.ts";
import { deleteDocument } from "./purge.ts";
import { findDocument, listDocumentPage } from "./queries.ts";
import { getReadableDocument, readContent, readDocumentText } from "./read-document.ts";
import { readUpload } from "./read-upload.ts";
import { retryDocument } from "./retry-document.ts";
import { uploadDocuments } from "./upload-documents.ts";

const tags = ["Documents"];
const position = z.tuple([z.number(), z.string()]);
const uploadBody = {
  content: {
    "multipart/form-data": {
      schema: {
        type: "object" as const,
        required: ["clone_id", "file"],
        properties: {
          clone_id: { type: "string" as const },
          file: { type: "array" as const, items: { type: "string" as const, format: "binary" } },
        },
      },
    },
  },
};

/** What visitors may not see of a document that they may read. */
const forReaders = (shown: ReturnType<typeof presentDocument>) => ({ ...shown, run_id: null });

export const documentRoutes = createRouter()
  .post(
    "/documents/upload",
    describe({
      summary: "Give a clone documents to read",
      description: `${readableFormats}, told by their bytes. Follow \`/documents/{id}/status\`.`,
      tags,
      responses: { 202: uploadResult },
      requestBody: uploadBody,
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const { cloneId, files } = await readUpload(c.req.raw, ctx.config.MAX_UPLOAD_BYTES);
      const uploaded = await uploadDocuments(ctx, await getClone(ctx, cloneId), files);
      return c.json({ data: uploaded.map(({ id, filename, status }) => ({ id, filename, status })) }, 202);
    },
  )
  .get(
    "/documents",
    describe({ summary: "List a clone’s documents, newest first", tags, responses: { 200: documentPage } }),
    validate("query", pageQuery.extend({ clone_id: z.string() })),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const { cursor, limit, clone_id } = c.req.valid("query");
      const clone = await getClone(ctx, clone_id);
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listDocumentPage(ctx.db, clone, { after, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const runs = await latestRuns(
        ctx.db,
        shown.map(({ id }) => id),
      );
      const data = shown.map((row) => presentDocument(row, runs.get(row.id) ?? null));
      return c.json({ data, next_cursor: last ? encodeCursor([last.createdAt, last.id]) : null }, 200);
    },
  )
  .get(
    "/documents/:id",
    describe({ summary: "Read what is known of a document", tags, responses: { 200: document } }),
    async (c) => {
      const { ctx } = c.var;
      const row = await getReadableDocument(ctx, c.req.param("id"));
      const runs = await latestRuns(ctx.db, [row.id]);
      const shown = presentDocument(row, runs.get(row.id) ?? null);
      return c.json(
        ctx.actor.kind === "user" && ctx.actor.workspaceId === row.workspaceId ? shown : forReaders(shown),
        200,
      );
    },
  )
  .get(
    "/documents/:id/status",
    describe({ summary: "How far the reading of a document is", tags, responses: { 200: documentState } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const row = await findDocument(ctx.db, ctx.actor.workspaceId, c.req.param("id"));
      if (!row) throw notFound("document");
      const runs = await latestRuns(ctx.db, [row.id]);
      const { id, status, stage, progress, chunk_count, pages, error, run_id } = presentDocument(
        row,
        runs.get(row.id) ?? null,
      );
      return c.json({ id, status, stage, progress, chunk_count, pages, error, run_id }, 200);
    },
  )
  .get(
    "/documents/:id/text",
    describe({
      summary: "A document’s text as it was read; citations point into it",
      tags,
      responses: { 200: documentText },
    }),
    async (c) =>
      c.json(await readDocumentText(c.var.ctx, await getReadableDocument(c.var.ctx, c.req.param("id"))), 200),
  )
  .get(
    "/documents/:id/content",
    describe({ summary: "The original file", tags, responses: { 200: "The file’s bytes." } }),
    async (c) => readContent(c.var.ctx, await getReadableDocument(c.var.ctx, c.req.param("id")), c.req.raw),
  )
  .post(
    "/documents/:id/retry",
    describe({ summary: "Try a failed document once more", tags, responses: { 202: document } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const row = await retryDocument(ctx, c.req.param("id"));
      const runs = await latestRuns(ctx.db, [row.id]);
      return c.json(presentDocument(row, runs.get(row.id) ?? null), 202);
    },
  )
  .delete(
    "/documents/:id",
    describe({ summary: "Delete a document; it is not cited any more", tags, responses: { 204: "It is gone." } }),
    async (c) => {
      await deleteDocument(permitted(c.var.ctx, "document.write"), c.req.param("id"));
      return c.body(null, 204);
    },
  );
