import { createHash } from "node:crypto";

/** What of Vectorize's binding is used. */
export interface VectorService {
  describe(): Promise<{ dimensions?: number; config?: object }>;
  query(
    vector: Float32Array | number[],
    options: { topK: number; namespace: string; returnValues: false; returnMetadata: "none" },
  ): Promise<{ matches: { id: string; score: number }[] }>;
  upsert(vectors: { id: string; namespace: string; values: number[] }[]): Promise<unknown>;
  deleteByIds(ids: string[]): Promise<unknown>;
}

/** Published limits: vectors a call, results without values, ids a call that takes some out. */
const upsertBatch = 1_000;
const mostResults = 100;
const deleteBatch = 100;

/** A short name for a long one. Ids and namespaces have at most 64 bytes. */
const short = (name: string, bytes: number) =>
  createHash("sha256").update(name).digest().subarray(0, bytes).toString("base64url");

/** A passage's vector in its clone's index. */
interface Row {
  id: number;
  embedderId: string;
}

const [toPut, there, toRemove] = [0, 1, 2];

/**
 * A copy of a clone's vectors in Vectorize, which says where among a million to look. It is behind by seconds and may fail at any time:
 * nothing depends on it but how well the best are found. What is to be sent and what is there stands in a table, so that a change and
 * its sending may be hours and crashes apart.
 */
export class VectorMirror {
  readonly #sql: SqlStorage;
  readonly #service: VectorService;
  readonly #owner: string;
  #dimensions: number | null = null;

  /** `owner` names the index among all others: vectors of one are never found in another. */
  constructor(sql: SqlStorage, service: VectorService, owner: string) {
    this.#sql = sql;
    this.#service = service;
    this.#owner = short(owner, 16);
    sql.exec(`CREATE TABLE IF NOT EXISTS mirrored_vectors (
      id INTEGER NOT NULL, embedder_id TEXT NOT NULL, state INTEGER NOT NULL, PRIMARY KEY (embedder_id, id)) WITHOUT ROWID`);
    sql.exec("CREATE INDEX IF NOT EXISTS mirrored_vectors_due ON mirrored_vectors (state) WHERE state <> 1");
  }

  /** Notes vectors to be sent. In the transaction that stores them. */
  put(embedderId: string, ids: number[]): void {
    const insert = `INSERT INTO mirrored_vectors SELECT value, ?, ${toPut} FROM json_each(?) WHERE true ON CONFLICT DO UPDATE SET state = ${toPut}`;
    this.#sql.exec(insert, embedderId, JSON.stringify(ids));
  }

  /** Notes vectors to be taken out. In the transaction that removes them. */
  remove(embedderId: string, ids: number[]): void {
    const which = "embedder_id = ? AND id IN (SELECT value FROM json_each(?))";
    this.#sql.exec(`UPDATE mirrored_vectors SET state = ${toRemove} WHERE ${which}`, embedderId, JSON.stringify(ids));
  }

  /** Whether vectors of an embedder are mirrored. */
  has(embedderId: string): boolean {
    const select = "SELECT 1 FROM mirrored_vectors WHERE embedder_id = ? LIMIT 1";
    return this.#sql.exec(select, embedderId).toArray().length > 0;
  }

  /** Whether something is still to be sent. */
  isBehind(): boolean {
    return this.#sql.exec("SELECT 1 FROM mirrored_vectors WHERE state <> 1 LIMIT 1").toArray().length > 0;
  }

  /** Sends what is due; `vectorsOf` reads vectors that are stored. Throws what the service throws; a later call goes on. */
  async send(vectorsOf: (embedderId: string, ids: number[]) => Map<number, Float32Array>): Promise<void> {
    const dimensions = await this.dimensions();
    for (let rows = this.#due(toPut, upsertBatch); rows.length > 0; rows = this.#due(toPut, upsertBatch)) {
      const embedderId = rows[0]?.embedderId ?? "";
      const ids = rows.filter((row) => row.embedderId === embedderId).map(({ id }) => id);
      const vectors = vectorsOf(embedderId, ids);
      const fitting = [...vectors].filter(([, { length }]) => length === dimensions);
      const namespace = this.#name(embedderId);
      const batch = fitting.map(([id, values]) => ({ id: this.#key(embedderId, id), namespace, values: [...values] }));
      if (batch.length > 0) await this.#service.upsert(batch);
      this.#settle(embedderId, ids, toPut, there);
    }
    for (let rows = this.#due(toRemove, deleteBatch); rows.length > 0; rows = this.#due(toRemove, deleteBatch)) {
      await this.#service.deleteByIds(rows.map(({ embedderId, id }) => this.#key(embedderId, id)));
      for (const { embedderId, id } of rows) {
        const gone = `DELETE FROM mirrored_vectors WHERE embedder_id = ? AND id = ? AND state = ${toRemove}`;
        this.#sql.exec(gone, embedderId, id);
      }
    }
  }

  /** The passages that are near a query by what has arrived, nearest first; some may be gone here. Throws what the service throws. */
  async nearest(embedderId: string, values: Float32Array): Promise<number[]> {
    if ((await this.dimensions()) !== values.length) return [];
    const options = {
      topK: mostResults,
      namespace: this.#name(embedderId),
      returnValues: false,
      returnMetadata: "none",
    } as const;
    const { matches } = await this.#service.query(values, options);
    return matches.map(({ id }) => Number.parseInt(id.slice(id.lastIndexOf(".") + 1), 36));
  }

  /** How long the service's vectors are; those of other lengths stay here alone. */
  async dimensions(): Promise<number> {
    if (this.#dimensions === null) {
      const { dimensions, config } = await this.#service.describe();
      // Indexes of the first kind say so in their configuration.
      const configured = config && "dimensions" in config ? Number(config.dimensions) : 0;
      this.#dimensions = dimensions ?? configured;
    }
    return this.#dimensions;
  }

  /** Takes everything out that was ever sent. Throws what the service throws: what is still there is known then. */
  async destroy(): Promise<void> {
    this.#sql.exec(`DELETE FROM mirrored_vectors WHERE state = ${toPut}`);
    this.#sql.exec(`UPDATE mirrored_vectors SET state = ${toRemove}`);
    await this.send(() => new Map());
  }

  #due(state: number, count: number): Row[] {
    const rows = this.#sql.exec(`SELECT id, embedder_id FROM mirrored_vectors WHERE state = ${state} LIMIT ?`, count);
    return [...rows].map(({ id, embedder_id }) => ({ id: Number(id), embedderId: String(embedder_id) }));
  }

  /** What was removed while it was sent stays to be removed. */
  #settle(embedderId: string, ids: number[], from: number, to: number): void {
    const which = "embedder_id = ? AND state = ? AND id IN (SELECT value FROM json_each(?))";
    const json = JSON.stringify(ids);
    this.#sql.exec(`UPDATE mirrored_vectors SET state = ${to} WHERE ${which}`, embedderId, from, json);
  }

  #name(embedderId: string): string {
    return `${this.#owner}.${short(embedderId, 8)}`;
  }

  #key(embedderId: string, id: number): string {
    return `${this.#name(embedderId)}.${id.toString(36)}`;
  }
}
