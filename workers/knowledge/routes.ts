import type { Context } from "hono";
import { z } from "zod";
import { iso } from "../platform/clock.ts";
import { readJsonInput } from "../platform/http/body.ts";
import { fitting } from "../platform/operation.ts";
import { serve, serveAs } from "../workspaces/operation.ts";
import { type ContextEnv, createRouter } from "../workspaces/router.ts";
import { document, downloadLink, uploadResult, webImport, webImportInput } from "./contract.ts";
import { pipelineRoutes } from "./ingestion/pipeline-routes.ts";
import { deleteDocument } from "./library/delete-document.ts";
import { linkDownload } from "./library/link-download.ts";
import { listHints } from "./library/list-hints.ts";
import {
  listDocuments,
  listPassages,
  readDocument,
  readDocumentStatus,
  readOriginal,
} from "./library/read-documents.ts";
import { readDocumentText } from "./library/read-text.ts";
import { readUpload } from "./library/read-upload.ts";
import { replaceDocument } from "./library/replace-document.ts";
import { retryDocument } from "./library/retry-document.ts";
import { sendOriginal } from "./library/send-original.ts";
import { updateDocument } from "./library/update-document.ts";
import { uploadDocuments } from "./library/upload-documents.ts";
import { searchDocuments } from "./search/search-documents.ts";
import { readImport } from "./web-import/read-import.ts";
import { startImport } from "./web-import/start-import.ts";

/** Reads a form for an operation that takes files. */
const formFor =
  ({ input }: { input: z.ZodObject }) =>
  (c: Context<ContextEnv>) =>
    readUpload(c.req.raw, c.var.runtime.config.MAX_UPLOAD_BYTES, input);

export const knowledgeRoutes = createRouter()
  .post(
    "/documents/upload",
    serveAs(uploadDocuments, {
      read: formFor(uploadDocuments),
      requestBody: { "multipart/form-data": uploadDocuments.input.extend({ file: z.array(z.file()).min(1) }) },
      responses: { 202: uploadResult },
      respond: (c, uploaded) => c.json(uploaded, 202),
    }),
  )
  .post(
    "/documents/import",
    serveAs(startImport, {
      // The name under which the call came in leads back here: no page is fetched from there.
      read: async (c) => ({
        ...fitting(webImportInput, await readJsonInput(c)),
        own_host: new URL(c.req.url).hostname,
      }),
      requestBody: { "application/json": webImportInput },
      responses: { 202: webImport },
      respond: (c, started) => c.json(started, 202),
    }),
  )
  .get("/documents/imports/:id", serve(readImport))
  .get("/documents/hints", serve(listHints))
  .post("/documents/search", serve(searchDocuments))
  .get("/documents", serve(listDocuments))
  .get("/documents/:id", serve(readDocument))
  .patch("/documents/:id", serve(updateDocument))
  .delete("/documents/:id", serve(deleteDocument))
  .get("/documents/:id/status", serve(readDocumentStatus))
  .get("/documents/:id/text", serve(readDocumentText))
  .get("/documents/:id/passages", serve(listPassages))
  .get(
    "/documents/:id/content",
    serveAs(readOriginal, {
      responses: { 200: { "*/*": "The file’s bytes." } },
      respond: (c, row) => sendOriginal(c.env.UPLOADS, row, c.req.raw),
    }),
  )
  .put(
    "/documents/:id/content",
    serveAs(replaceDocument, {
      read: formFor(replaceDocument),
      requestBody: { "multipart/form-data": replaceDocument.input.extend({ file: z.file() }) },
      responses: { 202: document },
      respond: (c, shown) => c.json(shown, 202),
    }),
  )
  .post("/documents/:id/retry", serve(retryDocument, 202))
  .post(
    "/documents/:id/download-link",
    serveAs(linkDownload, {
      responses: { 201: downloadLink },
      respond(c, { token, expiresAt }) {
        const { href: url } = new URL(`/api/v1/downloads/${token}`, c.req.url);
        return c.json({ url, expires_at: iso(expiresAt) }, 201);
      },
    }),
  )
  .route("/", pipelineRoutes);

export { downloadRoutes } from "./library/download-routes.ts";
