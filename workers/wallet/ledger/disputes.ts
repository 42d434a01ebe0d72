import type { LedgerAccount } from "./accounts.ts";
import { finished } from "./funds.ts";
import type { LedgerParts } from "./ledger.ts";
import type { Details } from "./operations.ts";

/** What a bank takes back for whoever paid: while it is argued about it is nobody's to spend, and if it is lost, those who earned by it give their part back. */
export class Disputes {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Books that a payment is disputed: what is not there any more is owed. */
  open(ask: { id: string; amount: number; details: Details }, now: number): void {
    const { books, operations } = this.#parts;
    books.commit(() => {
      if (operations.find(ask.id)) return;
      const there = Math.min(ask.amount, books.balance("available"));
      books.transfer(ask.id, "available", "disputed", there, now);
      books.transfer(ask.id, "debt", "disputed", ask.amount - there, now);
      operations.add({ ...finished(ask, "dispute", "open", -there || 0, now), endedAt: null });
    });
  }

  /** Ends one. Won, it is there again. Lost, it is gone, and of what is owed so much is taken back as those earned by this wallet's questions since `earnedSince` (ms). */
  end(id: string, isWon: boolean, earnedSince: number, now: number): void {
    const { books, operations } = this.#parts;
    books.commit(() => {
      const known = operations.find(id);
      if (known?.kind !== "dispute" || known.state !== "open") return;
      if (isWon) {
        const owed = Math.min(known.amount, -books.balance("debt"));
        books.transfer(id, "disputed", "debt", owed, now);
        books.transfer(id, "disputed", "available", known.amount - owed, now);
      } else {
        books.transfer(id, "disputed", "cash", known.amount, now);
        this.#takeBack(id, Math.min(known.amount, -books.balance("debt")), earnedSince, now);
      }
      operations.set(known, { state: isWon ? "won" : "lost", endedAt: now, ...(isWon ? { delta: 0 } : {}) });
    });
  }

  /** Takes an amount of what this wallet paid to others since then, the last first, and pays with it what is owed. */
  #takeBack(id: string, owed: number, since: number, now: number): void {
    const { books } = this.#parts;
    let rest = owed;
    for (const { account, amount } of books.paidToOthers(since)) {
      if (rest === 0) return;
      const taken = Math.min(amount, rest);
      rest -= taken;
      books.transfer(id, account as LedgerAccount, "debt", taken, now);
    }
  }
}
