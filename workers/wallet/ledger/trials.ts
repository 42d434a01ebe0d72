import type { LedgerStorage } from "./sql.ts";

/** Answers that were free before the first was paid, by clone. */
export class Trials {
  readonly #storage: LedgerStorage;

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
    storage.sql.exec("CREATE TABLE IF NOT EXISTS trials (id TEXT PRIMARY KEY, clone_id TEXT NOT NULL)");
  }

  /** Whether an answer is among the first `most` of a clone, which are free; who repeats it hears the same. */
  take(cloneId: string, answerId: string, most: number): boolean {
    const { sql } = this.#storage;
    if (sql.exec("SELECT 1 FROM trials WHERE id = ?", answerId).toArray().length > 0) return true;
    const [row] = sql.exec("SELECT count(*) AS used FROM trials WHERE clone_id = ?", cloneId).toArray();
    if (Number(row?.used) >= most) return false;
    sql.exec("INSERT INTO trials (id, clone_id) VALUES (?, ?)", answerId, cloneId);
    return true;
  }
}
