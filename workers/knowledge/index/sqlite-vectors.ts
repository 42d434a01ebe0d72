import { scan } from "./scan-vectors.ts";
import { emptyBlock, packBlock, quantizeInto, unpackBlock, type VectorBlock, without } from "./vector-block.ts";
import type { Neighbourhood, StoredVector, VectorStore } from "./vector-store.ts";

/** Vectors of one row: few rows load fast, and a row stays below SQLite's 2 MB. */
const vectorsPerBlock = 1_000;
const bytesPerBlock = 1_500_000;

const capacityFor = (dimensions: number) =>
  Math.max(1, Math.min(vectorsPerBlock, Math.floor(bytesPerBlock / dimensions)));

/** Vectors as int8 in rows of a thousand, kept in memory once read: exact search without an index to maintain. */
export class SqliteVectors implements VectorStore {
  readonly #sql: SqlStorage;
  /** Blocks by number; complete for the embedders in `#loaded`. */
  readonly #blocks = new Map<number, VectorBlock>();
  readonly #loaded = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Drops what is in memory, for when it may differ from what is stored. */
  forget(): void {
    this.#blocks.clear();
    this.#loaded.clear();
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
  }

  remove(doc: number): void {
    // The numbers alone first: they are a hundredth of a row.
    const holding: number[] = [];
    for (const { block, docs } of this.#sql.exec("SELECT block, docs FROM vector_blocks")) {
      if (new Int32Array(docs as ArrayBuffer).includes(doc)) holding.push(Number(block));
    }
    for (const number of holding) {
      const row = this.#sql.exec("SELECT * FROM vector_blocks WHERE block = ?", number).one();
      this.#write(number, without(unpackBlock(row), doc));
    }
  }

  drop(embedderId: string): void {
    this.#sql.exec("DELETE FROM vector_blocks WHERE embedder_id = ?", embedderId);
    for (const [number, block] of this.#blocks) if (block.embedderId === embedderId) this.#blocks.delete(number);
    this.#loaded.delete(embedderId);
  }

  lastId(embedderId: string): number {
    const select = "SELECT ids FROM vector_blocks WHERE embedder_id = ? ORDER BY block DESC LIMIT 1";
    const [row] = this.#sql.exec(select, embedderId).toArray();
    return row ? (new Int32Array(row.ids as ArrayBuffer).at(-1) ?? 0) : 0;
  }

  search(
    { embedderId, values }: { embedderId: string; values: Float32Array },
    count: number,
    docs: { has(doc: number): boolean },
  ): Neighbourhood | null {
    this.#load(embedderId);
    const blocks = [...this.#blocks.values()].filter(
      (block) => block.embedderId === embedderId && block.dimensions === values.length,
    );
    return blocks.length === 0 ? null : scan(blocks, values, count, docs);
  }

  /** The newest block of an embedder if it has room, else a new one. */
  #openBlock(embedderId: string, dimensions: number, capacity: number): [number, VectorBlock] {
    const [row] = this.#sql
      .exec(
        "SELECT * FROM vector_blocks WHERE embedder_id = ? AND dimensions = ? AND count < ? ORDER BY block DESC LIMIT 1",
        embedderId,
        dimensions,
        capacity,
      )
      .toArray();
    if (row) return [Number(row.block), this.#blocks.get(Number(row.block)) ?? unpackBlock(row)];
    const { block } = this.#sql
      .exec(
        "INSERT INTO vector_blocks (embedder_id, dimensions, count, ids, docs, scales, data) VALUES (?, ?, 0, x'', x'', x'', x'') RETURNING block",
        embedderId,
        dimensions,
      )
      .one();
    return [Number(block), emptyBlock(embedderId, dimensions)];
  }

  #write(number: number, block: VectorBlock): void {
    if (block.count === 0) {
      this.#sql.exec("DELETE FROM vector_blocks WHERE block = ?", number);
      this.#blocks.delete(number);
      return;
    }
    const { ids, docs, scales, data } = packBlock(block);
    this.#sql.exec(
      "UPDATE vector_blocks SET count = ?, ids = ?, docs = ?, scales = ?, data = ? WHERE block = ?",
      block.count,
      ids,
      docs,
      scales,
      data,
      number,
    );
    if (this.#loaded.has(block.embedderId)) this.#blocks.set(number, block);
  }

  #load(embedderId: string): void {
    if (this.#loaded.has(embedderId)) return;
    // Row by row: all of them at once would be in memory twice.
    for (const row of this.#sql.exec("SELECT * FROM vector_blocks WHERE embedder_id = ?", embedderId)) {
      this.#blocks.set(Number(row.block), unpackBlock(row));
    }
    this.#loaded.add(embedderId);
  }
}
