import { emptyBlock, quantizeInto, rowOf, type VectorBlock } from "./vector-block.ts";
import type { Neighbourhood } from "./vector-store.ts";

/** A block whose vectors lie where they can be compared. */
export interface LoadedBlock extends Omit<VectorBlock, "data"> {
  number: number;
}

/** Where blocks are compared; each call may move vectors, so nothing that it returns outlasts the next. */
export interface BlockMemory {
  load(number: number): LoadedBlock;
  /** The products of a query in bytes with each vector of a block. */
  products(number: number, query: Int8Array): Int32Array;
}

/** The query in the blocks' own steps, so that the inner loop multiplies small integers only. */
export function quantizedQuery(query: Float32Array): { values: Int8Array; scale: number } {
  const one = emptyBlock("", query.length);
  quantizeInto(one, { id: 0, doc: 0, vector: query });
  return { values: one.data.subarray(0, query.length), scale: one.scales[0] as number };
}

/** Keeps the largest `count` of what is offered, in order. */
class Best {
  readonly list: { id: number; similarity: number }[] = [];
  readonly #count: number;
  /** What the next has to be larger than. */
  least = Number.NEGATIVE_INFINITY;

  constructor(count: number) {
    this.#count = count;
  }

  offer(id: number, similarity: number): void {
    const { list } = this;
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.similarity ?? 0) >= similarity) low = middle + 1;
      else high = middle;
    }
    list.splice(low, 0, { id, similarity });
    if (list.length > this.#count) list.pop();
    if (list.length === this.#count) this.least = list.at(-1)?.similarity ?? 0;
  }
}

/** As many passages without any likeness are counted in beside those searched, so that a few do not make their own mean. */
const assumedUnlike = 20;

interface Compared {
  block: LoadedBlock;
  /** By row; not a number where the row was not searched. */
  cosines: Float32Array;
}

/** Products as cosines, not a number where the row's document is not `allowed`. */
function cosinesOf(
  { count, docs, scales }: LoadedBlock,
  products: Int32Array,
  scale: number,
  allowed: { has(doc: number): boolean },
): Float32Array {
  const cosines = new Float32Array(count);
  for (let row = 0; row < count; row++) cosines[row] = (products[row] as number) * scale * (scales[row] as number);
  let [doc, isAllowed] = [-1, false];
  for (let row = 0; row < count; row++) {
    if (docs[row] !== doc) {
      doc = docs[row] as number;
      isAllowed = allowed.has(doc);
    }
    if (!isAllowed) cosines[row] = Number.NaN;
  }
  return cosines;
}

/** Compares a query with every vector of blocks of its embedder, in those documents that are `allowed`. */
export class Scan implements Neighbourhood {
  readonly nearest: { id: number; similarity: number }[];
  readonly mean: number;
  readonly #compared: Compared[] = [];

  constructor(
    memory: BlockMemory,
    blocks: number[],
    query: Float32Array,
    count: number,
    allowed: { has(doc: number): boolean },
  ) {
    const { values, scale } = quantizedQuery(query);
    const best = new Best(count);
    let [sum, searched] = [0, 0];
    for (const number of blocks) {
      const block = memory.load(number);
      const cosines = cosinesOf(block, memory.products(number, values), scale, allowed);
      for (let row = 0; row < cosines.length; row++) {
        const similarity = cosines[row] as number;
        // False for what is not a number, too.
        if (!(similarity >= -2)) continue;
        sum += similarity;
        searched++;
        if (similarity > best.least) best.offer(block.ids[row] as number, similarity);
      }
      this.#compared.push({ block, cosines });
    }
    this.nearest = best.list;
    this.mean = sum / (searched + assumedUnlike);
  }

  similarityOf(id: number): number | null {
    const place = this.#find(id);
    const similarity = place?.cosines[place.row];
    return similarity === undefined || Number.isNaN(similarity) ? null : similarity;
  }

  /** Where a passage's vector lies, among those compared. */
  #find(id: number): (Compared & { row: number }) | null {
    for (const compared of this.#compared) {
      const { ids, count } = compared.block;
      if (id < (ids[0] as number) || id > (ids[count - 1] as number)) continue;
      const row = rowOf(compared.block, id);
      if (row >= 0) return { ...compared, row };
    }
    return null;
  }
}
