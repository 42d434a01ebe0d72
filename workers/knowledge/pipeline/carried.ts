import type { Chunk } from "../../reading/chunk-document.ts";
import { readChunks } from "../document-files.ts";
import type { Work } from "./step.ts";

/** The chunks that an earlier step cut: of this delivery, or from R2. */
export async function chunksOf(
  bucket: R2Bucket,
  { document, runId, carried }: Pick<Work, "document" | "runId" | "carried">,
): Promise<Chunk[]> {
  if (!carried.chunks) {
    const stored = await readChunks(bucket, document.storageKey, runId);
    carried.chunks = stored.chunks;
    carried.chunking = stored.chunking;
  }
  return carried.chunks;
}
