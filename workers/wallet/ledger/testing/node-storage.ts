import { DatabaseSync } from "node:sqlite";
import type { LedgerStorage } from "../sql.ts";

/** What ends a commit before, or right behind, the moment in which it stands. */
export class Crash extends Error {
  override name = "Crash";
}

/** A ledger's storage over Node's SQLite, in memory, which can die around its commits: what stands then is what stood. */
export class NodeStorage implements LedgerStorage {
  readonly #db = new DatabaseSync(":memory:");
  /** Where the next commit dies. */
  crashes: "before" | "behind" | null = null;

  readonly sql: LedgerStorage["sql"] = {
    exec: (query, ...bindings) => {
      const rows = this.#db.prepare(query).all(...bindings);
      return { toArray: () => rows as Record<string, unknown>[] };
    },
  };

  transactionSync<T>(run: () => T): T {
    const crashes = this.crashes;
    this.crashes = null;
    this.#db.exec("BEGIN");
    try {
      const result = run();
      if (crashes === "before") throw new Crash("The process died before its commit.");
      this.#db.exec("COMMIT");
      if (crashes === "behind") throw new Crash("The process died behind its commit.");
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    }
  }
}
