import type { VectorArena } from "./vector-arena.ts";

/** Vectors of bytes, one behind the other. */
export interface Rows {
  data: Int8Array;
  count: number;
  dimensions: number;
}

const rounds = 8;

/** Which of the `count` vectors at `at` has the largest product with `query`. */
function nearest(arena: VectorArena, query: Int8Array, at: number, count: number): number {
  const products = arena.products(query, at, count);
  let best = 0;
  for (let i = 1; i < count; i++) if ((products[i] as number) > (products[best] as number)) best = i;
  return best;
}

const rowOf = ({ data, dimensions }: Rows, row: number) => data.subarray(row * dimensions, (row + 1) * dimensions);

function putAll(arena: VectorArena, { data, count, dimensions }: Rows): number {
  arena.reset();
  return arena.put(data, count, dimensions) as number;
}

/** The centroid that each vector is nearest to. What the arena held is gone. */
export function assign(arena: VectorArena, vectors: Rows, centroids: Rows): Uint16Array {
  const at = putAll(arena, centroids);
  return Uint16Array.from({ length: vectors.count }, (_, row) =>
    nearest(arena, rowOf(vectors, row), at, centroids.count),
  );
}

/** Sums of unit vectors as unit vectors in bytes. */
function normalized(sums: Float32Array, count: number, dimensions: number): Int8Array {
  const data = new Int8Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const sum = sums.subarray(row * dimensions, (row + 1) * dimensions);
    let squares = 0;
    for (const value of sum) squares += value * value;
    // All of the same length, so that products compare as cosines do; three standard deviations fit into a byte.
    const scale = squares > 0 ? (127 * Math.sqrt(dimensions)) / (4 * Math.sqrt(squares)) : 0;
    for (let i = 0; i < dimensions; i++)
      data[row * dimensions + i] = Math.max(-127, Math.min(127, Math.round((sum[i] as number) * scale)));
  }
  return data;
}

/**
 * Finds `count` centroids of vectors by spherical k-means, beginning with vectors from all over. `scales` says what a byte stands for, by
 * vector; `pause` is awaited between rounds. What the arena held is gone after each.
 */
export async function findCentroids(
  arena: VectorArena,
  vectors: Rows,
  scales: Float32Array,
  count: number,
  pause: () => Promise<void>,
): Promise<Rows> {
  const { dimensions } = vectors;
  const step = vectors.count / count;
  const first = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) first.set(rowOf(vectors, Math.floor(i * step)), i * dimensions);
  const centroids: Rows = { data: normalized(first, count, dimensions), count, dimensions };
  for (let round = 0; round < rounds; round++) {
    const sums = new Float32Array(count * dimensions);
    const sizes = new Uint32Array(count);
    for (const [row, cluster] of assign(arena, vectors, centroids).entries()) {
      const [vector, scale] = [rowOf(vectors, row), scales[row] as number];
      for (let i = 0; i < dimensions; i++) (sums[cluster * dimensions + i] as number) += scale * (vector[i] as number);
      (sizes[cluster] as number) += 1;
    }
    // A centroid without vectors starts again somewhere else.
    for (let cluster = 0; cluster < count; cluster++)
      if (sizes[cluster] === 0)
        sums.set(rowOf(vectors, (cluster * 7_919 + round * 104_729) % vectors.count), cluster * dimensions);
    centroids.data = normalized(sums, count, dimensions);
    await pause();
  }
  return centroids;
}
