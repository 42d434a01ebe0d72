import type { Chunk } from "./chunk-document.ts";
import type { ParsedDocument } from "./parsing/parsed-document.ts";

/** Where a document's files are in R2: `<storageKey>/original` and what the pipeline makes of it. */
export type DocumentFile = "original" | "text.json" | "chunks.json" | "vectors.bin";

export const fileKey = (storageKey: string, file: DocumentFile) => `${storageKey}/${file}`;

/** A file that a later step needs and that is not there: the step that makes it has to run again. */
async function read(bucket: R2Bucket, storageKey: string, file: DocumentFile): Promise<R2ObjectBody> {
  const object = await bucket.get(fileKey(storageKey, file));
  if (!object) throw new Error(`The file ${file} of a document is missing.`);
  return object;
}

export async function readOriginal(bucket: R2Bucket, storageKey: string): Promise<Uint8Array> {
  return new Uint8Array(await (await read(bucket, storageKey, "original")).arrayBuffer());
}

/** The document's text with its blocks, as it was read. */
export async function readText(bucket: R2Bucket, storageKey: string): Promise<ParsedDocument> {
  return (await read(bucket, storageKey, "text.json")).json<ParsedDocument>();
}

export async function readChunks(bucket: R2Bucket, storageKey: string): Promise<Chunk[]> {
  return (await read(bucket, storageKey, "chunks.json")).json<Chunk[]>();
}

export interface StoredVectors {
  embedderId: string;
  vectors: Float32Array;
}

export async function readVectors(bucket: R2Bucket, storageKey: string): Promise<StoredVectors> {
  const object = await read(bucket, storageKey, "vectors.bin");
  return { embedderId: object.customMetadata?.embedder ?? "", vectors: new Float32Array(await object.arrayBuffer()) };
}

export async function writeJson(
  bucket: R2Bucket,
  storageKey: string,
  file: "text.json" | "chunks.json",
  value: unknown,
): Promise<void> {
  await bucket.put(fileKey(storageKey, file), JSON.stringify(value));
}

export async function writeVectors(
  bucket: R2Bucket,
  storageKey: string,
  { embedderId, vectors }: StoredVectors,
): Promise<void> {
  await bucket.put(fileKey(storageKey, "vectors.bin"), vectors, { customMetadata: { embedder: embedderId } });
}

/** Removes what only the pipeline needed. */
export async function removeIntermediate(bucket: R2Bucket, storageKey: string): Promise<void> {
  await bucket.delete([fileKey(storageKey, "chunks.json"), fileKey(storageKey, "vectors.bin")]);
}

/** Removes everything of a document. */
export async function removeFiles(bucket: R2Bucket, storageKey: string): Promise<void> {
  const files: DocumentFile[] = ["original", "text.json", "chunks.json", "vectors.bin"];
  await bucket.delete(files.map((file) => fileKey(storageKey, file)));
}
