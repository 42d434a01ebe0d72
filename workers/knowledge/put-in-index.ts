import type { Chunk } from "./chunk-document.ts";
import { cloneIndex } from "./clone-index.ts";
import type { DocumentRow } from "./queries.ts";

/** Chunks of one call to the index object: with vectors of 3,072 dimensions still a third of the 32 MB that a call may carry. */
const chunksPerPart = 500;

/** Puts a document's passages into its clone's index, in place of whatever is there of it. */
export async function putInIndex(
  env: Env,
  { id, cloneId, kind }: Pick<DocumentRow, "id" | "cloneId" | "kind">,
  chunks: Chunk[],
  { embedderId, vectors }: { embedderId: string; vectors: Float32Array },
  onProgress?: (share: number) => Promise<void>,
): Promise<void> {
  const object = cloneIndex(env, cloneId);
  const dimensions = chunks.length > 0 ? vectors.length / chunks.length : 0;
  const parts = Math.max(1, Math.ceil(chunks.length / chunksPerPart));
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part * chunksPerPart, (part + 1) * chunksPerPart];
    await object.putDocument({
      documentId: id,
      kind,
      embedderId,
      part,
      parts,
      chunks: chunks.slice(from, to),
      vectors: vectors.slice(from * dimensions, to * dimensions),
    });
    await onProgress?.((part + 1) / parts);
  }
}
