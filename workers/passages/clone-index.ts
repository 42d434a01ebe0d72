import type { Chunk } from "../reading/chunk-document.ts";

/** For whom a document's passages are found: see `documents.access`. */
export type Access = "public" | "members" | "me";

/** A part of a document on its way into the index: one call carries at most 32 MB. */
export interface DocumentPart {
  documentId: string;
  /** Which run made it: what an older run brings after a newer one is not taken. */
  runId: string;
  kind: string;
  access: Access;
  /** Who uploaded it. */
  createdBy: string | null;
  embedderId: string;
  /** Which part this is, from 0, and how many there are: the last one makes the document searchable. */
  part: number;
  parts: number;
  chunks: Chunk[];
  /** A unit vector for each chunk, one behind the other. */
  vectors: Float32Array;
}

/** A question's unit vector, and who made it. */
export interface QueryVector {
  embedderId: string;
  values: Float32Array;
}

export interface IndexQuery {
  query: string;
  /** Null searches by words alone. */
  vector: QueryVector | null;
  /** The same question by other embedders, of which passages still have vectors: each passage is compared by its own. */
  otherVectors?: QueryVector[];
  topK: number;
  mode: "hybrid" | "keyword" | "vector";
  /** The member of the clone's workspace who asks; null for everybody else. */
  memberId?: string | null;
  documentIds?: string[] | undefined;
  kinds?: string[] | undefined;
}

export interface IndexHit {
  documentId: string;
  text: string;
  page: number | null;
  section: string | null;
  start: number;
  end: number;
  /** 0 to 1, never rising from hit to hit: see `relevance`. */
  score: number;
}

/** The index object of a clone. */
export function cloneIndex(env: Env, cloneId: string) {
  return env.CLONE_INDEX.get(env.CLONE_INDEX.idFromName(cloneId));
}
