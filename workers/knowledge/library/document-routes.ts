import { z } from "zod";
import { findSession } from "../../accounts/read-session.ts";
import { getClone } from "../../clones/get-clone.ts";
import { cloneIndex } from "../../passages/clone-index.ts";
import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../../platform/http/pages.ts";
import { readableFormats } from "../../reading/formats.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { createRouter } from "../../workspaces/http.ts";
import { permitted, requires } from "../../workspaces/permissions.ts";
import {
  document,
  documentAccess,
  documentChanges,
  documentPage,
  documentState,
  documentText,
  downloadLink,
  passagePage,
  uploadResult,
} from "../contract.ts";
import { latestRuns } from "../ingestion/run-queries.ts";
import { presentDocument } from "../present.ts";
import { deleteDocument } from "../purge.ts";
import { type DocumentRow, findDocument, listDocumentPage } from "../queries.ts";
import { viewerOf } from "../viewer.ts";
import { signDownload } from "./download-token.ts";
import { contentOf, getReadableDocument, readDocumentText } from "./read-document.ts";
import { missing, readUpload } from "./read-upload.ts";
import { replaceDocument } from "./replace-document.ts";
import { retryDocument } from "./retry-document.ts";
import { updateDocument } from "./update-document.ts";
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
          access: { type: "string" as const, enum: ["public", "members", "me"] },
        },
      },
    },
  },
};

/** What visitors may not see of a document that they may read. */
const forReaders = (shown: ReturnType<typeof presentDocument>) => ({ ...shown, update: null, run_id: null });

/** A document of the actor's workspace that they may see. Throws `not_found`. */
async function ownDocument(ctx: Context<UserActor>, id: string): Promise<DocumentRow> {
  const row = await findDocument(ctx.db, ctx.actor, id);
  if (!row) throw notFound("document");
  return row;
}

/** A document as it is now, with its newest run. */
async function shownNow(ctx: Context<UserActor>, id: string) {
  const [row, runs] = await Promise.all([ownDocument(ctx, id), latestRuns(ctx.db, [id])]);
  return presentDocument(row, runs.get(id) ?? null);
}

export const documentRoutes = createRouter()
  .post(
    "/documents/upload",
    describe({
      limit: "upload",
      summary: "Give a clone documents to read",
      description: `${readableFormats}, told by their bytes. Follow \`/documents/{id}/status\`.`,
      tags,
      responses: { 202: uploadResult },
      requestBody: uploadBody,
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const { fields, files } = await readUpload(c.req.raw, ctx.config.MAX_UPLOAD_BYTES);
      if (!fields.clone_id) throw missing("clone_id", "Name the clone that shall read the files.");
      const access = documentAccess.safeParse(fields.access ?? "public");
      if (!access.success) throw missing("access", "Say “public”, “members” or “me”.");
      const uploaded = await uploadDocuments(ctx, await getClone(ctx, fields.clone_id), files, access.data);
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
      const rows = await listDocumentPage(
        ctx.db,
        { workspaceId: clone.workspaceId, cloneId: clone.id, viewer: viewerOf(ctx.actor, clone) },
        { after, limit: limit + 1 },
      );
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
    requires("document.open"),
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
      const { id, status, stage, progress, chunk_count, pages, error, run_id } = await shownNow(ctx, c.req.param("id"));
      return c.json({ id, status, stage, progress, chunk_count, pages, error, run_id }, 200);
    },
  )
  .get(
    "/documents/:id/text",
    requires("document.open"),
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
    requires("document.open"),
    describe({ summary: "The original file", tags, responses: { 200: "The file’s bytes." } }),
    async (c) => contentOf(c.env.UPLOADS, await getReadableDocument(c.var.ctx, c.req.param("id")), c.req.raw),
  )
  .post(
    "/documents/:id/retry",
    describe({ summary: "Try a failed document once more", tags, responses: { 202: document } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const { id } = await retryDocument(ctx, c.req.param("id"));
      return c.json(await shownNow(ctx, id), 202);
    },
  )
  .patch(
    "/documents/:id",
    describe({
      summary: "Rename a document, or say for whom answers are made from it",
      tags,
      responses: { 200: document },
    }),
    validate("json", documentChanges),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const row = await ownDocument(ctx, c.req.param("id"));
      await updateDocument(ctx, row, c.req.valid("json"));
      return c.json(await shownNow(ctx, row.id), 200);
    },
  )
  .put(
    "/documents/:id/content",
    describe({
      limit: "upload",
      summary: "Give a document a new file",
      description:
        "Answers are made from the old one until the new one is read whole, then from the new one, at once. One that cannot be read changes nothing.",
      tags,
      responses: { 202: document },
      requestBody: {
        content: {
          "multipart/form-data": {
            schema: { type: "object", required: ["file"], properties: { file: { type: "string", format: "binary" } } },
          },
        },
      },
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.write");
      const row = await ownDocument(ctx, c.req.param("id"));
      const { files } = await readUpload(c.req.raw, ctx.config.MAX_UPLOAD_BYTES);
      const [file, ...others] = files;
      if (!file || others.length > 0) throw missing("file", "Send one file: a document has one.");
      await replaceDocument(ctx, row, file);
      return c.json(await shownNow(ctx, row.id), 202);
    },
  )
  .get(
    "/documents/:id/passages",
    describe({ summary: "The passages that a document was cut into", tags, responses: { 200: passagePage } }),
    validate("query", pageQuery),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const row = await ownDocument(ctx, c.req.param("id"));
      const { cursor, limit } = c.req.valid("query");
      const [from] = cursor ? decodeCursor(cursor, z.tuple([z.number().int().min(0)])) : [0];
      const { passages, count } = await cloneIndex(ctx.env, row.cloneId).listPassages(row.id, from, limit);
      const data = passages.map((passage) => ({ ...passage, tokens: estimateTokens(passage.text) }));
      const next = from + passages.length;
      return c.json({ data, total: count, next_cursor: next < count ? encodeCursor([next]) : null }, 200);
    },
  )
  .post(
    "/documents/:id/download-link",
    describe({
      summary: "An address that gives the original file without signing in, for five minutes, while you may read it",
      tags,
      responses: { 201: downloadLink },
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "document.read");
      const row = await ownDocument(ctx, c.req.param("id"));
      const { userId, keyId } = ctx.actor;
      const session = keyId === null ? await findSession(ctx, c.var.credential) : null;
      const access = { userId, keyId, sessionId: session?.id ?? null };
      const { token, expiresAt } = await signDownload(ctx.config, row, access, ctx.clock.now());
      await recordAudit(ctx, { action: "document.link_created", resource: { kind: "document", id: row.id } });
      const url = new URL(`/api/v1/downloads/${token}`, c.req.url).href;
      return c.json({ url, expires_at: iso(expiresAt) }, 201);
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
