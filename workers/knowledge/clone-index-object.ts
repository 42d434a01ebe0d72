import { DurableObject } from "cloudflare:workers";
import type { Chunk } from "./chunk-document.ts";
import { matchAny, type QueryTerm, queryTerms } from "./index/query-terms.ts";
import { type Candidate, fuse, relevance } from "./index/rank.ts";
import { nearest, quantize, type VectorSpace } from "./index/vectors.ts";

export interface IndexedDocument {
  documentId: string;
  kind: string;
  embedderId: string;
  chunks: Chunk[];
  /** A unit vector for each chunk, one behind the other. */
  vectors: Float32Array;
}

export interface IndexQuery {
  query: string;
  /** The question's unit vector and who made it; null searches by words alone. */
  vector: { embedderId: string; values: Float32Array } | null;
  topK: number;
  mode: "hybrid" | "keyword" | "vector";
  documentIds?: string[] | undefined;
  kinds?: string[] | undefined;
}

export interface IndexHit {
  documentId: string;
  text: string;
  page: number | null;
  section: string | null;
  start: number;
  end: number;
  /** 0 to 1: see `relevance`. */
  score: number;
}

/** Vectors of a document in rows of so many: one row stays far below SQLite's 2 MB. */
const blockSize = 1_000;
/** How many each search offers to the fusion. */
const depth = 150;

/** All passages of one clone: their words in FTS5, their vectors as int8 blocks, found together. */
export class CloneIndexObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  /** The vectors in memory, by the embedder that made them; dropped at every change. */
  readonly #spaces = new Map<string, VectorSpace>();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#createTables();
  }

  #createTables(): void {
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS passages (
      id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, page INTEGER,
      section TEXT, start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL)`);
    this.#sql.exec("CREATE INDEX IF NOT EXISTS passages_document ON passages (document_id)");
    this.#sql.exec(
      "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (section, text, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2')",
    );
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS vectors (
      document_id TEXT NOT NULL, first_id INTEGER NOT NULL, count INTEGER NOT NULL, embedder_id TEXT NOT NULL, data BLOB NOT NULL,
      PRIMARY KEY (document_id, first_id))`);
  }

  /** Puts a whole document in place of whatever was there of it, at once or not at all. */
  async putDocument({ documentId, kind, embedderId, chunks, vectors }: IndexedDocument): Promise<void> {
    const dimensions = chunks.length > 0 ? vectors.length / chunks.length : 0;
    const bytes = quantize(vectors);
    this.ctx.storage.transactionSync(() => {
      this.#remove(documentId);
      let firstId = 0;
      for (const [i, chunk] of chunks.entries()) {
        const { text, page, section, start, end } = chunk;
        const id = Number(
          this.#sql
            .exec(
              "INSERT INTO passages (document_id, kind, text, page, section, start_offset, end_offset) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
              documentId,
              kind,
              text,
              page,
              section,
              start,
              end,
            )
            .one().id,
        );
        if (i === 0) firstId = id;
        this.#sql.exec("INSERT INTO words (rowid, section, text) VALUES (?, ?, ?)", id, section ?? "", text);
      }
      for (let from = 0; from < chunks.length && dimensions > 0; from += blockSize) {
        const count = Math.min(blockSize, chunks.length - from);
        const block = bytes.slice(from * dimensions, (from + count) * dimensions);
        this.#sql.exec(
          "INSERT INTO vectors (document_id, first_id, count, embedder_id, data) VALUES (?, ?, ?, ?, ?)",
          documentId,
          firstId + from,
          count,
          embedderId,
          block.buffer,
        );
      }
    });
    this.#spaces.clear();
  }

  /** Takes a document out; does nothing where it is not there. */
  async removeDocument(documentId: string): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#remove(documentId));
    this.#spaces.clear();
  }

  /** Forgets everything. */
  async destroy(): Promise<void> {
    this.#spaces.clear();
    await this.ctx.storage.deleteAll();
    this.#createTables();
  }

  /** The passages that answer a question best, best first. */
  async search({ query, vector, topK, mode, documentIds, kinds }: IndexQuery): Promise<IndexHit[]> {
    const allowed = documentIds || kinds ? this.#allowed(documentIds, kinds) : null;
    const terms = queryTerms(query);
    const candidates = new Map<number, Candidate>();
    if (mode !== "vector")
      for (const each of this.#byWords(terms, Math.max(depth, topK), allowed)) candidates.set(each.id, each);
    const space = mode !== "keyword" && vector ? this.#space(vector.embedderId) : null;
    if (space && vector && space.dimensions === vector.values.length) {
      for (const { id, similarity } of nearest(space, quantize(vector.values), Math.max(depth, topK), allowed)) {
        candidates.set(id, { id, bm25: candidates.get(id)?.bm25 ?? null, similarity });
      }
    }
    return this.#present(fuse([...candidates.values()]).slice(0, topK), terms);
  }

  #remove(documentId: string): void {
    this.#sql.exec("DELETE FROM words WHERE rowid IN (SELECT id FROM passages WHERE document_id = ?)", documentId);
    this.#sql.exec("DELETE FROM passages WHERE document_id = ?", documentId);
    this.#sql.exec("DELETE FROM vectors WHERE document_id = ?", documentId);
  }

  /** The ids of passages that a filter leaves. Lists travel as one JSON parameter: a hundred is all that SQLite binds here. */
  #allowed(documentIds: string[] | undefined, kinds: string[] | undefined): Set<number> {
    const rows = this.#sql.exec(
      `SELECT id FROM passages WHERE (?1 IS NULL OR document_id IN (SELECT value FROM json_each(?1)))
       AND (?2 IS NULL OR kind IN (SELECT value FROM json_each(?2)))`,
      documentIds ? JSON.stringify(documentIds) : null,
      kinds ? JSON.stringify(kinds) : null,
    );
    return new Set([...rows].map(({ id }) => Number(id)));
  }

  #byWords(terms: QueryTerm[], count: number, allowed: ReadonlySet<number> | null): Candidate[] {
    const expression = matchAny(terms);
    if (!expression || allowed?.size === 0) return [];
    // A filter narrows within SQL, where it is one: the best of all might otherwise leave none of the allowed.
    const filter = allowed ? "AND rowid IN (SELECT value FROM json_each(?3))" : "";
    const rows = this.#sql.exec(
      `SELECT rowid AS id, -bm25(words, 2.0, 1.0) AS rank FROM words WHERE words MATCH ?1 ${filter} ORDER BY rank DESC LIMIT ?2`,
      ...[expression, count, ...(allowed ? [JSON.stringify([...allowed])] : [])],
    );
    return [...rows].map(({ id, rank }) => ({ id: Number(id), bm25: Number(rank), similarity: null }));
  }

  #space(embedderId: string): VectorSpace | null {
    const known = this.#spaces.get(embedderId);
    if (known) return known;
    const rows = this.#sql
      .exec("SELECT first_id, count, data FROM vectors WHERE embedder_id = ? ORDER BY first_id", embedderId)
      .toArray();
    const total = rows.reduce((sum, { count }) => sum + Number(count), 0);
    const first = rows[0];
    if (!first || total === 0) return null;
    const dimensions = (first.data as ArrayBuffer).byteLength / Number(first.count);
    const space: VectorSpace = { dimensions, ids: [], data: new Int8Array(total * dimensions) };
    for (const { first_id, count, data } of rows) {
      space.data.set(new Int8Array(data as ArrayBuffer), space.ids.length * dimensions);
      for (let i = 0; i < Number(count); i++) space.ids.push(Number(first_id) + i);
    }
    this.#spaces.set(embedderId, space);
    return space;
  }

  /** How rare each term is: the logarithm of passages by passages that have it. */
  #rarity(terms: QueryTerm[]): Map<string, number> {
    const total = Number(this.#sql.exec("SELECT count(*) AS n FROM passages").one().n);
    return new Map(
      terms.map((term) => {
        const having = Number(
          this.#sql.exec("SELECT count(*) AS n FROM words WHERE words MATCH ?", matchAny([term])).one().n,
        );
        return [term.stem, Math.log(1 + (total - having + 0.5) / (having + 0.5))];
      }),
    );
  }

  #present(ranked: Candidate[], terms: QueryTerm[]): IndexHit[] {
    const rarity = this.#rarity(terms);
    const ids = JSON.stringify(ranked.map(({ id }) => id));
    const rows = this.#sql.exec("SELECT * FROM passages WHERE id IN (SELECT value FROM json_each(?))", ids).toArray();
    const byId = new Map(rows.map((row) => [Number(row.id), row]));
    return ranked.flatMap(({ id, similarity }) => {
      const row = byId.get(id);
      if (!row) return [];
      const [text, section] = [String(row.text), row.section === null ? null : String(row.section)];
      return [
        {
          documentId: String(row.document_id),
          text,
          page: row.page === null ? null : Number(row.page),
          section,
          start: Number(row.start_offset),
          end: Number(row.end_offset),
          score: relevance(section ? `${section}\n${text}` : text, terms, rarity, similarity),
        },
      ];
    });
  }
}
