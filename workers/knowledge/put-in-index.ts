import type { Chunk } from "../reading/chunk-document.ts";
import { cloneIndex } from "./clone-index.ts";
import type { StoredVectors } from "./document-files.ts";
import type { DocumentRow } from "./queries.ts";

/** What the index has to know of a document besides its passages. */
export type IndexedDocument = Pick<DocumentRow, "id" | "cloneId" | "kind"> &
  Partial<Pick<DocumentRow, "access" | "createdBy">> & { runId?: string };

/** Chunks of one call to the index object: with vectors of 3,072 dimensions still a third of the 32 MB that a call may carry. */
export const chunksPerPart = 500;

/** How many parts so many chunks go into the index in. */
export const partsOf = (chunks: number) => Math.max(1, Math.ceil(chunks / chunksPerPart));

/** Reads the vectors of one part's chunks. */
type VectorsOfPart = (part: number) => Promise<StoredVectors>;

function slicing({ embedderId, vectors }: StoredVectors, chunks: number): VectorsOfPart {
  const perPart = chunksPerPart * (vectors.length / Math.max(1, chunks));
  return async (part) => ({ embedderId, vectors: vectors.slice(part * perPart, (part + 1) * perPart) });
}

/**
 * Puts a document's passages into its clone's index, in place of whatever is there of it. Their unit vectors, one behind the
 * other, come whole or part by part. Returns the id of the embedder that made them.
 */
export async function putInIndex(
  env: Env,
  document: IndexedDocument,
  chunks: Chunk[],
  vectors: StoredVectors | VectorsOfPart,
  onProgress?: (share: number) => Promise<void>,
): Promise<string> {
  const { id: documentId, cloneId, kind, access = "public", createdBy = null, runId = "" } = document;
  const facts = { documentId, runId, kind, access, createdBy };
  const object = cloneIndex(env, cloneId);
  const vectorsOf = typeof vectors === "function" ? vectors : slicing(vectors, chunks.length);
  const parts = partsOf(chunks.length);
  let embedderId = "";
  for (let part = 0; part < parts; part++) {
    const ofPart = chunks.slice(part * chunksPerPart, (part + 1) * chunksPerPart);
    const stored = await vectorsOf(part);
    embedderId = stored.embedderId;
    await object.putDocument({ ...facts, part, parts, chunks: ofPart, ...stored });
    await onProgress?.((part + 1) / parts);
  }
  return embedderId;
}
