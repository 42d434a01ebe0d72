import { toUnit } from "../../models/unit-vector.ts";
import { inPlace, type LatentWords, learnLatent, type TextInPlace, weigh } from "./learn-latent.ts";
import { keysIn } from "./terms.ts";
import type { SqliteVectors } from "./vectors/sqlite-vectors.ts";

/** Fewer passages teach nothing about words. */
const fewestPassages = 200;
/** What share of the passages must be new or gone before it is worth learning again: while more come, and when none does. */
const changedShare = { busy: 0.25, quiet: 0.05 };
/** More passages than these teach little more: runs of neighbours are taken from all over the index. */
const mostLearnedFrom = 10_000;
const run = 50;
/** Passages that are read, or placed in a new space, at a time. */
const batch = 100;

interface Facts {
  /** The space in use, counted from 1; 0 where there is none. */
  generation: number;
  dimensions: number;
  /** Passages that were there when it was learned, and those that came or went since. */
  passages: number;
  changed: number;
}

interface Word {
  weight: number;
  direction: Int8Array;
  /** What a component of 127 stands for. */
  scale: number;
}

const none: Facts = { generation: 0, dimensions: 0, passages: 0, changed: 0 };

/**
 * Meanings that an index has learned from its own passages: words that keep the same company lie near each other. Its vectors live
 * beside those of the embedder, in the same store. A new space is made while the old one answers, and takes its place at once.
 */
export class LatentSpace {
  readonly #sql: SqlStorage;
  readonly #vectors: SqliteVectors;

  constructor(sql: SqlStorage, vectors: SqliteVectors) {
    this.#sql = sql;
    this.#vectors = vectors;
    sql.exec(`CREATE TABLE IF NOT EXISTS latent_terms (
      generation INTEGER NOT NULL, term TEXT NOT NULL, weight REAL NOT NULL, scale REAL NOT NULL, direction BLOB NOT NULL,
      PRIMARY KEY (generation, term)) WITHOUT ROWID`);
    sql.exec(`CREATE TABLE IF NOT EXISTS latent_space (
      only INTEGER PRIMARY KEY CHECK (only = 1), generation INTEGER NOT NULL, dimensions INTEGER NOT NULL,
      passages INTEGER NOT NULL, changed INTEGER NOT NULL)`);
  }

  /** What a text is in this space, for a search; null where nothing has been learned, or nothing of the text is known. */
  embed(terms: string[]): { embedderId: string; values: Float32Array } | null {
    const { generation, dimensions } = this.#facts();
    if (generation === 0) return null;
    const values = folded({ terms, around: [] }, this.#words(generation, terms), dimensions);
    return values.some((value) => value !== 0) ? { embedderId: idOf(generation), values } : null;
  }

  /** Places new passages of a document, in their order and with their telling words. They count as changes. */
  add(passages: { id: number; doc: number; terms: string[] }[]): void {
    const { generation, dimensions } = this.#facts();
    this.#count(passages.length);
    if (generation > 0) this.#place(generation, dimensions, passages);
  }

  /** Forgets words that no passage has any more. `gone` passages have just been taken out. */
  forgetWords(terms: Iterable<string>, gone: number): void {
    this.#count(gone);
    this.#sql.exec(
      `DELETE FROM latent_terms WHERE term IN
        (SELECT value FROM json_each(?) WHERE value NOT IN (SELECT term FROM term_counts))`,
      JSON.stringify([...new Set(terms)]),
    );
  }

  /** Whether so much has changed that learning anew is worth it. */
  isDue(when: keyof typeof changedShare): boolean {
    const { passages, changed, generation } = this.#facts();
    if (changed === 0 || changed < passages * changedShare[when]) return false;
    const count = Number(this.#sql.exec("SELECT count(*) AS count FROM chunks").one().count);
    return count >= fewestPassages || generation > 0;
  }

  /**
   * Learns anew, unless nothing has changed. Every pause lets searches and changes through; what they change is taken in before the new space is used. `transaction`
   * runs a change whole or not at all.
   */
  async learn(transaction: (change: () => void) => void, pause: () => Promise<void>): Promise<void> {
    const before = this.#facts();
    if (before.changed === 0) return;
    const generation = before.generation + 1;
    // What an interrupted attempt has left.
    transaction(() => this.#drop((kept) => kept === before.generation));
    const passages = Number(this.#sql.exec("SELECT count(*) AS count FROM chunks").one().count);
    const words = passages >= fewestPassages ? await learnLatent(await this.#sample(passages, pause), pause) : null;
    if (words) await this.#placeAll(words, generation, transaction, pause);
    transaction(() => {
      if (words) this.#placeRest(words, generation);
      const changed = this.#facts().changed - before.changed;
      const next = words ? { generation, dimensions: words.dimensions } : { generation: 0, dimensions: 0 };
      this.#write({ ...next, passages, changed });
      this.#drop((kept) => kept === next.generation && kept > 0);
    });
  }

  #facts(): Facts {
    const [row] = this.#sql.exec("SELECT * FROM latent_space").toArray();
    if (!row) return none;
    const { generation, dimensions, passages, changed } = row;
    return {
      generation: Number(generation),
      dimensions: Number(dimensions),
      passages: Number(passages),
      changed: Number(changed),
    };
  }

  #write({ generation, dimensions, passages, changed }: Facts): void {
    const insert = "INSERT OR REPLACE INTO latent_space VALUES (1, ?, ?, ?, ?)";
    this.#sql.exec(insert, generation, dimensions, passages, changed);
  }

  #count(passages: number): void {
    const facts = this.#facts();
    this.#write({ ...facts, changed: facts.changed + passages });
  }

  /** Takes out words and vectors of all spaces but those to keep. */
  #drop(keep: (generation: number) => boolean): void {
    const generations = this.#sql.exec("SELECT DISTINCT generation FROM latent_terms").toArray();
    for (const { generation } of generations) {
      if (keep(Number(generation))) continue;
      this.#sql.exec("DELETE FROM latent_terms WHERE generation = ?", generation);
      this.#vectors.drop(idOf(Number(generation)));
    }
  }

  async #sample(passages: number, pause: () => Promise<void>): Promise<TextInPlace[]> {
    const ids = this.#sql
      .exec(
        `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM chunks) WHERE n / ${run} % ? = 0`,
        Math.ceil(passages / mostLearnedFrom),
      )
      .toArray()
      .map(({ id }) => Number(id));
    const texts: { doc: number; terms: string[] }[] = [];
    // Each word is held once, however many passages have it.
    const words = new Map<string, string>();
    const once = (word: string) => {
      if (!words.has(word)) words.set(word, word);
      return words.get(word) as string;
    };
    for (let from = 0; from < ids.length; from += batch) {
      const rows = this.#sql.exec(
        "SELECT doc, terms FROM chunks WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        JSON.stringify(ids.slice(from, from + batch)),
      );
      for (const { doc, terms } of rows) texts.push({ doc: Number(doc), terms: keysIn(terms).map(once) });
      await pause();
    }
    return inPlace(texts);
  }

  async #placeAll(
    words: LatentWords,
    generation: number,
    transaction: (change: () => void) => void,
    pause: () => Promise<void>,
  ): Promise<void> {
    for (let from = 0; from < words.terms.length; from += batch) {
      transaction(() => this.#writeWords(words, generation, from));
      await pause();
    }
    for (;;) {
      let placed = 0;
      transaction(() => {
        placed = this.#placeNext(words, generation);
      });
      if (placed < batch) return;
      await pause();
    }
  }

  #placeRest(words: LatentWords, generation: number): void {
    while (this.#placeNext(words, generation) > 0);
  }

  /** Places the next passages that are not in the space yet; passages are numbered upwards, and placed in that order. */
  #placeNext(words: LatentWords, generation: number): number {
    const after = this.#vectors.lastId(idOf(generation));
    const rows = this.#sql
      .exec("SELECT id, doc, terms FROM chunks WHERE id > ? ORDER BY id LIMIT ?", after, batch)
      .toArray();
    const passages = rows.map(({ id, doc, terms }) => ({ id: Number(id), doc: Number(doc), terms: keysIn(terms) }));
    this.#place(generation, words.dimensions, passages);
    return passages.length;
  }

  #place(generation: number, dimensions: number, passages: { id: number; doc: number; terms: string[] }[]): void {
    const words = this.#words(
      generation,
      passages.flatMap(({ terms }) => terms),
    );
    const placed = inPlace(passages).map((passage) => ({ ...passage, vector: folded(passage, words, dimensions) }));
    this.#vectors.add(idOf(generation), placed);
  }

  #writeWords({ terms, weights, directions, dimensions }: LatentWords, generation: number, from: number): void {
    for (const [i, term] of terms.slice(from, from + batch).entries()) {
      const at = (from + i) * dimensions;
      const { scale, direction } = packed(directions.subarray(at, at + dimensions));
      this.#sql.exec(
        "INSERT INTO latent_terms VALUES (?, ?, ?, ?, ?)",
        generation,
        term,
        weights[from + i] as number,
        scale,
        direction.buffer,
      );
    }
  }

  #words(generation: number, terms: string[]): Map<string, Word> {
    const rows = this.#sql.exec(
      `SELECT term, weight, scale, direction FROM latent_terms
       WHERE generation = ? AND term IN (SELECT value FROM json_each(?))`,
      generation,
      JSON.stringify([...new Set(terms)]),
    );
    return new Map(
      [...rows].map(({ term, weight, scale, direction }) => [
        String(term),
        { weight: Number(weight), scale: Number(scale), direction: new Int8Array(direction as ArrayBuffer) },
      ]),
    );
  }
}

const idOf = (generation: number) => `latent/${generation}`;

function packed(vector: Float32Array): { scale: number; direction: Int8Array<ArrayBuffer> } {
  const scale = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127;
  return { scale, direction: Int8Array.from(vector, (value) => (scale > 0 ? Math.round(value / scale) : 0)) };
}

/** The unit vector of a text: the directions of its words, added up by weight. */
function folded(text: TextInPlace, words: Map<string, Word>, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const [term, weight] of weigh(text, (term) => words.get(term)?.weight)) {
    const { direction, scale } = words.get(term) as Word;
    for (let c = 0; c < dimensions; c++) (vector[c] as number) += weight * scale * (direction[c] as number);
  }
  return toUnit(vector);
}
