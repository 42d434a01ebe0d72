import type { StoredVectors } from "../passages/put-in-index.ts";
import type { Chunk } from "../reading/chunk-document.ts";
import type { ParsedDocument } from "../reading/parsed-document.ts";

/** Where a document's files are in R2: `<storageKey>/original` and what the pipeline makes of it. */
export type DocumentFile = "original" | "text.json" | `chunks/${string}` | `vectors/${string}`;

/** One part of the passages that one run cut: another may cut them otherwise meanwhile. */
export const chunksFile = (runId: string, part: number): DocumentFile => `chunks/${runId}/${part}`;

/** The vectors of one part of a document's chunks; a run never meets those of another, which may have been cut otherwise. */
export const vectorFile = (runId: string, part: number): DocumentFile => `vectors/${runId}/${part}`;

export const fileKey = (storageKey: string, file: DocumentFile) => `${storageKey}/${file}`;

/** A file that a later step needs and that is not there: the step that makes it has to run again. */
async function read(bucket: R2Bucket, storageKey: string, file: DocumentFile): Promise<R2ObjectBody> {
  const object = await bucket.get(fileKey(storageKey, file));
  if (!object) throw new Error(`The file ${file} of a document is missing.`);
  return object;
}

/** A file as a stream, which nobody here holds whole. */
export async function openFile(
  bucket: R2Bucket,
  storageKey: string,
  file: DocumentFile,
): Promise<{ stream: ReadableStream<Uint8Array>; bytes: number }> {
  const { body, size } = await read(bucket, storageKey, file);
  return { stream: body, bytes: size };
}

/** The document's text with its blocks, as it was read. */
export async function readText(bucket: R2Bucket, storageKey: string): Promise<ParsedDocument> {
  return (await read(bucket, storageKey, "text.json")).json<ParsedDocument>();
}

/** How a run has cut a document, and into how many passages. */
export interface Cut {
  chunking: string;
  chunks: number;
}

/** Written when all parts are. */
const cutFile = (runId: string): DocumentFile => `chunks/${runId}/all`;

export async function writeCut(bucket: R2Bucket, storageKey: string, runId: string, cut: Cut): Promise<void> {
  await bucket.put(fileKey(storageKey, cutFile(runId)), JSON.stringify(cut));
}

export async function readCut(bucket: R2Bucket, storageKey: string, runId: string): Promise<Cut> {
  return (await read(bucket, storageKey, cutFile(runId))).json<Cut>();
}

export async function readChunks(bucket: R2Bucket, storageKey: string, runId: string, part: number): Promise<Chunk[]> {
  return (await read(bucket, storageKey, chunksFile(runId, part))).json<Chunk[]>();
}

export async function readVectors(bucket: R2Bucket, storageKey: string, file: DocumentFile): Promise<StoredVectors> {
  const object = await read(bucket, storageKey, file);
  return { embedderId: object.customMetadata?.embedder ?? "", vectors: new Float32Array(await object.arrayBuffer()) };
}

/** Whether vectors of this embedder are there already. */
export async function hasVectors(
  bucket: R2Bucket,
  storageKey: string,
  file: DocumentFile,
  embedderId: string,
): Promise<boolean> {
  return (await bucket.head(fileKey(storageKey, file)))?.customMetadata?.embedder === embedderId;
}

export async function writeFile(
  bucket: R2Bucket,
  storageKey: string,
  file: DocumentFile,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  await bucket.put(fileKey(storageKey, file), body);
}

export async function writeVectors(
  bucket: R2Bucket,
  storageKey: string,
  file: DocumentFile,
  { embedderId, vectors }: StoredVectors,
): Promise<void> {
  await bucket.put(fileKey(storageKey, file), vectors, { customMetadata: { embedder: embedderId } });
}

async function removeAll(bucket: R2Bucket, prefix: string): Promise<void> {
  for (;;) {
    const { objects, truncated } = await bucket.list({ prefix });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return;
  }
}

/** What only the pipeline needs, each in folders of its runs. */
const intermediate = ["chunks", "vectors"];

/** The runs that have made something of a document which only the pipeline needs. */
export async function listRunsWithFiles(bucket: R2Bucket, storageKey: string): Promise<string[]> {
  const lists = await Promise.all(
    intermediate.map(async (kind) => {
      const prefix = `${storageKey}/${kind}/`;
      const { delimitedPrefixes } = await bucket.list({ prefix, delimiter: "/" });
      return delimitedPrefixes.map((folder) => folder.slice(prefix.length, -1));
    }),
  );
  return [...new Set(lists.flat())];
}

/** Removes what only one run of a document needed. */
export async function removeFilesOfRun(bucket: R2Bucket, storageKey: string, runId: string): Promise<void> {
  await Promise.all(intermediate.map((kind) => removeAll(bucket, `${storageKey}/${kind}/${runId}/`)));
}

/** Removes one version of a document. */
export async function removeVersion(bucket: R2Bucket, storageKey: string): Promise<void> {
  await removeAll(bucket, `${storageKey}/`);
}

/** Every version of a document is in its own folder beside the others. */
const folderOf = (storageKey: string) => storageKey.slice(0, storageKey.lastIndexOf("/") + 1);

/** Removes everything of a document: all its versions. */
export async function removeFiles(bucket: R2Bucket, storageKey: string): Promise<void> {
  await removeAll(bucket, folderOf(storageKey));
}

/** Removes every file of a workspace, also those that no row tells of. */
export async function removeWorkspaceFiles(bucket: R2Bucket, workspaceId: string): Promise<void> {
  await removeAll(bucket, `documents/${workspaceId}/`);
}

/** Removes the versions of a document that came before this one. */
export async function removeOtherVersions(bucket: R2Bucket, storageKey: string): Promise<void> {
  const folder = folderOf(storageKey);
  const { delimitedPrefixes } = await bucket.list({ prefix: folder, delimiter: "/" });
  for (const prefix of delimitedPrefixes) if (prefix !== `${storageKey}/`) await removeAll(bucket, prefix);
}
