import { finished } from "./funds.ts";
import type { LedgerParts } from "./ledger.ts";
import type { Details, Operation } from "./operations.ts";

export interface EarningAsk {
  id: string;
  amount: number;
  /** The wallet that it comes from. */
  from: string;
  /** When nobody can take it back any more, in ms. */
  matureAt: number;
  details: Details;
}

/** What a wallet's owner earns by others' questions: pending until nobody can take it back, then theirs, then paid out. */
export class Earnings {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Books what was earned; what was paid out too much before is made good by it first. False where that was done before. */
  earn({ id, amount, from, matureAt, details }: EarningAsk, now: number): boolean {
    const { books, operations } = this.#parts;
    return books.commit(() => {
      if (operations.find(id)) return false;
      books.transfer(id, `clearing:${from}`, "pending", amount, now);
      const made = Math.min(amount, -books.balance("overpaid"));
      books.transfer(id, "pending", "overpaid", made, now);
      operations.add({
        ...finished({ id, amount: amount - made, details: { ...details, from } }, "earning", "open", 0, now),
        ...{ expiresAt: matureAt, endedAt: null },
      });
      return true;
    });
  }

  /** Within `commit`. */
  mature(earning: Operation, now: number): void {
    const { books, operations } = this.#parts;
    books.transfer(earning.id, "pending", "earned", earning.amount, now);
    operations.set(earning, { state: "closed", endedAt: now });
  }

  /** Gives back to another wallet what its bank took from it: of what is pending from there, the newest first, then of what is earned; the rest is owed. */
  reverse({ id, amount, from, details }: Omit<EarningAsk, "matureAt">, now: number): boolean {
    const { books, operations } = this.#parts;
    return books.commit(() => {
      if (operations.find(id)) return false;
      let rest = amount;
      for (const earning of operations.openOf("earning").toReversed()) {
        if (earning.details.from !== from || rest === 0) continue;
        const taken = Math.min(earning.amount, rest);
        rest -= taken;
        books.transfer(id, "pending", `clearing:${from}`, taken, now);
        const state = taken === earning.amount ? "closed" : "open";
        operations.set(earning, { state, endedAt: state === "open" ? null : now, amount: earning.amount - taken });
      }
      const earned = Math.min(rest, books.balance("earned"));
      books.transfer(id, "earned", `clearing:${from}`, earned, now);
      books.transfer(id, "overpaid", `clearing:${from}`, rest - earned, now);
      operations.add(finished({ id, amount, details: { ...details, from } }, "reversal", "done", 0, now));
      return true;
    });
  }

  /** Sets aside what is about to be paid out: how much, at most what is earned, and 0 where that is nothing. Who repeats it hears the same. */
  beginPayout(id: string, amount: number, details: Details, now: number): number {
    const { books, operations } = this.#parts;
    return books.commit(() => {
      const known = operations.find(id);
      if (known) return known.state === "open" ? known.amount : 0;
      const paid = Math.min(amount, books.balance("earned"));
      if (paid === 0) return 0;
      books.transfer(id, "earned", "paying", paid, now);
      operations.add({ ...finished({ id, amount: paid, details }, "payout", "open", 0, now), endedAt: null });
      return paid;
    });
  }

  /** Books that a part of what was paid out has come back. */
  reversePayout(
    { id, payout, amount, details }: { id: string; payout: string; amount: number; details: Details },
    now: number,
  ): void {
    const { books, operations } = this.#parts;
    books.commit(() => {
      if (operations.find(id)) return;
      books.transfer(id, "cash", "earned", amount, now);
      operations.add(finished({ id, amount, details: { ...details, payout } }, "payout", "failed", 0, now));
    });
  }

  /** Ends a payout: the money is there, or has come back, also from one that was told to have arrived. */
  endPayout(id: string, isPaid: boolean, now: number): void {
    const { books, operations } = this.#parts;
    books.commit(() => {
      const known = operations.find(id);
      if (known?.kind !== "payout" || known.state === "failed") return;
      if (isPaid && known.state === "open") books.transfer(id, "paying", "cash", known.amount, now);
      if (!isPaid) books.transfer(id, known.state === "open" ? "paying" : "cash", "earned", known.amount, now);
      operations.set(known, { state: isPaid ? "paid" : "failed", endedAt: now });
    });
  }
}
