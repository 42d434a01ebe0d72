import type { Neighbourhood, StoredVector } from "./vector-store.ts";

/** Vectors of one embedder that lie one behind the other; arrays may be longer than `count` needs. */
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

/** A copy of a block that lacks the vectors of one document. */
export function without(block: VectorBlock, doc: number): VectorBlock {
  const kept = emptyBlock(block.embedderId, block.dimensions);
  const { dimensions } = block;
  for (let row = 0; row < block.count; row++) {
    if (block.docs[row] === doc) continue;
    if (kept.count === kept.ids.length) grow(kept);
    kept.ids[kept.count] = block.ids[row] as number;
    kept.docs[kept.count] = block.docs[row] as number;
    kept.scales[kept.count] = block.scales[row] as number;
    kept.data.set(block.data.subarray(row * dimensions, (row + 1) * dimensions), kept.count * dimensions);
    kept.count++;
  }
  return kept;
}

/** The query in the blocks' own steps, so that the inner loop multiplies small integers only. */
function quantizedQuery(query: Float32Array): { values: Int8Array; scale: number } {
  const one = emptyBlock("", query.length);
  quantizeInto(one, { id: 0, doc: 0, vector: query });
  return { values: one.data.subarray(0, query.length), scale: one.scales[0] as number };
}

/** Keeps the largest `count` of what is offered, in order. */
class Best {
  readonly list: { id: number; similarity: number }[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  offer(id: number, similarity: number): void {
    const { list } = this;
    if (list.length === this.#count && similarity <= (list.at(-1)?.similarity ?? 0)) return;
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.similarity ?? 0) >= similarity) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, { id, similarity });
    if (list.length > this.#count) list.pop();
  }
}

/** Cosines by block and row; not a number where the row was not searched. */
interface Cosines {
  block: VectorBlock;
  values: Float32Array;
}

/** The cosine of one passage. Numbers of passages grow from row to row, as vectors are only ever appended. */
function cosineOf(all: Cosines[], id: number): number | null {
  for (const { block, values } of all) {
    let [low, high] = [0, block.count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((block.ids[middle] as number) < id) low = middle + 1;
      else high = middle;
    }
    if (block.ids[low] === id) return Number.isNaN(values[low]) ? null : (values[low] as number);
  }
  return null;
}

/** Compares a query with every vector of the blocks. All blocks have the query's dimensions. */
export function scan(
  blocks: VectorBlock[],
  query: Float32Array,
  count: number,
  allowed: { has(doc: number): boolean },
): Neighbourhood {
  const { values, scale } = quantizedQuery(query);
  const dimensions = query.length;
  const best = new Best(count);
  const cosines: Cosines[] = [];
  let [sum, searched] = [0, 0];
  for (const block of blocks) {
    const { count: rows, ids, docs, scales, data } = block;
    const ofBlock = new Float32Array(rows).fill(Number.NaN);
    cosines.push({ block, values: ofBlock });
    let doc = -1;
    let isAllowed = false;
    for (let row = 0; row < rows; row++) {
      if (docs[row] !== doc) {
        doc = docs[row] as number;
        isAllowed = allowed.has(doc);
      }
      if (!isAllowed) continue;
      const offset = row * dimensions;
      let dot = 0;
      for (let i = 0; i < dimensions; i++) dot += (data[offset + i] as number) * (values[i] as number);
      const similarity = dot * scale * (scales[row] as number);
      ofBlock[row] = similarity;
      sum += similarity;
      searched++;
      best.offer(ids[row] as number, similarity);
    }
  }
  return {
    nearest: best.list,
    similarityOf: (id) => cosineOf(cosines, id),
    mean: searched > 0 ? sum / searched : 0,
  };
}
