import type { LedgerParts } from "./ledger.ts";
import type { Details, Operation, OperationKind, OperationState } from "./operations.ts";

interface FundAsk {
  id: string;
  amount: number;
  details: Details;
}

/** One that is over when it is noted. */
export const finished = (
  { id, amount, details }: FundAsk,
  kind: OperationKind,
  state: OperationState,
  delta: number,
  now: number,
): Operation => ({
  ...{ id, kind, state, amount, delta, drawn: [], terms: null, details, charge: null },
  ...{ at: now, expiresAt: null, endedAt: now },
});

/** What comes in and goes back: credits that are bought or given, and those that are paid back. */
export class Funds {
  readonly #parts: LedgerParts;

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Books what was paid in; what the wallet owes is paid back by it first. False where that was done before. */
  fund(ask: FundAsk, now: number): boolean {
    const { books, operations } = this.#parts;
    return books.commit(() => {
      if (operations.find(ask.id)) return false;
      books.transfer(ask.id, "cash", "available", ask.amount, now);
      const owed = Math.min(ask.amount, -books.balance("debt"));
      books.transfer(ask.id, "available", "debt", owed, now);
      operations.add(finished(ask, "fund", "done", ask.amount - owed, now));
      return true;
    });
  }

  /** Gives credits that end at `expiresAt` (ms; null never): a gift of the platform's, or what a plan that was paid for includes. False where that was done before. */
  grant(ask: FundAsk & { expiresAt: number | null; isPaid: boolean }, now: number): boolean {
    const { books, operations, purse } = this.#parts;
    return books.commit(() => {
      if (operations.find(ask.id) || ask.amount === 0) return false;
      purse.add(ask.id, ask.isPaid ? "cash" : "gifts", ask.amount, ask.expiresAt, now);
      operations.add({ ...finished(ask, "grant", "done", ask.amount, now), expiresAt: ask.expiresAt });
      return true;
    });
  }

  /**
   * Books that money was paid back. What is not there any more is owed where that has happened already (`force`); else so much is paid back as is there.
   * Returns how much; who repeats it hears the same.
   */
  refund(ask: FundAsk & { force: boolean }, now: number): number {
    const { books, operations } = this.#parts;
    return books.commit(() => {
      const known = operations.find(ask.id);
      if (known) return known.amount;
      const there = Math.min(ask.amount, books.balance("available"));
      books.transfer(ask.id, "available", "cash", there, now);
      const amount = ask.force ? ask.amount : there;
      books.transfer(ask.id, "debt", "cash", amount - there, now);
      operations.add(finished({ ...ask, amount }, "refund", "done", -there || 0, now));
      return amount;
    });
  }

  /** Books that a refund did not reach whom it was sent to: it is there again. */
  refundFailed(id: string, now: number): void {
    const { books, operations } = this.#parts;
    books.commit(() => {
      const known = operations.find(id);
      if (known?.kind !== "refund" || known.state !== "done") return;
      const owed = Math.min(known.amount, -books.balance("debt"));
      books.transfer(id, "cash", "debt", owed, now);
      books.transfer(id, "cash", "available", known.amount - owed, now);
      operations.set(known, { state: "failed", endedAt: now, delta: 0 });
    });
  }

  /** Within `commit`: takes what was granted and is over. */
  expireLots(now: number): void {
    const { operations, purse } = this.#parts;
    const idOf = ({ id }: { id: string }) => `expiry:${id}:${now}`;
    for (const lot of purse.takeEnded(now, idOf))
      operations.add(
        finished({ id: idOf(lot), amount: lot.left, details: { grant: lot.id } }, "expiry", "done", -lot.left, now),
      );
  }
}
