/** Unit vectors as int8: a component of 1 becomes 127. Keeps the order of cosines at a quarter of the memory. */
export function quantize(vectors: Float32Array): Int8Array<ArrayBuffer> {
  const bytes = new Int8Array(vectors.length);
  for (let i = 0; i < vectors.length; i++) bytes[i] = Math.round(Math.max(-1, Math.min(1, vectors[i] ?? 0)) * 127);
  return bytes;
}

/** Vectors of passages that lie one behind the other, with the passages' ids. */
export interface VectorSpace {
  dimensions: number;
  ids: number[];
  data: Int8Array;
}

export interface Neighbour {
  id: number;
  /** Cosine, about -1 to 1. */
  similarity: number;
}

/** The `count` passages nearest to `query` by exact scan, nearest first; only those in `allowed` where it is given. */
export function nearest(
  space: VectorSpace,
  query: Int8Array,
  count: number,
  allowed: ReadonlySet<number> | null,
): Neighbour[] {
  const { dimensions, ids, data } = space;
  const best: Neighbour[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number;
    if (allowed && !allowed.has(id)) continue;
    let dot = 0;
    const offset = row * dimensions;
    for (let i = 0; i < dimensions; i++) dot += (data[offset + i] as number) * (query[i] as number);
    if (best.length === count && dot <= worst) continue;
    let at = best.length;
    while (at > 0 && (best[at - 1] as Neighbour).similarity < dot) at--;
    best.splice(at, 0, { id, similarity: dot });
    if (best.length > count) best.pop();
    worst = (best.at(-1) as Neighbour).similarity;
  }
  return best.map(({ id, similarity }) => ({ id, similarity: similarity / (127 * 127) }));
}
