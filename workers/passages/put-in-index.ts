import { pause } from "../platform/pause.ts";
import type { Chunk } from "../reading/chunk-document.ts";
import type { Access } from "./clone-index.ts";
import { cloneIndex } from "./clone-index.ts";

/** What the index has to know of a document besides its passages. */
export interface IndexedDocument {
  id: string;
  cloneId: string;
  kind: string;
  access?: Access;
  createdBy?: string | null;
  runId?: string;
}

/**
 * Chunks of one call to the index object, which takes them in one go: some 60 ms, in which nobody else has a turn. With vectors of 3,072
 * dimensions they are far from the 32 MB that a call may carry.
 */
export const chunksPerPart = 100;

/** How many parts so many chunks go into the index in. */
export const partsOf = (chunks: number) => Math.max(1, Math.ceil(chunks / chunksPerPart));

/** Unit vectors of passages, one behind the other, and who made them. */
export interface StoredVectors {
  embedderId: string;
  vectors: Float32Array;
}

/** Passages with their vectors. */
export type PassagesPart = StoredVectors & { chunks: Chunk[] };

/** A document's passages part by part: a long one is never held whole. */
export interface Passages {
  parts: number;
  part(part: number): Promise<PassagesPart>;
}

/** Passages that are there already, in parts. */
export function inParts({ chunks, embedderId, vectors }: PassagesPart): Passages {
  const perPart = chunksPerPart * (vectors.length / Math.max(1, chunks.length));
  return {
    parts: partsOf(chunks.length),
    part: async (part) => ({
      chunks: chunks.slice(part * chunksPerPart, (part + 1) * chunksPerPart),
      embedderId,
      vectors: vectors.slice(part * perPart, (part + 1) * perPart),
    }),
  };
}

/**
 * Puts a document's passages into its clone's index, in place of whatever is there of it. Returns the id of the embedder that made
 * their vectors.
 */
export async function putInIndex(
  env: Env,
  document: IndexedDocument,
  { parts, part: passagesOf }: Passages,
  onProgress?: (share: number) => Promise<void>,
): Promise<string> {
  const { id: documentId, cloneId, kind, access = "public", createdBy = null, runId = "" } = document;
  const facts = { documentId, runId, kind, access, createdBy };
  const object = cloneIndex(env, cloneId);
  let embedderId = "";
  for (let part = 0; part < parts; part++) {
    const passages = await passagesOf(part);
    embedderId = passages.embedderId;
    await object.putDocument({ ...facts, part, parts, ...passages });
    await onProgress?.((part + 1) / parts);
    await pause();
  }
  return embedderId;
}
