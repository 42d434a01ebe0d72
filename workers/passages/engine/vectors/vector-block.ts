import type { StoredVector } from "./vector-store.ts";

/** Vectors of one embedder that lie one behind the other, in the order of their passages; arrays may be longer than `count` needs. */
export interface VectorBlock {
  embedderId: string;
  dimensions: number;
  count: number;
  ids: Int32Array<ArrayBuffer>;
  docs: Int32Array<ArrayBuffer>;
  /** What a component of 127 stands for, by vector. */
  scales: Float32Array<ArrayBuffer>;
  data: Int8Array<ArrayBuffer>;
}

export function emptyBlock(embedderId: string, dimensions: number): VectorBlock {
  return {
    embedderId,
    dimensions,
    count: 0,
    ids: new Int32Array(0),
    docs: new Int32Array(0),
    scales: new Float32Array(0),
    data: new Int8Array(0),
  };
}

/** A block from its row. */
export function unpackBlock(row: Record<string, SqlStorageValue>): VectorBlock {
  return {
    embedderId: String(row.embedder_id),
    dimensions: Number(row.dimensions),
    count: Number(row.count),
    ids: new Int32Array(row.ids as ArrayBuffer),
    docs: new Int32Array(row.docs as ArrayBuffer),
    scales: new Float32Array(row.scales as ArrayBuffer),
    data: new Int8Array(row.data as ArrayBuffer),
  };
}

/** The columns of a block, without the room for more that its arrays have. */
export function packBlock({ count, dimensions, ids, docs, scales, data }: VectorBlock) {
  return {
    ids: ids.slice(0, count).buffer,
    docs: docs.slice(0, count).buffer,
    scales: scales.slice(0, count).buffer,
    data: data.slice(0, count * dimensions).buffer,
  };
}

function grow(block: VectorBlock): void {
  const room = Math.max(16, block.count * 2);
  const longer = <T extends { set(from: T): void }>(array: T, empty: T): T => {
    empty.set(array);
    return empty;
  };
  block.ids = longer(block.ids, new Int32Array(room));
  block.docs = longer(block.docs, new Int32Array(room));
  block.scales = longer(block.scales, new Float32Array(room));
  block.data = longer(block.data, new Int8Array(room * block.dimensions));
}

/** Appends a vector: its largest component becomes 127, so that none of the 8 bits is wasted. */
export function quantizeInto(block: VectorBlock, { id, doc, vector }: StoredVector): void {
  if (block.count === block.ids.length) grow(block);
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 127;
  const offset = block.count * block.dimensions;
  for (let i = 0; i < block.dimensions; i++) {
    block.data[offset + i] = scale > 0 ? Math.round((vector[i] as number) / scale) : 0;
  }
  block.ids[block.count] = id;
  block.docs[block.count] = doc;
  block.scales[block.count] = scale;
  block.count++;
}

/** Appends a vector of another block of the same dimensions as it is. */
export function copyInto(block: VectorBlock, from: VectorBlock, row: number): void {
  if (block.count === block.ids.length) grow(block);
  const { dimensions } = block;
  block.ids[block.count] = from.ids[row] as number;
  block.docs[block.count] = from.docs[row] as number;
  block.scales[block.count] = from.scales[row] as number;
  block.data.set(from.data.subarray(row * dimensions, (row + 1) * dimensions), block.count * dimensions);
  block.count++;
}

/** A vector as it was before its numbers became bytes, as near as these tell. */
export function vectorAt({ data, scales, dimensions }: VectorBlock, row: number): Float32Array {
  const scale = scales[row] as number;
  return Float32Array.from(data.subarray(row * dimensions, (row + 1) * dimensions), (value) => value * scale);
}

/** A copy of a block that lacks the vectors of one document. */
export function without(block: VectorBlock, doc: number): VectorBlock {
  const kept = emptyBlock(block.embedderId, block.dimensions);
  for (let row = 0; row < block.count; row++) if (block.docs[row] !== doc) copyInto(kept, block, row);
  return kept;
}

/** The row of a passage, or -1: passages' numbers grow from row to row. */
export function rowOf({ ids, count }: Pick<VectorBlock, "ids" | "count">, id: number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] as number) < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}
