import type { BlockMemory, LoadedBlock } from "./scan-vectors.ts";
import { paddedWidth, VectorArena } from "./vector-arena.ts";
import { emptyBlock, packBlock, rowOf, unpackBlock, type VectorBlock } from "./vector-block.ts";

/** Vectors of one row: few rows load fast, and a row stays below SQLite's 2 MB. */
export const vectorsPerBlock = 1_000;
export const bytesPerBlock = 1_500_000;

/** How many vectors a block may have. */
export const capacityFor = (dimensions: number) =>
  Math.max(1, Math.min(vectorsPerBlock, Math.floor(bytesPerBlock / dimensions)));

/** What is known of a block without reading it. */
export interface BlockFacts {
  number: number;
  dimensions: number;
  count: number;
  /** Null for one that belongs to no cluster yet. */
  cluster: number | null;
}

/** A block in memory, and where its vectors lie there. */
interface Loaded extends LoadedBlock {
  at: number;
}

/** How much memory blocks take. */
export const bytesOf = (blocks: BlockFacts[]) =>
  blocks.reduce((sum, { count, dimensions }) => sum + count * paddedWidth(dimensions), 0);

/** The rows that hold an index's vectors, by number, and those of them that lie in memory. */
export class VectorBlocks implements BlockMemory {
  readonly #sql: SqlStorage;
  readonly #arena: VectorArena;
  /** Blocks in the arena, by number. */
  readonly #loaded = new Map<number, Loaded>();
  /** Blocks by embedder; dropped at every change. */
  readonly #facts = new Map<string, BlockFacts[]>();

  constructor(sql: SqlStorage, arenaBytes: number) {
    this.#sql = sql;
    this.#arena = new VectorArena(arenaBytes);
  }

  /** Drops what is in memory, for when it may differ from what is stored. */
  forget(): void {
    this.#arena.reset();
    this.#loaded.clear();
    this.#facts.clear();
  }

  load(number: number): Loaded {
    const known = this.#loaded.get(number);
    if (known) return known;
    const { data, ...block } = this.read(number);
    let at = this.#arena.put(data, block.count, block.dimensions);
    if (at === null) {
      this.#arena.reset();
      this.#loaded.clear();
      at = this.#arena.put(data, block.count, block.dimensions) as number;
    }
    const loaded = { ...block, number, at };
    this.#loaded.set(number, loaded);
    return loaded;
  }

  products(number: number, query: Int8Array): Int32Array {
    const { at, count } = this.load(number);
    return this.#arena.products(query, at, count);
  }

  /** The newest block of an embedder that is in no cluster if it has room, else a new one. */
  open(embedderId: string, dimensions: number, capacity: number): [number, VectorBlock] {
    const [row] = this.#sql
      .exec(
        `SELECT * FROM vector_blocks WHERE embedder_id = ? AND dimensions = ? AND count < ? AND cluster IS NULL
         ORDER BY block DESC LIMIT 1`,
        embedderId,
        dimensions,
        capacity,
      )
      .toArray();
    return row ? [Number(row.block), unpackBlock(row)] : this.add(embedderId, dimensions, null);
  }

  /** A cluster's last block while it is half empty, else a new one: every round would write all blocks anew otherwise. */
  lastOf(embedderId: string, dimensions: number, cluster: number): [number, VectorBlock] {
    const select = `SELECT * FROM vector_blocks WHERE embedder_id = ? AND cluster = ? AND count < ?
      ORDER BY block DESC LIMIT 1`;
    const [row] = this.#sql.exec(select, embedderId, cluster, capacityFor(dimensions) / 2).toArray();
    return row ? [Number(row.block), unpackBlock(row)] : this.add(embedderId, dimensions, cluster);
  }

  /** Adds an empty block; null is no cluster. */
  add(embedderId: string, dimensions: number, cluster: number | null): [number, VectorBlock] {
    const { block } = this.#sql
      .exec(
        `INSERT INTO vector_blocks (embedder_id, dimensions, count, ids, docs, scales, data, cluster)
         VALUES (?, ?, 0, x'', x'', x'', x'', ?) RETURNING block`,
        embedderId,
        dimensions,
        cluster,
      )
      .one();
    return [Number(block), emptyBlock(embedderId, dimensions)];
  }

  /** A block as it is stored. */
  read(number: number): VectorBlock {
    return unpackBlock(this.#sql.exec("SELECT * FROM vector_blocks WHERE block = ?", number).one());
  }

  /** Stores a block as it is now; an empty one goes. */
  write(number: number, block: VectorBlock): void {
    if (block.count === 0) {
      this.remove(number, block.embedderId);
      return;
    }
    this.#loaded.delete(number);
    this.#facts.delete(block.embedderId);
    const { ids, docs, scales, data } = packBlock(block);
    this.#sql.exec(
      "UPDATE vector_blocks SET count = ?, last_id = ?, ids = ?, docs = ?, scales = ?, data = ? WHERE block = ?",
      block.count,
      block.ids[block.count - 1] as number,
      ids,
      docs,
      scales,
      data,
      number,
    );
  }

  /** Takes a block of an embedder out. */
  remove(number: number, embedderId: string): void {
    this.#loaded.delete(number);
    this.#facts.delete(embedderId);
    this.#sql.exec("DELETE FROM vector_blocks WHERE block = ?", number);
  }

  /** All blocks of an embedder, oldest first. */
  factsOf(embedderId: string): BlockFacts[] {
    let facts = this.#facts.get(embedderId);
    if (!facts) {
      const select = "SELECT block, dimensions, count, cluster FROM vector_blocks WHERE embedder_id = ? ORDER BY block";
      facts = [...this.#sql.exec(select, embedderId)].map(({ block, dimensions, count, cluster }) => ({
        number: Number(block),
        dimensions: Number(dimensions),
        count: Number(count),
        cluster: cluster === null ? null : Number(cluster),
      }));
      this.#facts.set(embedderId, facts);
    }
    return facts;
  }

  /** The passages of an embedder's blocks. */
  *idsOf(embedderId: string): Generator<number[]> {
    const select = "SELECT count, ids FROM vector_blocks WHERE embedder_id = ?";
    for (const { count, ids } of this.#sql.exec(select, embedderId).toArray()) {
      yield [...new Int32Array(ids as ArrayBuffer).subarray(0, Number(count))];
    }
  }

  /** The blocks that hold one of these passages. */
  holding(embedderId: string, wanted: number[]): Set<number> {
    const found = new Set<number>();
    const select = "SELECT block, count, ids FROM vector_blocks WHERE embedder_id = ?";
    for (const { block, count, ids } of this.#sql.exec(select, embedderId)) {
      const held = { ids: new Int32Array(ids as ArrayBuffer), count: Number(count) };
      if (wanted.some((id) => rowOf(held, id) >= 0)) found.add(Number(block));
    }
    return found;
  }

  /** Whether a block has a vector of one of these documents. */
  holds(number: number, allowed: { has(doc: number): boolean }): boolean {
    const { docs } = this.#sql.exec("SELECT docs FROM vector_blocks WHERE block = ?", number).one();
    return new Int32Array(docs as ArrayBuffer).some((doc) => allowed.has(doc));
  }
}
