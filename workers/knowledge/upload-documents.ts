import { createHash } from "node:crypto";
import type { CloneRow } from "../clones/queries.ts";
import { newId } from "../platform/ids.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { fileKey } from "./document-files.ts";
import { safeFilename } from "./filename.ts";
import { enqueue } from "./ingest-queue.ts";
import { type DetectedType, detectType } from "./parsing/detect-type.ts";
import { type DocumentRow, findSameBytes, insertDocument } from "./queries.ts";
import { restart } from "./retry-document.ts";

/** A file that was looked at and may be stored. */
interface CheckedFile extends DetectedType {
  filename: string;
  bytes: Uint8Array;
  sha256: string;
}

export type Uploaded = Pick<DocumentRow, "id" | "filename" | "status">;

async function check(file: File): Promise<CheckedFile> {
  const filename = safeFilename(file.name);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = detectType(bytes, filename);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { ...type, filename, bytes, sha256 };
}

async function store(ctx: Context<UserActor>, clone: CloneRow, file: CheckedFile): Promise<Uploaded> {
  const { db, env, clock } = ctx;
  const same = await findSameBytes(db, clone.id, file.sha256);
  if (same) return same.status === "failed" ? restart(ctx, same) : same;
  const id = newId("document");
  const runId = newId("run");
  const storageKey = `documents/${clone.workspaceId}/${id}/${crypto.randomUUID()}`;
  const original = fileKey(storageKey, "original");
  await env.UPLOADS.put(original, file.bytes, { httpMetadata: { contentType: file.mediaType } });
  const now = clock.now();
  const row = {
    id,
    workspaceId: clone.workspaceId,
    cloneId: clone.id,
    filename: file.filename,
    mediaType: file.mediaType,
    kind: file.kind,
    bytes: file.bytes.length,
    sha256: file.sha256,
    storageKey,
    status: "queued" as const,
    createdAt: now,
    updatedAt: now,
  };
  try {
    await insertDocument(db, row, runId);
  } catch (error) {
    await env.UPLOADS.delete(original);
    throw error;
  }
  // From here on the document is known: should the queue not take it, the sweep puts it there.
  await enqueue(env, { documentId: id, runId }).catch((error) =>
    ctx.log.error("document_not_enqueued", error, { document_id: id }),
  );
  return { id, filename: file.filename, status: "queued" };
}

/**
 * Takes files for a clone to read. All are looked at before any is stored, so that a refused one leaves nothing of the others.
 * The same bytes again are the same document. Throws `unsupported_media_type` and `validation_failed` with the file's name.
 */
export async function uploadDocuments(ctx: Context<UserActor>, clone: CloneRow, files: File[]): Promise<Uploaded[]> {
  const checked: CheckedFile[] = [];
  for (const file of files) checked.push(await check(file));
  const uploaded: Uploaded[] = [];
  for (const file of checked) uploaded.push(await store(ctx, clone, file));
  return uploaded;
}
