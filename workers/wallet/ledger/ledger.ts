import { Books } from "./books.ts";
import { Disputes } from "./disputes.ts";
import { Earnings } from "./earnings.ts";
import { Funds } from "./funds.ts";
import { Holds } from "./holds.ts";
import { Spending } from "./limits.ts";
import { Operations } from "./operations.ts";
import { Purse } from "./purse.ts";
import { Sessions } from "./sessions.ts";
import type { LedgerStorage } from "./sql.ts";

/** What the parts of a ledger work on, together. */
export interface LedgerParts {
  books: Books;
  operations: Operations;
  purse: Purse;
  spending: Spending;
}

/**
 * One wallet's ledger over SQLite. Each method is one commit, and may be repeated: an operation's id stands for it. Amounts are micro-credits, times ms since the epoch, which
 * callers give.
 */
export class Ledger implements LedgerParts {
  readonly books: Books;
  readonly operations: Operations;
  readonly purse: Purse;
  readonly spending: Spending;
  readonly holds: Holds;
  readonly funds: Funds;
  readonly sessions: Sessions;
  readonly earnings: Earnings;
  readonly disputes: Disputes;

  constructor(storage: LedgerStorage) {
    this.books = new Books(storage);
    this.operations = new Operations(storage);
    this.purse = new Purse(storage, this.books);
    this.spending = new Spending(storage);
    this.holds = new Holds(this);
    this.funds = new Funds(this);
    this.sessions = new Sessions(this);
    this.earnings = new Earnings(this);
    this.disputes = new Disputes(this);
  }

  /** Does what is due: what is held too long is given back, what was granted ends, what was earned can be paid out, sessions close. */
  tick(now: number): void {
    this.books.commit(() => {
      for (const operation of this.operations.due(now)) {
        if (operation.kind === "hold") this.holds.expire(operation, now);
        else if (operation.kind === "session") this.sessions.end(operation, now);
        else if (operation.kind === "earning") this.earnings.mature(operation, now);
      }
      this.funds.expireLots(now);
    });
  }

  /** Ends what is under way, so that nobody waits for what is theirs: holds are given back, sessions parted. */
  endAll(now: number): void {
    this.books.commit(() => {
      for (const operation of this.operations.due(Number.MAX_SAFE_INTEGER)) {
        if (operation.kind === "hold") this.holds.expire(operation, now);
        else if (operation.kind === "session") this.sessions.end(operation, now);
      }
    });
  }

  /** When `tick` has something to do next, in ms; null where nothing waits. */
  nextDue(): number | null {
    const times = [this.operations.nextDue(), this.purse.nextEnd()].filter((at) => at !== null);
    return times.length > 0 ? Math.min(...times) : null;
  }
}
