import type { Statement } from "../../reading/statements.ts";

/** Two documents that say different numbers of the same. */
export interface Conflict {
  about: string;
  a: { documentId: string; quote: string; page: number | null; start: number };
  b: { documentId: string; quote: string; page: number | null; start: number };
}

const most = 100;

/** What the documents of one clone say in numbers. */
export class Statements {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS statements (
      document_id TEXT NOT NULL, about TEXT NOT NULL, numbers TEXT NOT NULL, quote TEXT NOT NULL, page INTEGER,
      start_offset INTEGER NOT NULL, PRIMARY KEY (about, document_id)) WITHOUT ROWID`);
    sql.exec("CREATE INDEX IF NOT EXISTS statements_document ON statements (document_id)");
  }

  /** Puts a document's statements in the place of its older ones. */
  put(documentId: string, statements: Statement[]): void {
    this.remove(documentId);
    for (const { about, numbers, quote, page, start } of statements)
      this.#sql.exec(
        "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?)",
        documentId,
        about,
        numbers,
        quote,
        page,
        start,
      );
  }

  remove(documentId: string): void {
    this.#sql.exec("DELETE FROM statements WHERE document_id = ?", documentId);
  }

  /** Pairs that disagree, a hundred at most. */
  conflicts(): Conflict[] {
    const rows = this.#sql.exec(
      `SELECT a.about, a.document_id AS a_id, a.quote AS a_quote, a.page AS a_page, a.start_offset AS a_start,
         b.document_id AS b_id, b.quote AS b_quote, b.page AS b_page, b.start_offset AS b_start
       FROM statements AS a JOIN statements AS b
         ON b.about = a.about AND b.document_id > a.document_id AND b.numbers <> a.numbers LIMIT ?`,
      most,
    );
    const side = (row: Record<string, SqlStorageValue>, of: "a" | "b") => ({
      documentId: String(row[`${of}_id`]),
      quote: String(row[`${of}_quote`]),
      page: row[`${of}_page`] === null ? null : Number(row[`${of}_page`]),
      start: Number(row[`${of}_start`]),
    });
    return [...rows].map((row) => ({ about: String(row.about), a: side(row, "a"), b: side(row, "b") }));
  }
}
