/** A passage's vector on its way into the store. */
export interface StoredVector {
  /** The passage, and the document it is of, as the index numbers them. */
  id: number;
  doc: number;
  /** Unit length. */
  vector: Float32Array;
}

/** What a search by vector knows: the nearest passages, and the likeness of any other that words have found. */
export interface Neighbourhood {
  /** Passages by cosine, nearest first. */
  nearest: { id: number; similarity: number }[];
  /** The cosine of any passage that was searched; null for one that has no vector of this embedder. */
  similarityOf(id: number): number | null;
  /** The mean cosine of what was searched: what having nothing to do with the question looks like. Near 0 where little was. */
  mean: number;
}

/** A query's unit vector, who made it, and whether only some documents are searched. */
export interface VectorQuery {
  embedderId: string;
  values: Float32Array;
  isFiltered: boolean;
}

/**
 * Where a clone's vectors live. The index object keeps them in its own SQLite (`SqliteVectors`); a service for vectors would stand
 * behind the same port. Vectors of one embedder are never compared with those of another.
 */
export interface VectorStore {
  add(embedderId: string, vectors: StoredVector[]): void;
  /** Takes out all vectors of a document. */
  remove(doc: number): void;
  /** Takes out all vectors of an embedder. */
  drop(embedderId: string): void;
  /** The vectors of those passages that have one of this embedder. */
  get(embedderId: string, ids: number[]): Map<number, Float32Array>;
  /** The last passage that has a vector of an embedder; 0 where none has. */
  lastId(embedderId: string): number;
  /** Searches the vectors of one embedder in those documents that `has` lets through. */
  search(query: VectorQuery, count: number, docs: { has(doc: number): boolean }): Neighbourhood | null;
}
