import { notFound } from "../../platform/errors.ts";
import type { PlacedBlock } from "../../reading/parsed-document.ts";
import type { Context } from "../../workspaces/context.ts";
import type { DocumentText } from "../contract.ts";
import { fileKey, readText } from "../document-files.ts";
import { type DocumentRow, findDocumentWithClone } from "../queries.ts";
import { viewerOf } from "../viewer.ts";

/**
 * A document that the actor may read: their workspace's own, or, where a public or unlisted clone shows its documents, anybody's
 * who may talk to it. Throws `not_found` for all others.
 */
export async function getReadableDocument(ctx: Context, id: string): Promise<DocumentRow> {
  const found = await findDocumentWithClone(ctx.db, id);
  if (!found) throw notFound("document");
  const { document, visibility, sourceAccess } = found;
  const { actor } = ctx;
  const shared =
    visibility !== "private" &&
    sourceAccess === "documents" &&
    document.status === "indexed" &&
    document.access === "public";
  const { memberId } = viewerOf(actor, document);
  const own = memberId !== null && (document.access !== "me" || document.createdBy === memberId);
  const visits = actor.kind === "visitor" ? actor.cloneId === document.cloneId : actor.kind === "user";
  if (own || (shared && visits)) return document;
  throw notFound("document");
}

/** A document's text in parts: by page where it has pages, else by section. */
export async function readDocumentText(ctx: Context, document: DocumentRow): Promise<DocumentText> {
  if (document.status !== "indexed") throw notFound("text of this document yet");
  const { text, blocks } = await readText(ctx.env.UPLOADS, document.storageKey);
  const same = (a: PlacedBlock, b: PlacedBlock) => a.page === b.page && (a.page !== null || a.section === b.section);
  const runs: PlacedBlock[][] = [];
  for (const block of blocks) {
    const run = runs.at(-1);
    if (run?.[0] && same(run[0], block)) run.push(block);
    else runs.push([block]);
  }
  const parts = runs.flatMap((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) return [];
    return [{ page: first.page, section: first.section, start: first.start, text: text.slice(first.start, last.end) }];
  });
  const { id, filename, sourceUrl: source_url, kind, pages, title, author, date, language } = document;
  return { document: { id, filename, source_url, type: kind, pages, title, author, date, language }, parts };
}

/** The original bytes, to be shown by the browser's own viewer where that is safe, else (and with `keep`) to be kept. */
export async function contentOf(
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
