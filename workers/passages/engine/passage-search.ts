import { offlineHashId } from "../../models/offline-ids.ts";
import type { IndexHit, IndexQuery, QueryVector } from "../clone-index.ts";
import type { LatentSpace } from "./latent-space.ts";
import { blend, type Likeness, likenessByOne, likenessOf } from "./likeness.ts";
import { placed } from "./passage-store.ts";
import type { PassageWords, WordsInMemory } from "./passage-words.ts";
import { type Candidate, type LikenessWeight, rank } from "./rank.ts";
import { descending, relevance } from "./relevance.ts";
import type { TermCounts } from "./term-counts.ts";
import { keyOf, matchAny, queryTerms, rareEnough } from "./terms.ts";
import type { SqliteVectors } from "./vectors/sqlite-vectors.ts";
import { WordParts } from "./word-parts.ts";

/** How many each search offers to the ranking at least: more change nothing among the first ten, and cost time before an answer. */
const depth = 80;

/**
 * What likeness adds to words, which count 1. Hashed words say what the words themselves and their parts say: they only offer passages. What was learned
 * from the passages counts with the breadth of a question; vectors that know meanings as far as they tell passages apart.
 */
const hashed: LikenessWeight = { weight: 0.02, counts: "always" };
const learned: LikenessWeight = { weight: 0.4, counts: "with breadth" };
const meant: LikenessWeight = { weight: 0.75, counts: "where it tells" };
const ofLatent = 0.85;

/** Finds passages of an index by words and vectors together. */
export class PassageSearch {
  readonly #sql: SqlStorage;
  readonly #vectors: SqliteVectors;
  readonly #latent: LatentSpace;
  readonly #counts: TermCounts;
  readonly #words: WordsInMemory;
  readonly #parts: WordParts;

  constructor(sql: SqlStorage, vectors: SqliteVectors, latent: LatentSpace, counts: TermCounts, words: WordsInMemory) {
    this.#sql = sql;
    this.#vectors = vectors;
    this.#latent = latent;
    this.#counts = counts;
    this.#words = words;
    this.#parts = new WordParts(words);
  }

  /** The passages that answer a question best, best first. */
  async search(asked: IndexQuery): Promise<IndexHit[]> {
    const { query, vector, otherVectors = [], topK, mode } = asked;
    const vectors = mode === "keyword" ? [] : [...(vector ? [vector] : []), ...otherVectors];
    const near = await Promise.all(vectors.map((each) => this.#lookAround(asked, each)));
    const docs = this.#searchable(asked);
    const count = Math.max(depth, topK);
    const words = this.#words;
    words.makeRoom();
    const known = this.#counts.statistics();
    this.#parts.learn(known.passages, (wanted) => this.#sample(known.passages, wanted));
    const stems = queryTerms(query);
    const question = stems.map(keyOf);
    const found = vectors.flatMap((each, i) => this.#likeness(asked, each, question, count, docs, near[i] ?? []) ?? []);
    const likeness = likenessByOne(found.map((each) => each.likeness));
    const weight = found[0]?.weight ?? hashed;
    const ids = new Set(mode === "vector" ? [] : this.#byWords(rareEnough(question, known), count, docs));
    for (const id of likeness?.nearest ?? []) ids.add(id);
    const knowsMeanings = vectors.some(({ embedderId }) => embedderId !== offlineHashId);
    const candidates = this.#candidates([...ids], stems, docs, likeness);
    const statistics = { ...known, passagesWith: (word: number) => known.passagesWith(words.wordOf(word)) };
    const asks = question.map((key) => words.numberOf(key));
    const ranked =
      mode === "vector"
        ? candidates.toSorted((a, b) => (b.likeness ?? 0) - (a.likeness ?? 0))
        : rank(asks, candidates, statistics, weight, words.size);
    const best = ranked.slice(0, topK);
    const scores = descending(best.map((each) => relevance(asks, each, statistics, knowsMeanings)));
    return this.#present(best, scores, docs);
  }

  /** Where a service for vectors would look; nothing where there is none, or it is not needed. */
  #lookAround(asked: IndexQuery, vector: QueryVector): Promise<number[]> {
    return this.#vectors.lookAround({ ...vector, isFiltered: this.#isFiltered(this.#searchable(asked)) });
  }

  /** How like the question passages are by vectors of one embedder, and what that counts; null where none has one. */
  #likeness(
    { mode }: IndexQuery,
    vector: QueryVector,
    question: string[],
    count: number,
    docs: Map<number, string>,
    around: number[],
  ): { likeness: Likeness; weight: LikenessWeight } | null {
    const isFiltered = this.#isFiltered(docs);
    const found = this.#vectors.search({ ...vector, isFiltered }, count, docs, around);
    if (!found) return null;
    if (vector.embedderId !== offlineHashId) return { likeness: likenessOf(found), weight: meant };
    const latent = mode === "hybrid" ? this.#latent.embed(question) : null;
    const near = latent && this.#vectors.search({ ...latent, isFiltered }, count, docs);
    if (!near) return { likeness: likenessOf(found), weight: hashed };
    return { likeness: blend(likenessOf(found), likenessOf(near), ofLatent), weight: learned };
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

  #candidates(ids: number[], question: string[], docs: Map<number, string>, likeness: Likeness | null): Candidate[] {
    this.#bring(ids);
    const partsOf = this.#parts.score(question.map((stem) => this.#words.numberOf(stem)));
    return ids.flatMap((id) => {
      const passage = this.#words.of(id);
      if (!passage || !docs.has(passage.doc)) return [];
      return [{ id, keys: passage.keys, parts: partsOf(passage), likeness: likeness?.of(id) ?? null }];
    });
  }

  /** The words of so many passages, from all over the index. */
  #sample(passages: number, wanted: number): PassageWords[] {
    const ids = this.#sql
      .exec(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM chunks) WHERE n % ? = 0",
        Math.max(1, Math.floor(passages / wanted)),
      )
      .toArray()
      .map(({ id }) => Number(id));
    this.#bring(ids);
    return ids.flatMap((id) => this.#words.of(id) ?? []);
  }

  /** Brings passages into memory that are not there. */
  #bring(wanted: number[]): void {
    const ids = wanted.filter((id) => !this.#words.of(id));
    if (ids.length === 0) return;
    const rows = this.#sql.exec(
      "SELECT chunks.id, chunks.doc, chunks.terms FROM json_each(?) AS wanted JOIN chunks ON chunks.id = wanted.value",
      JSON.stringify(ids),
    );
    for (const { id, doc, terms } of rows) this.#words.keep(Number(id), Number(doc), String(terms));
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
