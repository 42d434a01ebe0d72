import { notFound } from "../../platform/errors.ts";
import { fileKey } from "../document-files.ts";
import type { DocumentRow } from "../queries.ts";

/** The original bytes, to be shown by the browser's own viewer where that is safe, else (and with `keep`) to be kept. */
export async function sendOriginal(
  bucket: R2Bucket,
  document: DocumentRow,
  request: Request,
  { keep = false } = {},
): Promise<Response> {
  const range = request.headers.has("Range") ? { range: request.headers } : {};
  const object = await bucket.get(fileKey(document.storageKey, "original"), {
    onlyIf: request.headers,
    ...range,
  });
  if (!object) throw notFound("document");
  const inline = !keep && (document.kind === "pdf" || document.kind === "text" || document.kind === "markdown");
  const headers = new Headers({
    // Markup is never shown as a page of ours: what a document says is data.
    "Content-Type":
      document.kind === "pdf" ? "application/pdf" : inline ? "text/plain; charset=utf-8" : document.mediaType,
    "Content-Disposition": `${inline ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(document.filename.toWellFormed())}`,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=0, must-revalidate",
    "Accept-Ranges": "bytes",
    ETag: object.httpEtag,
  });
  if (!("body" in object)) return new Response(null, { status: 304, headers });
  const part = object.range as { offset?: number; length?: number } | undefined;
  if (!request.headers.has("Range") || part?.length === undefined || part.length === object.size) {
    headers.set("Content-Length", String(object.size));
    return new Response(object.body, { headers });
  }
  const offset = part.offset ?? 0;
  headers.set("Content-Range", `bytes ${offset}-${offset + part.length - 1}/${object.size}`);
  return new Response(object.body, { status: 206, headers });
}
