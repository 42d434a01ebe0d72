import { offlineHashId } from "../../models/offline-ids.ts";
import type { Chunk } from "../../reading/chunk-document.ts";
import type { Access, DocumentPart } from "../clone-index.ts";
import { contentHash } from "../embedded-text.ts";
import type { LatentSpace } from "./latent-space.ts";
import { keyOf, keysIn, passageTerms, wordsVersion } from "./terms.ts";
import type { SqliteVectors } from "./vectors/sqlite-vectors.ts";

/** A row of `chunks` as a passage. */
export const placed = (row: Record<string, SqlStorageValue>) => ({
  text: String(row.text),
  page: row.page === null ? null : Number(row.page),
  section: row.section === null ? null : String(row.section),
  start: Number(row.start_offset),
  end: Number(row.end_offset),
});

/** The passages of an index by their documents: rows, words and vectors come and go together. Callers see to it that a change is whole. */
export class PassageStore {
  readonly #sql: SqlStorage;
  readonly #vectors: SqliteVectors;
  readonly #latent: LatentSpace;

  constructor(sql: SqlStorage, vectors: SqliteVectors, latent: LatentSpace) {
    this.#sql = sql;
    this.#vectors = vectors;
    this.#latent = latent;
  }

  /** Takes a part of a document: see `CloneIndexObject.putDocument`. */
  put(document: DocumentPart): void {
    const { documentId, part, parts, runId } = document;
    if (this.#isNewer(documentId, runId)) return;
    if (part === 0) this.#remove(documentId, "unfinished");
    const doc = part === 0 ? this.#begin(document) : this.#unfinished(documentId);
    this.#append(doc, document);
    if (part < parts - 1) return;
    this.#remove(documentId, "live");
    this.#sql.exec("UPDATE indexed_documents SET live = 1 WHERE doc = ?", doc);
  }

  /** Takes out all that is there of a document. */
  remove(documentId: string): void {
    this.#remove(documentId, "live");
    this.#remove(documentId, "unfinished");
  }

  setAccess(documentId: string, access: Access): void {
    this.#sql.exec("UPDATE indexed_documents SET access = ? WHERE document_id = ?", access, documentId);
  }

  /** The passages of a document in their order, from the one numbered `from` (0 is the first), and how many there are. */
  list(documentId: string, from: number, limit: number): { passages: Chunk[]; count: number } {
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

  /** The vectors that passages of the same text have already, by `contentHash`. */
  knownVectors(embedderId: string, hashes: string[]): Map<string, Float32Array> {
    const rows = this.#sql.exec(
      "SELECT hash, min(id) AS id FROM chunks WHERE hash IN (SELECT value FROM json_each(?)) GROUP BY hash",
      JSON.stringify(hashes),
    );
    const ids = new Map([...rows].map(({ hash, id }) => [Number(id), String(hash)]));
    const vectors = this.#vectors.get(embedderId, [...ids.keys()]);
    return new Map([...vectors].map(([id, vector]) => [ids.get(id) as string, vector]));
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
    const insert = `INSERT INTO chunks (doc, text, page, section, start_offset, end_offset, hash, words, terms, length)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`;
    const isPaid = embedderId !== offlineHashId;
    const stored = chunks.map((chunk, i) => {
      const { text, page, section, start, end } = chunk;
      const { all, telling } = passageTerms(section, text);
      const columns = [doc, text, page, section, start, end, isPaid ? contentHash(chunk) : null, wordsVersion];
      const row = this.#sql.exec(insert, ...columns, telling.join(" "), telling.length).one();
      const id = Number(row.id);
      this.#sql.exec("INSERT INTO chunk_terms (rowid, terms) VALUES (?, ?)", id, all.join(" "));
      return { id, doc, terms: telling.map(keyOf), vector: vectors.subarray(i * dimensions, (i + 1) * dimensions) };
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
        gone.flatMap(({ terms }) => keysIn(terms)),
        gone.length,
      );
      this.#sql.exec("DELETE FROM indexed_documents WHERE doc = ?", doc);
    }
  }
}
