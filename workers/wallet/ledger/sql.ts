/** What SQLite keeps: as a Durable Object's storage has it, and `node:sqlite` alike. */
export type SqlValue = string | number | null;

/** The storage that a ledger stands in. */
export interface LedgerStorage {
  sql: {
    exec(query: string, ...bindings: SqlValue[]): { toArray(): Record<string, unknown>[] };
  };
  /** Runs it as one commit: all of it stands, or, where it throws, nothing. */
  transactionSync<T>(run: () => T): T;
}
