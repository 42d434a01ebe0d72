import type { Statistics } from "./rank.ts";

/** So many terms are kept with their counts, at most. */
const mostKept = 50_000;

/** Counts over all passages of an index, and how many have a term: kept until anything changes. */
export class TermCounts {
  readonly #sql: SqlStorage;
  #totals: { passages: number; length: number } | null = null;
  readonly #having = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Drops what is kept, for a change is coming. */
  forget(): void {
    this.#totals = null;
    this.#having.clear();
  }

  statistics(): Statistics<string> {
    this.#totals ??= (({ passages, length }) => ({ passages: Number(passages), length: Number(length ?? 0) }))(
      this.#sql.exec("SELECT count(*) AS passages, sum(length) AS length FROM chunks").one(),
    );
    const { passages, length } = this.#totals;
    if (this.#having.size > mostKept) this.#having.clear();
    return {
      passages,
      averageLength: passages > 0 ? length / passages : 0,
      passagesWith: (term) => this.#passagesWith(term),
    };
  }

  #passagesWith(term: string): number {
    let having = this.#having.get(term);
    if (having === undefined) {
      having = Number(this.#sql.exec("SELECT doc FROM term_counts WHERE term = ?", term).toArray()[0]?.doc ?? 0);
      this.#having.set(term, having);
    }
    return having;
  }
}
