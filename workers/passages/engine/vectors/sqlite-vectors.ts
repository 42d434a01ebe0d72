import { Scan } from "./scan-vectors.ts";
import { quantizeInto, rowOf, vectorAt, without } from "./vector-block.ts";
import { bytesOf, capacityFor, VectorBlocks } from "./vector-blocks.ts";
import { VectorClusters, type VectorLimits } from "./vector-clusters.ts";
import type { VectorMirror } from "./vector-mirror.ts";
import type { Neighbourhood, StoredVector, VectorQuery, VectorStore } from "./vector-store.ts";

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

/**
 * Vectors as int8 in rows of a thousand. As many as fit into memory are all compared; where there are more, `cluster` puts together what
 * lies near each other, and a search reads the nearest clusters only.
 */
export class SqliteVectors implements VectorStore {
  readonly #sql: SqlStorage;
  readonly #limits: VectorLimits;
  readonly #mirror: VectorMirror | null;
  readonly #blocks: VectorBlocks;
  readonly #clusters: VectorClusters;

  /** With a `mirror`, it is asked where to look once not everything fits into memory. */
  constructor(sql: SqlStorage, limits = production, mirror: VectorMirror | null = null) {
    this.#sql = sql;
    this.#limits = limits;
    this.#mirror = mirror;
    this.#blocks = new VectorBlocks(sql, limits.arenaBytes);
    this.#clusters = new VectorClusters(sql, this.#blocks, limits);
  }

  /** Drops what is in memory, for when it may differ from what is stored. */
  forget(): void {
    this.#blocks.forget();
    this.#clusters.forget();
  }

  add(embedderId: string, vectors: StoredVector[]): void {
    const dimensions = vectors[0]?.vector.length ?? 0;
    if (dimensions === 0) return;
    const capacity = capacityFor(dimensions);
    let at = 0;
    while (at < vectors.length) {
      const [number, block] = this.#blocks.open(embedderId, dimensions, capacity);
      while (block.count < capacity && at < vectors.length) {
        quantizeInto(block, vectors[at] as StoredVector);
        at++;
      }
      this.#blocks.write(number, block);
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
      const block = this.#blocks.read(number);
      const ids = [...block.ids.subarray(0, block.count)].filter((_, row) => block.docs[row] === doc);
      this.#mirror?.remove(block.embedderId, ids);
      this.#blocks.write(number, without(block, doc));
    }
  }

  drop(embedderId: string): void {
    for (const ids of this.#blocks.idsOf(embedderId)) this.#mirror?.remove(embedderId, ids);
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
      const read = this.#blocks.read(Number(block));
      for (const [id, row] of rows) vectors.set(id, vectorAt(read, row));
    }
    return vectors;
  }

  /**
   * What the mirror knows of where to look, for `search`; nothing where all is compared anyway, or the mirror cannot say. Takes at most
   * as long as an answer may wait for it.
   */
  async lookAround({ embedderId, values, isFiltered }: VectorQuery): Promise<number[]> {
    const fits = bytesOf(this.#blocks.factsOf(embedderId)) <= this.#limits.arenaBytes;
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
    const blocks = this.#blocks.factsOf(embedderId).filter(({ dimensions }) => dimensions === values.length);
    if (blocks.length === 0) return null;
    const chosen = this.#clusters.worthSearching(embedderId, blocks, values, isFiltered ? docs : null, near);
    return new Scan(this.#blocks, chosen, values, count, docs) satisfies Neighbourhood;
  }

  /** Whether there is more than fits into memory, so that `cluster` should be called. */
  isCrowded(): boolean {
    return this.#clusters.crowded() !== null;
  }

  /**
   * Puts vectors that lie near each other together. Every pause lets searches and changes through; what was put together in a
   * `transaction` stays so.
   */
  async cluster(transaction: (change: () => void) => void, pause: () => Promise<void>): Promise<void> {
    for (let embedderId = this.#clusters.crowded(); embedderId !== null; embedderId = this.#clusters.crowded()) {
      const crowdedIds = this.#mirror?.has(embedderId) ? [] : this.#blocks.idsOf(embedderId);
      for (const ids of crowdedIds) this.#mirror?.put(embedderId, ids);
      const centroids = await this.#clusters.centroidsOf(embedderId, pause);
      const crowded = embedderId;
      transaction(() => this.#clusters.clusterSome(crowded, centroids));
      await pause();
    }
  }
}
