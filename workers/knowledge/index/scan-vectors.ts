import { emptyBlock, quantizeInto, type VectorBlock } from "./vector-block.ts";
import type { Neighbourhood } from "./vector-store.ts";

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

/** As many passages without any likeness are counted in beside those searched, so that a few do not make their own mean. */
const assumedUnlike = 20;

/** Blocks of one embedder that have been compared with a query. */
class Scan implements Neighbourhood {
  readonly nearest: { id: number; similarity: number }[];
  readonly mean: number;
  readonly #blocks: VectorBlock[];
  readonly #query: Float32Array;
  /** Cosines by block and row; not a number where the row was not searched. */
  readonly #cosines: Float32Array[] = [];

  constructor(blocks: VectorBlock[], query: Float32Array, count: number, allowed: { has(doc: number): boolean }) {
    this.#blocks = blocks;
    this.#query = query;
    const quantized = quantizedQuery(query);
    const best = new Best(count);
    let [sum, searched] = [0, 0];
    for (const block of blocks) {
      const cosines = compare(block, quantized, allowed);
      this.#cosines.push(cosines);
      for (const [row, similarity] of cosines.entries()) {
        if (Number.isNaN(similarity)) continue;
        sum += similarity;
        searched++;
        best.offer(block.ids[row] as number, similarity);
      }
    }
    this.nearest = best.list;
    this.mean = sum / (searched + assumedUnlike);
  }

  similarityOf(id: number): number | null {
    const place = this.#find(id);
    const similarity = place ? this.#cosines[place.index]?.[place.row] : undefined;
    return similarity === undefined || Number.isNaN(similarity) ? null : similarity;
  }

  towards(ids: number[], stride: number): (id: number) => number | null {
    const moved = Float32Array.from(this.#query);
    for (const id of ids) {
      const place = this.#find(id);
      if (!place) continue;
      const { block, row } = place;
      const step = ((block.scales[row] as number) * stride) / ids.length;
      const offset = row * block.dimensions;
      for (let i = 0; i < moved.length; i++) (moved[i] as number) += step * (block.data[offset + i] as number);
    }
    const length = Math.sqrt(moved.reduce((squares, value) => squares + value * value, 0)) || 1;
    return (id) => {
      const place = this.#find(id);
      if (!place) return null;
      const { block, row } = place;
      const offset = row * block.dimensions;
      let dot = 0;
      for (let i = 0; i < moved.length; i++) dot += (moved[i] as number) * (block.data[offset + i] as number);
      return (dot * (block.scales[row] as number)) / length;
    };
  }

  /** Where a passage's vector lies. Numbers of passages grow from row to row, as vectors are only ever appended. */
  #find(id: number): { block: VectorBlock; index: number; row: number } | null {
    for (const [index, block] of this.#blocks.entries()) {
      let [low, high] = [0, block.count - 1];
      if (id < (block.ids[low] as number) || id > (block.ids[high] as number)) continue;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((block.ids[middle] as number) < id) low = middle + 1;
        else high = middle;
      }
      if (block.ids[low] === id) return { block, index, row: low };
    }
    return null;
  }
}

/** The cosines of a block's rows, not a number where the row's document is not `allowed`. */
function compare(
  { count, dimensions, docs, scales, data }: VectorBlock,
  { values, scale }: { values: Int8Array; scale: number },
  allowed: { has(doc: number): boolean },
): Float32Array {
  const cosines = new Float32Array(count).fill(Number.NaN);
  let doc = -1;
  let isAllowed = false;
  for (let row = 0; row < count; row++) {
    if (docs[row] !== doc) {
      doc = docs[row] as number;
      isAllowed = allowed.has(doc);
    }
    if (!isAllowed) continue;
    const offset = row * dimensions;
    let dot = 0;
    for (let i = 0; i < dimensions; i++) dot += (data[offset + i] as number) * (values[i] as number);
    cosines[row] = dot * scale * (scales[row] as number);
  }
  return cosines;
}

/** Compares a query with every vector of the blocks. All blocks have the query's dimensions. */
export function scan(
  blocks: VectorBlock[],
  query: Float32Array,
  count: number,
  allowed: { has(doc: number): boolean },
): Neighbourhood {
  return new Scan(blocks, query, count, allowed);
}
