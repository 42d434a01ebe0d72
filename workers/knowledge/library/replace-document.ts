import { z } from "zod";
import { cloneChanged } from "../../clones/clone-changes.ts";
import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { audited } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { document, tags } from "../contract.ts";
import { fileKey, removeVersion } from "../document-files.ts";
import { enqueue } from "../ingestion/ingest-message.ts";
import { insertVersionRun, replaceUnread } from "../ingestion/new-run-queries.ts";
import { requireReadingFunds } from "../ingestion/require-reading-funds.ts";
import { type DocumentRow, listSameBytes } from "../queries.ts";
import { getDocument, shownNow } from "./get-document.ts";
import { type UploadedFile, uploadedFile } from "./read-upload.ts";
import { checkFile, newStorageKey, versionOf } from "./store-files.ts";

/**
 * Gives a document a new file. One that is searchable is answered from as it is until the new file is read whole, and then from
 * that, at once; where the new one cannot be read, the old stays. Throws `conflict` for a file that the clone has already, and
 * `unsupported_media_type`.
 */
export async function replaceFile(ctx: Context, document: DocumentRow, upload: UploadedFile): Promise<void> {
  const { env, db, clock } = ctx;
  const file = await checkFile(upload);
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
  if (document.status !== "indexed") {
    // Its run may have ended meanwhile, which made it searchable.
    await cloneChanged(ctx, document.cloneId);
    await removeVersion(env.UPLOADS, document.storageKey);
  }
  await enqueue(env, { ...document, ...version }, runId);
}

export const replaceDocument = operation({
  limit: "upload",
  summary: "Give a document a new file",
  description:
    "Answers are made from the old one until the new one is read whole, then from the new one, at once. One that cannot be read changes nothing.",
  tags,
  action: "document.write",
  audit: "document.replaced",
  params: ["id"],
  input: z.strictObject({ file: z.tuple([uploadedFile], "Send one file: a document has one.") }),
  output: document,
  async run(ctx, { params: { id }, body }) {
    const [file] = body.file;
    const row = await getDocument(ctx, id);
    await requireReadingFunds(ctx, row.cloneId, row.workspaceId);
    await replaceFile(ctx, row, file);
    return shownNow(ctx, id);
  },
});
