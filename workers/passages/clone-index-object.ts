import { DurableObject } from "cloudflare:workers";
import { offlineHashId } from "../models/offline-ids.ts";
import { pause } from "../platform/pause.ts";
import type { Chunk } from "../reading/chunk-document.ts";
import type { Statement } from "../reading/statements.ts";
import { contentHash } from "./embedded-text.ts";
import { LatentSpace } from "./engine/latent-space.ts";
import { blend, type Likeness, likenessOf } from "./engine/likeness.ts";
import { type Candidate, rank, type Statistics } from "./engine/rank.ts";
import { descending, relevance } from "./engine/relevance.ts";
import { SqliteVectors } from "./engine/sqlite-vectors.ts";
import { type Conflict, Statements } from "./engine/statements.ts";
import { createTables } from "./engine/tables.ts";
import { matchAny, passageTerms, queryTerms, rareEnough } from "./engine/terms.ts";
import { VectorMirror } from "./engine/vector-mirror.ts";

/** For whom a document's passages are found: see `documents.access`. */
export type Access = "public" | "members" | "me";

/** A part of a document on its way into the index: one call carries at most 32 MB. */
export interface DocumentPart {
  documentId: string;
  /** Which run made it: what an older run brings after a newer one is not taken. */
  runId: string;
  kind: string;
  access: Access;
  /** Who uploaded it. */
  createdBy: string | null;
  embedderId: string;
  /** Which part this is, from 0, and how many there are: the last one makes the document searchable. */
  part: number;
  parts: number;
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
  /** The member of the clone's workspace who asks; null for everybody else. */
  memberId?: string | null;
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
  /** 0 to 1, never rising from hit to hit: see `relevance`. */
  score: number;
}

/** A row of `chunks` as a passage. */
const placed = (row: Record<string, SqlStorageValue>) => ({
  text: String(row.text),
  page: row.page === null ? null : Number(row.page),
  section: row.section === null ? null : String(row.section),
  start: Number(row.start_offset),
  end: Number(row.end_offset),
});

/** How many each search offers to the ranking at least: more change nothing among the first ten, and cost time before an answer. */
const depth = 80;

/**
 * What likeness adds to words, and how far the second round moves the question; measured on Cranfield and MED (decision 0003). Hashed
 * words say little that the words themselves do not; what was learned from the passages says more; vectors that know meanings say as
 * much as all words.
 */
const hashed = { share: 0.2, stride: 1.5 };
const learned = { share: 0.4, stride: 1, ofLatent: 0.75 };
const meant = { share: 0.5, stride: 1.5 };
/** How long after a change the index is put in order and learned from, so that a batch of documents counts once. */
const tidyAfterMs = 2_000;
/** The same where little has changed: more may come meanwhile, and counts too. */
const tidyWhenQuietMs = 20_000;

/** All passages of one clone: their words in FTS5, their vectors as int8 blocks, found together. */
export class CloneIndexObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #vectors: SqliteVectors;
  #latent: LatentSpace;
  #said: Statements;
  #learning: Promise<void> | null = null;
  #tidying: Promise<void> | null = null;
  /** Counts over all passages, and how many have a term; dropped at every change. */
  #totals: { passages: number; length: number } | null = null;
  readonly #having = new Map<string, number>();

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    createTables(this.#sql);
    const mirror = env.VECTORS ? new VectorMirror(this.#sql, env.VECTORS, state.id.toString()) : null;
    this.#vectors = new SqliteVectors(this.#sql, undefined, mirror);
    this.#latent = new LatentSpace(this.#sql, this.#vectors);
    this.#said = new Statements(this.#sql);
  }

  /**
   * Takes a part of a document. Until the last part is in, search finds what was there of the document before; with the last one
   * the new takes the place of the old, at once or not at all. Part 0 starts over.
   */
  async putDocument(document: DocumentPart): Promise<void> {
    const { documentId, part, parts, runId } = document;
    this.#change(() => {
      if (this.#isNewer(documentId, runId)) return;
      if (part === 0) this.#remove(documentId, "unfinished");
      const doc = part === 0 ? this.#begin(document) : this.#unfinished(documentId);
      this.#append(doc, document);
      if (part < parts - 1) return;
      this.#remove(documentId, "live");
      this.#sql.exec("UPDATE indexed_documents SET live = 1 WHERE doc = ?", doc);
    });
    await this.#tidySoon();
  }

  /** Sets for whom a document's passages are found. */
  async setAccess(documentId: string, access: Access): Promise<void> {
    this.#sql.exec("UPDATE indexed_documents SET access = ? WHERE document_id = ?", access, documentId);
  }

  /** The passages of a document in their order, from the one numbered `from` (0 is the first), and how many there are. */
  async listPassages(documentId: string, from: number, limit: number): Promise<{ passages: Chunk[]; count: number }> {
    const of = "doc IN (SELECT doc FROM indexed_documents WHERE document_id = ? AND live = 1)";
    const rows = this.#sql.exec(
      `SELECT * FROM chunks WHERE ${of} ORDER BY id LIMIT ? OFFSET ?`,
      documentId,
      limit,
      from,
    );
    const passages = [...rows].map((row, i) => ({ ordinal: from + i, ...placed(row) }));
    const { count } = this.#sql.exec(`SELECT count(*) AS count FROM chunks WHERE ${of}`, documentId).one();
    return { passages, count: Number(count) };
  }

  /**
   * The unit vectors that passages of the same text have here already, by `contentHash`, so that a model is not paid for them again. They
   * go with the last document that has them.
   */
  async knownVectors(embedderId: string, hashes: string[]): Promise<Map<string, Float32Array>> {
    const rows = this.#sql.exec(
      "SELECT hash, min(id) AS id FROM chunks WHERE hash IN (SELECT value FROM json_each(?)) GROUP BY hash",
      JSON.stringify(hashes),
    );
    const ids = new Map([...rows].map(({ hash, id }) => [Number(id), String(hash)]));
    const vectors = this.#vectors.get(embedderId, [...ids.keys()]);
    return new Map([...vectors].map(([id, vector]) => [ids.get(id) as string, vector]));
  }

  /** Takes a document out; does nothing where it is not there. */
  async removeDocument(documentId: string): Promise<void> {
    this.#change(() => {
      this.#remove(documentId, "live");
      this.#remove(documentId, "unfinished");
      this.#said.remove(documentId);
    });
    await this.#tidySoon();
  }

  /** Takes what a document says in numbers, in place of what it said before. */
  async putStatements(documentId: string, statements: Statement[]): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#said.put(documentId, statements));
  }

  /** Where documents say different numbers of the same. */
  async conflicts(): Promise<Conflict[]> {
    return this.#said.conflicts();
  }

  /** Forgets everything. */
  async destroy(): Promise<void> {
    await this.#vectors.destroyMirror();
    this.#vectors.forget();
    this.#forgetCounts();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    createTables(this.#sql);
    this.#latent = new LatentSpace(this.#sql, this.#vectors);
    this.#said = new Statements(this.#sql);
  }

  /** The passages that answer a question best, best first. */
  async search(asked: IndexQuery): Promise<IndexHit[]> {
    const { query, vector, topK, mode } = asked;
    const near = vector && mode !== "keyword" ? await this.#lookAround(asked, vector) : [];
    const docs = this.#searchable(asked);
    const question = queryTerms(query);
    const count = Math.max(depth, topK);
    const statistics = this.#statistics();
    const { likeness, share } = this.#likeness(asked, question, count, docs, near);
    const ids = new Set(mode === "vector" ? [] : this.#byWords(rareEnough(question, statistics), count, docs));
    for (const id of likeness?.nearest ?? []) ids.add(id);
    const knowsMeanings = vector !== null && vector.embedderId !== offlineHashId;
    const candidates = this.#candidates([...ids], docs, likeness);
    const ranked =
      mode === "vector"
        ? candidates.toSorted((a, b) => (b.likeness ?? 0) - (a.likeness ?? 0))
        : rank(question, candidates, statistics, likeness && { share, towards: likeness.towards });
    const best = ranked.slice(0, topK);
    const scores = descending(best.map((each) => relevance(question, each, statistics, knowsMeanings)));
    return this.#present(best, scores, docs);
  }

  /**
   * Learns what their words mean from all passages that are there now, where anything has changed since. The alarm does so where enough
   * has.
   */
  async learn(): Promise<void> {
    // What runs already may have begun before the newest passages came.
    await this.#learning;
    this.#learning ??= this.#latent
      .learn((change) => this.#change(change), pause)
      .finally(() => {
        this.#learning = null;
      });
    await this.#learning;
  }

  /** Puts together what lies near each other, where more has come than fits into memory. The alarm does it by itself. */
  tidy(): Promise<void> {
    this.#tidying ??= this.#vectors
      .cluster((change) => this.#change(change), pause)
      .finally(() => {
        this.#tidying = null;
      });
    return this.#tidying;
  }

  override async alarm(): Promise<void> {
    if (this.#latent.isDue("quiet")) await this.learn();
    await this.tidy();
    // Throws where the service fails: the alarm comes again, later each time.
    await this.#vectors.mirror();
  }

  async #tidySoon(): Promise<void> {
    const isDue = this.#latent.isDue("busy") || this.#vectors.isCrowded() || this.#vectors.isMirrorBehind();
    if (!isDue && !this.#latent.isDue("quiet")) return;
    const at = Date.now() + (isDue ? tidyAfterMs : tidyWhenQuietMs);
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > at) await this.ctx.storage.setAlarm(at);
  }

  /** Where a service for vectors would look; nothing where there is none, or it is not needed. */
  #lookAround(asked: IndexQuery, vector: { embedderId: string; values: Float32Array }): Promise<number[]> {
    return this.#vectors.lookAround({ ...vector, isFiltered: this.#isFiltered(this.#searchable(asked)) });
  }

  /** How like the question passages are by vectors, and what part of a score that is. */
  #likeness(
    { vector, mode }: IndexQuery,
    question: string[],
    count: number,
    docs: Map<number, string>,
    around: number[],
  ): { likeness: Likeness | null; share: number } {
    const isFiltered = this.#isFiltered(docs);
    const found =
      vector && mode !== "keyword" ? this.#vectors.search({ ...vector, isFiltered }, count, docs, around) : null;
    if (!vector || !found) return { likeness: null, share: 0 };
    if (vector.embedderId !== offlineHashId) return { likeness: likenessOf(found, meant.stride), share: meant.share };
    const latent = mode === "hybrid" ? this.#latent.embed(question) : null;
    const near = latent && this.#vectors.search({ ...latent, isFiltered }, count, docs);
    if (!near) return { likeness: likenessOf(found, hashed.stride), share: hashed.share };
    const likeness = blend(likenessOf(found, learned.stride), likenessOf(near, learned.stride), learned.ofLatent);
    return { likeness, share: learned.share };
  }

  /** Runs a change whole or not at all; what is in memory follows. */
  #change(change: () => void): void {
    this.#forgetCounts();
    try {
      this.ctx.storage.transactionSync(change);
    } catch (error) {
      this.#vectors.forget();
      throw error;
    }
  }

  #forgetCounts(): void {
    this.#totals = null;
    this.#having.clear();
  }

  /** Whether passages of a later run are there, or on their way: ids of runs grow. */
  #isNewer(documentId: string, runId: string): boolean {
    const select = "SELECT 1 FROM indexed_documents WHERE document_id = ? AND run_id > ? LIMIT 1";
    return this.#sql.exec(select, documentId, runId).toArray().length > 0;
  }

  #begin({ documentId, runId, kind, access, createdBy }: DocumentPart): number {
    const insert = `INSERT INTO indexed_documents (document_id, run_id, kind, access, created_by, live)
      VALUES (?, ?, ?, ?, ?, 0) RETURNING doc`;
    return Number(this.#sql.exec(insert, documentId, runId, kind, access, createdBy).one().doc);
  }

  #unfinished(documentId: string): number {
    const select = "SELECT doc FROM indexed_documents WHERE document_id = ? AND live = 0";
    return Number(this.#sql.exec(select, documentId).one().doc);
  }

  #append(doc: number, { embedderId, chunks, vectors }: DocumentPart): void {
    const dimensions = chunks.length > 0 ? vectors.length / chunks.length : 0;
    const insert = `INSERT INTO chunks (doc, text, page, section, start_offset, end_offset, hash, terms, length)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`;
    const isPaid = embedderId !== offlineHashId;
    const stored = chunks.map((chunk, i) => {
      const { text, page, section, start, end } = chunk;
      const { all, telling } = passageTerms(section, text);
      const columns = [doc, text, page, section, start, end, isPaid ? contentHash(chunk) : null];
      const row = this.#sql.exec(insert, ...columns, telling.join(" "), telling.length).one();
      const id = Number(row.id);
      this.#sql.exec("INSERT INTO chunk_terms (rowid, terms) VALUES (?, ?)", id, all.join(" "));
      return { id, doc, terms: telling, vector: vectors.subarray(i * dimensions, (i + 1) * dimensions) };
    });
    if (dimensions > 0) this.#vectors.add(embedderId, stored);
    // Vectors that know meanings have learned them from more than a clone's own passages.
    if (embedderId === offlineHashId) this.#latent.add(stored);
  }

  #remove(documentId: string, state: "live" | "unfinished"): void {
    const select = "SELECT doc FROM indexed_documents WHERE document_id = ? AND live = ?";
    for (const { doc } of this.#sql.exec(select, documentId, state === "live" ? 1 : 0).toArray()) {
      this.#vectors.remove(Number(doc));
      const gone = [...this.#sql.exec("SELECT terms FROM chunks WHERE doc = ?", doc)];
      this.#sql.exec("DELETE FROM chunk_terms WHERE rowid IN (SELECT id FROM chunks WHERE doc = ?)", doc);
      this.#sql.exec("DELETE FROM chunks WHERE doc = ?", doc);
      this.#latent.forgetWords(
        gone.flatMap(({ terms }) => String(terms).split(" ")),
        gone.length,
      );
      this.#sql.exec("DELETE FROM indexed_documents WHERE doc = ?", doc);
    }
  }

  /** The documents that a filter leaves, by number. Lists travel as one JSON parameter: a hundred is all that SQLite binds here. */
  #searchable({ documentIds, kinds, memberId }: IndexQuery): Map<number, string> {
    const rows = this.#sql.exec(
      `SELECT doc, document_id FROM indexed_documents WHERE live = 1
       AND (?1 IS NULL OR document_id IN (SELECT value FROM json_each(?1)))
       AND (?2 IS NULL OR kind IN (SELECT value FROM json_each(?2)))
       AND (access = 'public' OR (?3 IS NOT NULL AND (access = 'members' OR created_by = ?3)))`,
      documentIds ? JSON.stringify(documentIds) : null,
      kinds ? JSON.stringify(kinds) : null,
      memberId ?? null,
    );
    return new Map([...rows].map(({ doc, document_id }) => [Number(doc), String(document_id)]));
  }

  #isFiltered(docs: Map<number, string>): boolean {
    return docs.size < Number(this.#sql.exec("SELECT count(*) AS n FROM indexed_documents").one().n);
  }

  #byWords(terms: string[], count: number, docs: Map<number, string>): number[] {
    const expression = matchAny(terms);
    if (!expression || docs.size === 0) return [];
    // Where all are wanted, FTS5 sorts by itself. The plus keeps SQLite from asking FTS5 anew for every passage of the filter:
    // at a hundred thousand passages, half of them took 17 seconds.
    const isFiltered = this.#isFiltered(docs);
    const filter = "AND +rowid IN (SELECT id FROM chunks WHERE doc IN (SELECT value FROM json_each(?3)))";
    const rows = this.#sql.exec(
      `SELECT rowid AS id FROM chunk_terms WHERE chunk_terms MATCH ?1 ${isFiltered ? filter : ""} ORDER BY rank LIMIT ?2`,
      ...[expression, count, ...(isFiltered ? [JSON.stringify([...docs.keys()])] : [])],
    );
    return [...rows].map(({ id }) => Number(id));
  }

  #statistics(): Statistics {
    this.#totals ??= (({ passages, length }) => ({ passages: Number(passages), length: Number(length ?? 0) }))(
      this.#sql.exec("SELECT count(*) AS passages, sum(length) AS length FROM chunks").one(),
    );
    const { passages, length } = this.#totals;
    if (this.#having.size > 50_000) this.#having.clear();
    return {
      passages,
      averageLength: passages > 0 ? length / passages : 0,
      passagesWith: (term) => {
        let having = this.#having.get(term);
        if (having === undefined) {
          having = Number(this.#sql.exec("SELECT doc FROM term_counts WHERE term = ?", term).toArray()[0]?.doc ?? 0);
          this.#having.set(term, having);
        }
        return having;
      },
    };
  }

  #candidates(ids: number[], docs: Map<number, string>, likeness: Likeness | null): Candidate[] {
    const rows = this.#sql.exec(
      "SELECT chunks.id, chunks.doc, chunks.terms FROM json_each(?) AS wanted JOIN chunks ON chunks.id = wanted.value",
      JSON.stringify(ids),
    );
    const live = [...rows].filter(({ doc }) => docs.has(Number(doc)));
    return live.map(({ id, terms }) => {
      const list = String(terms);
      return {
        id: Number(id),
        terms: list === "" ? [] : list.split(" "),
        likeness: likeness?.of(Number(id)) ?? null,
      };
    });
  }

  #present(ranked: Candidate[], scores: number[], docs: Map<number, string>): IndexHit[] {
    const ids = JSON.stringify(ranked.map(({ id }) => id));
    const rows = this.#sql.exec("SELECT * FROM chunks WHERE id IN (SELECT value FROM json_each(?))", ids).toArray();
    const byId = new Map(rows.map((row) => [Number(row.id), row]));
    return ranked.flatMap(({ id }, i) => {
      const row = byId.get(id);
      if (!row) return [];
      return { documentId: docs.get(Number(row.doc)) ?? "", ...placed(row), score: scores[i] ?? 0 };
    });
  }
}
