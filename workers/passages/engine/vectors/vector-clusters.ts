import { assign, findCentroids, type Rows } from "./cluster-vectors.ts";
import { quantizedQuery } from "./scan-vectors.ts";
import { paddedWidth, VectorArena } from "./vector-arena.ts";
import { copyInto, emptyBlock, type VectorBlock } from "./vector-block.ts";
import {
  type BlockFacts,
  bytesOf,
  bytesPerBlock,
  capacityFor,
  type VectorBlocks,
  vectorsPerBlock,
} from "./vector-blocks.ts";

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

/** How many clusters there may be, and how many vectors they are found from. */
const mostClusters = 1_024;
const sampled = 40_000;

/** Each cluster's place when they are sorted by nearness to the query. */
function rankClusters({ data, count, dimensions }: Rows, query: Float32Array): Uint16Array {
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

/**
 * Where there are more vectors than fit into memory: puts together what lies near each other, and says which blocks a search is to read.
 */
export class VectorClusters {
  readonly #sql: SqlStorage;
  readonly #blocks: VectorBlocks;
  readonly #limits: VectorLimits;
  readonly #centroids = new Map<string, Rows>();

  constructor(sql: SqlStorage, blocks: VectorBlocks, limits: VectorLimits) {
    this.#sql = sql;
    this.#blocks = blocks;
    this.#limits = limits;
  }

  /** Drops what is in memory, for when it may differ from what is stored. */
  forget(): void {
    this.#centroids.clear();
  }

  /** The embedder that has most vectors outside of clusters, where all vectors together do not fit into memory; null else. */
  crowded(): string | null {
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

  /** What the clusters of an embedder lie around, found now where that was not done yet. */
  async centroidsOf(embedderId: string, pause: () => Promise<void>): Promise<Rows> {
    return this.#centroidsOf(embedderId) ?? (await this.#find(embedderId, pause));
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

  async #find(embedderId: string, pause: () => Promise<void>): Promise<Rows> {
    const blocks = this.#blocks.factsOf(embedderId);
    const all = blocks.reduce((sum, { count }) => sum + count, 0);
    const step = Math.max(1, Math.floor(all / sampled));
    const sample = emptyBlock(embedderId, blocks[0]?.dimensions ?? 0);
    let seen = 0;
    for (const { number } of blocks) {
      const block = this.#blocks.read(number);
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
  clusterSome(embedderId: string, centroids: Rows): void {
    const { dimensions } = centroids;
    const loose = this.#blocks
      .factsOf(embedderId)
      .filter((block) => block.cluster === null && block.dimensions === dimensions);
    const taken = loose.slice(0, Math.max(1, Math.floor(this.#limits.roundBytes / (dimensions * vectorsPerBlock))));
    const arena = new VectorArena(bytesPerBlock);
    const open = new Map<number, [number, VectorBlock]>();
    for (const { number } of taken) {
      const block = this.#blocks.read(number);
      for (const [row, cluster] of assign(arena, block, centroids).entries()) {
        let target = open.get(cluster);
        if (!target || target[1].count >= capacityFor(dimensions)) {
          if (target) this.#blocks.write(...target);
          target = target
            ? this.#blocks.add(embedderId, dimensions, cluster)
            : this.#blocks.lastOf(embedderId, dimensions, cluster);
          open.set(cluster, target);
        }
        copyInto(target[1], block, row);
      }
      this.#blocks.remove(number, embedderId);
    }
    for (const target of open.values()) this.#blocks.write(...target);
  }

  /** All blocks where they fit into memory; else those in no cluster, and those of the nearest clusters. */
  worthSearching(
    embedderId: string,
    blocks: BlockFacts[],
    query: Float32Array,
    docs: { has(doc: number): boolean } | null,
    hinted: number[],
  ): number[] {
    const centroids = this.#centroidsOf(embedderId);
    if (!centroids || bytesOf(blocks) <= this.#limits.arenaBytes) return blocks.map(({ number }) => number);
    // A filter may leave passages that are all far away: only what it leaves is looked at then, and all of it where it is little.
    const holding = docs ? blocks.filter(({ number }) => this.#blocks.holds(number, docs)) : blocks;
    if (bytesOf(holding) <= this.#limits.probedBytes) return holding.map(({ number }) => number);
    const ranks = rankClusters(centroids, query);
    const near = holding.filter(({ cluster }) => cluster !== null);
    near.sort((a, b) => (ranks[a.cluster as number] as number) - (ranks[b.cluster as number] as number));
    // First those that hold what the mirror found.
    const named = hinted.length > 0 ? this.#blocks.holding(embedderId, hinted) : new Set<number>();
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
}
