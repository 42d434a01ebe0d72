import { assign, findCentroids, type Rows } from "./cluster-vectors.ts";
import { type BlockMemory, type LoadedBlock, quantizedQuery, Scan } from "./scan-vectors.ts";
import { paddedWidth, VectorArena } from "./vector-arena.ts";
import {
  copyInto,
  emptyBlock,
  packBlock,
  quantizeInto,
  rowOf,
  unpackBlock,
  type VectorBlock,
  vectorAt,
  without,
} from "./vector-block.ts";
import type { VectorMirror } from "./vector-mirror.ts";
import type { Neighbourhood, StoredVector, VectorQuery, VectorStore } from "./vector-store.ts";

/** Vectors of one row: few rows load fast, and a row stays below SQLite's 2 MB. */
const vectorsPerBlock = 1_000;
const bytesPerBlock = 1_500_000;
/** What may lie in memory, how much of it one search of clusters reads, and how much is put into clusters at a time: a second of work. */
export interface VectorLimits {
  arenaBytes: number;
  probedBytes: number;
  roundBytes: number;
  /** What share of all vectors a search of clusters compares, and at least how many. */
  probedShare: number;
  fewestProbed: number;
  /** How many vectors a cluster is meant to have. */
  perCluster: number;
}

/**
 * Up to 40 MB every vector is compared. A search of clusters reads less than the memory holds, so that what it found is still there to be
 * compared again. The shares are measured with `npm run bench:index`.
 */
const production: VectorLimits = {
  arenaBytes: 40_000_000,
  probedBytes: 32_000_000,
  roundBytes: 16_000_000,
  probedShare: 0.08,
  fewestProbed: 20_000,
  perCluster: 1_000,
};
/** How long a search waits for the mirror, in ms. */
const patience = 250;
/** How many clusters there may be, and how many vectors they are found from. */
const mostClusters = 1_024;
const sampled = 40_000;

const capacityFor = (dimensions: number) =>
  Math.max(1, Math.min(vectorsPerBlock, Math.floor(bytesPerBlock / dimensions)));

/** What is known of a block without reading it. */
interface BlockFacts {
  number: number;
  dimensions: number;
  count: number;
  /** Null for one that belongs to no cluster yet. */
  cluster: number | null;
}

interface Loaded extends LoadedBlock {
  at: number;
}

const bytesOf = (blocks: BlockFacts[]) =>
  blocks.reduce((sum, { count, dimensions }) => sum + count * paddedWidth(dimensions), 0);

/**
 * Vectors as int8 in rows of a thousand. As many as fit into memory are all compared; where there are more, `cluster` puts together what
 * lies near each other, and a search reads the nearest clusters only.
 */
export class SqliteVectors implements VectorStore, BlockMemory {
  readonly #sql: SqlStorage;
  readonly #limits: VectorLimits;
  readonly #mirror: VectorMirror | null;
  readonly #arena: VectorArena;
  /** Blocks in the arena, by number. */
  readonly #loaded = new Map<number, Loaded>();
  /** Blocks by embedder; dropped at every change. */
  readonly #facts = new Map<string, BlockFacts[]>();
  readonly #centroids = new Map<string, Rows>();

  /** With a `mirror`, it is asked where to look once not everything fits into memory. */
  constructor(sql: SqlStorage, limits = production, mirror: VectorMirror | null = null) {
    this.#sql = sql;
    this.#limits = limits;
    this.#mirror = mirror;
    this.#arena = new VectorArena(limits.arenaBytes);
  }

  /** Drops what is in memory, for when it may differ from what is stored. */
  forget(): void {
    this.#arena.reset();
    this.#loaded.clear();
    this.#facts.clear();
    this.#centroids.clear();
  }

  add(embedderId: string, vectors: StoredVector[]): void {
    const dimensions = vectors[0]?.vector.length ?? 0;
    if (dimensions === 0) return;
    const capacity = capacityFor(dimensions);
    let at = 0;
    while (at < vectors.length) {
      const [number, block] = this.#openBlock(embedderId, dimensions, capacity);
      while (block.count < capacity && at < vectors.length) {
        quantizeInto(block, vectors[at] as StoredVector);
        at++;
      }
      this.#write(number, block);
    }
    const ids = vectors.map(({ id }) => id);
    if (this.#mirror?.has(embedderId)) this.#mirror.put(embedderId, ids);
  }

  remove(doc: number): void {
    // The numbers alone first: they are a hundredth of a row.
    const holding: number[] = [];
    for (const { block, docs } of this.#sql.exec("SELECT block, docs FROM vector_blocks")) {
      if (new Int32Array(docs as ArrayBuffer).includes(doc)) holding.push(Number(block));
    }
    for (const number of holding) {
      const block = this.#read(number);
      const ids = [...block.ids.subarray(0, block.count)].filter((_, row) => block.docs[row] === doc);
      this.#mirror?.remove(block.embedderId, ids);
      this.#write(number, without(block, doc));
    }
  }

  drop(embedderId: string): void {
    for (const ids of this.#idsOf(embedderId)) this.#mirror?.remove(embedderId, ids);
    this.#sql.exec("DELETE FROM vector_blocks WHERE embedder_id = ?", embedderId);
    this.#sql.exec("DELETE FROM vector_centroids WHERE embedder_id = ?", embedderId);
    this.forget();
  }

  lastId(embedderId: string): number {
    const select = "SELECT max(last_id) AS last FROM vector_blocks WHERE embedder_id = ?";
    return Number(this.#sql.exec(select, embedderId).one().last ?? 0);
  }

  get(embedderId: string, ids: number[]): Map<number, Float32Array> {
    const vectors = new Map<number, Float32Array>();
    if (ids.length === 0) return vectors;
    const select = "SELECT block, count, ids FROM vector_blocks WHERE embedder_id = ?";
    for (const { block, count, ids: stored } of this.#sql.exec(select, embedderId).toArray()) {
      const held = { ids: new Int32Array(stored as ArrayBuffer), count: Number(count) };
      const rows = ids.map((id) => [id, rowOf(held, id)] as const).filter(([, row]) => row >= 0);
      if (rows.length === 0) continue;
      const read = this.#read(Number(block));
      for (const [id, row] of rows) vectors.set(id, vectorAt(read, row));
    }
    return vectors;
  }

  /**
   * What the mirror knows of where to look, for `search`; nothing where all is compared anyway, or the mirror cannot say. Takes at most
   * as long as an answer may wait for it.
   */
  async lookAround({ embedderId, values, isFiltered }: VectorQuery): Promise<number[]> {
    const fits = bytesOf(this.#blocksOf(embedderId)) <= this.#limits.arenaBytes;
    if (!this.#mirror || fits || isFiltered || !this.#mirror.has(embedderId)) return [];
    const late = new Promise<number[]>((resolve) => setTimeout(() => resolve([]), patience));
    return Promise.race([this.#mirror.nearest(embedderId, values).catch(() => []), late]);
  }

  /** Brings the mirror up to date. Throws what it throws; a later call goes on. */
  async mirror(): Promise<void> {
    await this.#mirror?.send((embedderId, ids) => this.get(embedderId, ids));
  }

  isMirrorBehind(): boolean {
    return this.#mirror?.isBehind() ?? false;
  }

  /** Takes all out of the mirror. Throws what it throws. */
  async destroyMirror(): Promise<void> {
    await this.#mirror?.destroy();
  }

  search(
    { embedderId, values, isFiltered }: VectorQuery,
    count: number,
    docs: { has(doc: number): boolean },
    near: number[] = [],
  ) {
    const blocks = this.#blocksOf(embedderId).filter(({ dimensions }) => dimensions === values.length);
    if (blocks.length === 0) return null;
    const chosen = this.#worthSearching(embedderId, blocks, values, isFiltered ? docs : null, near);
    return new Scan(this, chosen, values, count, docs) satisfies Neighbourhood;
  }

  /** Whether there is more than fits into memory, so that `cluster` should be called. */
  isCrowded(): boolean {
    return this.#crowded() !== null;
  }

  /**
   * Puts vectors that lie near each other together. Every pause lets searches and changes through; what was put together in a
   * `transaction` stays so.
   */
  async cluster(transaction: (change: () => void) => void, pause: () => Promise<void>): Promise<void> {
    for (let embedderId = this.#crowded(); embedderId !== null; embedderId = this.#crowded()) {
      const crowdedIds = this.#mirror?.has(embedderId) ? [] : this.#idsOf(embedderId);
      for (const ids of crowdedIds) this.#mirror?.put(embedderId, ids);
      const centroids = this.#centroidsOf(embedderId) ?? (await this.#findCentroids(embedderId, pause));
      const crowded = embedderId;
      transaction(() => this.#clusterSome(crowded, centroids));
      await pause();
    }
  }

  load(number: number): Loaded {
    const known = this.#loaded.get(number);
    if (known) return known;
    const { data, ...block } = this.#read(number);
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

  row(number: number, row: number): Int8Array {
    const { at, dimensions } = this.load(number);
    return this.#arena.row(at, row, dimensions);
  }

  /** The newest block of an embedder that is in no cluster if it has room, else a new one. */
  #openBlock(embedderId: string, dimensions: number, capacity: number): [number, VectorBlock] {
    const [row] = this.#sql
      .exec(
        `SELECT * FROM vector_blocks WHERE embedder_id = ? AND dimensions = ? AND count < ? AND cluster IS NULL
         ORDER BY block DESC LIMIT 1`,
        embedderId,
        dimensions,
        capacity,
      )
      .toArray();
    return row ? [Number(row.block), unpackBlock(row)] : this.#newBlock(embedderId, dimensions, null);
  }

  #newBlock(embedderId: string, dimensions: number, cluster: number | null): [number, VectorBlock] {
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

  #read(number: number): VectorBlock {
    return unpackBlock(this.#sql.exec("SELECT * FROM vector_blocks WHERE block = ?", number).one());
  }

  #write(number: number, block: VectorBlock): void {
    this.#loaded.delete(number);
    this.#facts.delete(block.embedderId);
    if (block.count === 0) {
      this.#sql.exec("DELETE FROM vector_blocks WHERE block = ?", number);
      return;
    }
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

  #blocksOf(embedderId: string): BlockFacts[] {
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

  /** All blocks where they fit into memory; else those in no cluster, and those of the nearest clusters. */
  #worthSearching(
    embedderId: string,
    blocks: BlockFacts[],
    query: Float32Array,
    docs: { has(doc: number): boolean } | null,
    hinted: number[],
  ): number[] {
    const centroids = this.#centroidsOf(embedderId);
    if (!centroids || bytesOf(blocks) <= this.#limits.arenaBytes) return blocks.map(({ number }) => number);
    // A filter may leave passages that are all far away: only what it leaves is looked at then, and all of it where it is little.
    const holding = docs ? blocks.filter(({ number }) => this.#holds(number, docs)) : blocks;
    if (bytesOf(holding) <= this.#limits.probedBytes) return holding.map(({ number }) => number);
    const ranks = this.#rankClusters(centroids, query);
    const near = holding.filter(({ cluster }) => cluster !== null);
    near.sort((a, b) => (ranks[a.cluster as number] as number) - (ranks[b.cluster as number] as number));
    // First those that hold what the mirror found.
    const named = hinted.length > 0 ? this.#holding(embedderId, hinted) : new Set<number>();
    if (named.size > 0) near.sort((a, b) => Number(named.has(b.number)) - Number(named.has(a.number)));
    const all = holding.reduce((sum, { count }) => sum + count, 0);
    const wanted = Math.max(this.#limits.fewestProbed, this.#limits.probedShare * all);
    const chosen = holding.filter(({ cluster }) => cluster === null);
    let [vectors, bytes] = [0, 0];
    for (const block of near) {
      bytes += block.count * paddedWidth(block.dimensions);
      if (vectors >= wanted || bytes > this.#limits.probedBytes) break;
      vectors += block.count;
      chosen.push(block);
    }
    return chosen.map(({ number }) => number);
  }

  /** The passages of an embedder's blocks. */
  *#idsOf(embedderId: string): Generator<number[]> {
    const select = "SELECT count, ids FROM vector_blocks WHERE embedder_id = ?";
    for (const { count, ids } of this.#sql.exec(select, embedderId).toArray()) {
      yield [...new Int32Array(ids as ArrayBuffer).subarray(0, Number(count))];
    }
  }

  /** The blocks that hold one of these passages. */
  #holding(embedderId: string, wanted: number[]): Set<number> {
    const found = new Set<number>();
    const select = "SELECT block, count, ids FROM vector_blocks WHERE embedder_id = ?";
    for (const { block, count, ids } of this.#sql.exec(select, embedderId)) {
      const held = { ids: new Int32Array(ids as ArrayBuffer), count: Number(count) };
      if (wanted.some((id) => rowOf(held, id) >= 0)) found.add(Number(block));
    }
    return found;
  }

  #holds(number: number, allowed: { has(doc: number): boolean }): boolean {
    const { docs } = this.#sql.exec("SELECT docs FROM vector_blocks WHERE block = ?", number).one();
    return new Int32Array(docs as ArrayBuffer).some((doc) => allowed.has(doc));
  }

  /** Each cluster's place when they are sorted by nearness to the query. */
  #rankClusters({ data, count, dimensions }: Rows, query: Float32Array): Uint16Array {
    const { values } = quantizedQuery(query);
    const products = Float64Array.from({ length: count }, (_, cluster) => {
      let product = 0;
      const offset = cluster * dimensions;
      for (let i = 0; i < dimensions; i++) product += (data[offset + i] as number) * (values[i] as number);
      return product;
    });
    const order = [...products.keys()].sort((a, b) => (products[b] as number) - (products[a] as number));
    const ranks = new Uint16Array(count);
    for (const [rank, cluster] of order.entries()) ranks[cluster] = rank;
    return ranks;
  }

  #centroidsOf(embedderId: string): Rows | null {
    const known = this.#centroids.get(embedderId);
    if (known) return known;
    const [row] = this.#sql.exec("SELECT * FROM vector_centroids WHERE embedder_id = ?", embedderId).toArray();
    if (!row) return null;
    const data = new Int8Array(row.data as ArrayBuffer);
    const centroids = { data, count: Number(row.count), dimensions: Number(row.dimensions) };
    this.#centroids.set(embedderId, centroids);
    return centroids;
  }

  /** The embedder that has most vectors outside of clusters, where all vectors together do not fit into memory; null else. */
  #crowded(): string | null {
    const rows = this.#sql.exec(
      `SELECT embedder_id, sum(count * dimensions) AS bytes, sum(iif(cluster IS NULL, count * dimensions, 0)) AS loose
       FROM vector_blocks GROUP BY embedder_id`,
    );
    const all = [...rows].map(({ embedder_id, bytes, loose }) => {
      return { embedderId: String(embedder_id), bytes: Number(bytes), loose: Number(loose) };
    });
    if (all.reduce((sum, { bytes }) => sum + bytes, 0) <= this.#limits.arenaBytes) return null;
    const [most] = all.sort((a, b) => b.loose - a.loose);
    return most && most.loose >= this.#limits.roundBytes ? most.embedderId : null;
  }

  async #findCentroids(embedderId: string, pause: () => Promise<void>): Promise<Rows> {
    const blocks = this.#blocksOf(embedderId);
    const all = blocks.reduce((sum, { count }) => sum + count, 0);
    const step = Math.max(1, Math.floor(all / sampled));
    const sample = emptyBlock(embedderId, blocks[0]?.dimensions ?? 0);
    let seen = 0;
    for (const { number } of blocks) {
      const block = this.#read(number);
      for (let row = 0; row < block.count; row++) if (seen++ % step === 0) copyInto(sample, block, row);
      await pause();
    }
    const count = Math.max(2, Math.min(mostClusters, Math.round(all / this.#limits.perCluster)));
    // Memory of its own: searches go on meanwhile.
    const arena = new VectorArena(bytesPerBlock);
    const centroids = await findCentroids(arena, sample, sample.scales, count, pause);
    this.#sql.exec(
      "INSERT OR REPLACE INTO vector_centroids VALUES (?, ?, ?, ?)",
      embedderId,
      centroids.dimensions,
      count,
      centroids.data.buffer as ArrayBuffer,
    );
    return centroids;
  }

  /** Takes the oldest blocks that are in no cluster apart, and puts their vectors into their clusters' blocks. */
  #clusterSome(embedderId: string, centroids: Rows): void {
    const { dimensions } = centroids;
    const loose = this.#blocksOf(embedderId).filter(
      (block) => block.cluster === null && block.dimensions === dimensions,
    );
    const taken = loose.slice(0, Math.max(1, Math.floor(this.#limits.roundBytes / (dimensions * vectorsPerBlock))));
    const arena = new VectorArena(bytesPerBlock);
    const open = new Map<number, [number, VectorBlock]>();
    for (const { number } of taken) {
      const block = this.#read(number);
      for (const [row, cluster] of assign(arena, block, centroids).entries()) {
        let target = open.get(cluster);
        if (!target || target[1].count >= capacityFor(dimensions)) {
          if (target) this.#write(...target);
          target = target
            ? this.#newBlock(embedderId, dimensions, cluster)
            : this.#lastOf(embedderId, centroids, cluster);
          open.set(cluster, target);
        }
        copyInto(target[1], block, row);
      }
      this.#sql.exec("DELETE FROM vector_blocks WHERE block = ?", number);
      this.#loaded.delete(number);
    }
    for (const target of open.values()) this.#write(...target);
    this.#facts.delete(embedderId);
  }

  /** A cluster's last block while it is half empty, else a new one: every round would write all blocks anew otherwise. */
  #lastOf(embedderId: string, { dimensions }: Rows, cluster: number): [number, VectorBlock] {
    const select = `SELECT * FROM vector_blocks WHERE embedder_id = ? AND cluster = ? AND count < ?
      ORDER BY block DESC LIMIT 1`;
    const [row] = this.#sql.exec(select, embedderId, cluster, capacityFor(dimensions) / 2).toArray();
    return row ? [Number(row.block), unpackBlock(row)] : this.#newBlock(embedderId, dimensions, cluster);
  }
}
