import { createHash } from "node:crypto";
import type { CloneRow } from "../../clones/queries.ts";
import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { pause } from "../../platform/pause.ts";
import { type DetectedType, detectType } from "../../reading/detect-type.ts";
import { withoutMetadata } from "../../reading/image-metadata.ts";
import { isImage } from "../../reading/image-size.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { fileKey } from "../document-files.ts";
import { safeFilename } from "../filename.ts";
import { enqueue } from "../ingestion/ingest-message.ts";
import { insertDocuments } from "../ingestion/new-run-queries.ts";
import { type DocumentRow, listSameBytes, type NewDocument } from "../queries.ts";
import type { UploadedFile } from "./read-upload.ts";
import { restart } from "./retry-document.ts";

/** A file that was looked at and may be stored. */
interface CheckedFile extends DetectedType {
  filename: string;
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

export type Uploaded = Pick<DocumentRow, "id" | "filename" | "status">;

/** What holds for all files of an upload. */
interface Upload {
  createdBy: string;
  access: DocumentRow["access"];
  /** The web address that the one file is from. */
  sourceUrl?: string;
}

/** A document that is about to be stored, with its first run. */
interface Prepared {
  file: CheckedFile;
  row: NewDocument;
  runId: string;
}

/** Pictures are stored without what cameras tell of people: where and when they were taken. */
function storable({ kind }: DetectedType, bytes: Uint8Array<ArrayBuffer>, filename: string): Uint8Array<ArrayBuffer> {
  if (!isImage(kind)) return bytes;
  try {
    return withoutMetadata(kind, bytes);
  } catch (cause) {
    throw new Problem("validation_failed", `“${filename}” is damaged or cut off. Save it anew and upload it again.`, {
      cause,
    });
  }
}

/** Others have their turn after so much of a file. */
const hashedAtOnce = 4 * 1024 * 1024;

/** The SHA-256 of a file, in hex. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += hashedAtOnce) {
    hash.update(bytes.subarray(at, at + hashedAtOnce));
    await pause();
  }
  return hash.digest("hex");
}

/** Looks at a file before anything of it is stored. Throws `unsupported_media_type` and `validation_failed` with its name. */
export async function checkFile({ name, bytes: sent }: UploadedFile): Promise<CheckedFile> {
  const filename = safeFilename(name);
  const type = detectType(sent, filename);
  const bytes = storable(type, sent, filename);
  return { ...type, filename, bytes, sha256: await hashOf(bytes) };
}

/** Where a new version of a document is kept: a folder of its own, whose name nobody can guess. */
export const newStorageKey = ({ id, workspaceId }: { id: string; workspaceId: string }) =>
  `documents/${workspaceId}/${id}/${crypto.randomUUID()}`;

export const versionOf = ({ filename, mediaType, kind, sha256, bytes }: CheckedFile, storageKey: string) => ({
  filename,
  mediaType,
  kind,
  bytes: bytes.length,
  sha256,
  storageKey,
});

function prepare(
  clone: CloneRow,
  file: CheckedFile,
  { createdBy, access, sourceUrl, now }: Upload & { now: number },
): Prepared {
  const id = newId("document");
  const { workspaceId } = clone;
  const row: NewDocument = {
    id,
    workspaceId,
    cloneId: clone.id,
    createdBy,
    access,
    sourceUrl: sourceUrl ?? null,
    ...versionOf(file, newStorageKey({ id, workspaceId })),
    status: "queued",
    createdAt: now,
    updatedAt: now,
  };
  return { file, row, runId: newId("run") };
}

/** Stores bytes, then rows: all of them, or nothing of any. */
async function store(ctx: Context, prepared: Prepared[]): Promise<void> {
  const { env, db } = ctx;
  const keys = prepared.map(({ row }) => fileKey(row.storageKey, "original"));
  try {
    for (const { file, row } of prepared) {
      const httpMetadata = { contentType: file.mediaType };
      await env.UPLOADS.put(fileKey(row.storageKey, "original"), file.bytes, { httpMetadata });
    }
    const events = prepared.map(({ row }) => {
      const details = { filename: row.filename, bytes: row.bytes, clone_id: row.cloneId, from: row.sourceUrl ?? null };
      const event = { action: "document.uploaded", resource: { kind: "document", id: row.id }, details } as const;
      return audited(ctx, event, { workspaceId: row.workspaceId });
    });
    await insertDocuments(db, prepared, (await Promise.all(events)).flat());
  } catch (error) {
    await env.UPLOADS.delete(keys);
    throw error;
  }
}

/** Stores those files that the clone does not have yet; returns the documents of all by their bytes. */
async function storeNew(
  ctx: Context,
  clone: CloneRow,
  files: CheckedFile[],
  upload: Upload,
): Promise<Map<string, Uploaded>> {
  const byBytes = new Map(files.map((file) => [file.sha256, file]));
  const present = await listSameBytes(ctx.db, clone.id, [...byBytes.keys()]);
  for (const { sha256 } of present) byBytes.delete(sha256);
  const prepared = [...byBytes.values()].map((file) => prepare(clone, file, { ...upload, now: ctx.clock.now() }));
  if (prepared.length > 0) await store(ctx, prepared);
  for (const { row, runId } of prepared) {
    // From here on the document is known: should the queue not take it, the sweep puts it there.
    await enqueue(ctx.env, row, runId).catch((error) =>
      ctx.log.error("document_not_enqueued", error, { document_id: row.id }),
    );
  }
  const known = await Promise.all(present.map((row) => (row.status === "failed" ? restart(ctx, row) : row)));
  const stored = [...known, ...prepared.map(({ row }) => row)];
  return new Map(stored.map(({ id, filename, status, sha256 }) => [sha256, { id, filename, status }]));
}

/**
 * Takes files for a clone to read. All are looked at before any is stored, so that a refused one leaves nothing of the others.
 * The same bytes again are the same document. Throws `unsupported_media_type` and `validation_failed` with the file's name.
 */
export async function storeFiles(
  ctx: Context,
  clone: CloneRow,
  files: UploadedFile[],
  upload: Upload,
): Promise<Uploaded[]> {
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await checkFile(file));
  const documents = await storeNew(ctx, clone, checked, upload).catch(async (error) => {
    // Somebody else's upload of the same bytes may have come first, which the database refuses to store twice.
    const hashes = checked.map(({ sha256 }) => sha256);
    if ((await listSameBytes(ctx.db, clone.id, hashes)).length === 0) throw error;
    return storeNew(ctx, clone, checked, upload);
  });
  return checked.flatMap(({ sha256 }) => documents.get(sha256) ?? []);
}
