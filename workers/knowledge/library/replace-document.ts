import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { fileKey, removeVersion } from "../document-files.ts";
import { enqueue } from "../ingestion/ingest-message.ts";
import { insertVersionRun, replaceUnread } from "../ingestion/new-run-queries.ts";
import { type DocumentRow, listSameBytes } from "../queries.ts";
import type { UploadedFile } from "./read-upload.ts";
import { check, newStorageKey, versionOf } from "./upload-documents.ts";

/**
 * Gives a document a new file. One that is searchable is answered from as it is until the new file is read whole, and then from
 * that, at once; where the new one cannot be read, the old stays. Throws `conflict` for a file that the clone has already, and
 * `unsupported_media_type`.
 */
export async function replaceDocument(ctx: Context, document: DocumentRow, upload: UploadedFile): Promise<void> {
  const { env, db, clock } = ctx;
  const file = await check(upload);
  const [same] = await listSameBytes(db, document.cloneId, [file.sha256]);
  if (same?.id === document.id) throw new Problem("conflict", "This is the file that the document has already.");
  if (same) throw new Problem("conflict", `The clone has this file already, as “${same.filename}”.`);
  const version = versionOf(file, newStorageKey(document));
  const runId = newId("run");
  const key = fileKey(version.storageKey, "original");
  await env.UPLOADS.put(key, file.bytes, { httpMetadata: { contentType: file.mediaType } });
  try {
    const store = document.status === "indexed" ? insertVersionRun : replaceUnread;
    const event = {
      action: "document.replaced",
      resource: { kind: "document", id: document.id },
      details: { filename: version.filename, bytes: version.bytes },
    } as const;
    const audit = await audited(ctx, event, { workspaceId: document.workspaceId });
    await store(db, document, version, runId, clock.now(), audit);
  } catch (error) {
    await removeVersion(env.UPLOADS, version.storageKey);
    throw error;
  }
  if (document.status !== "indexed") await removeVersion(env.UPLOADS, document.storageKey);
  await enqueue(env, { ...document, ...version }, runId);
}
