import type { LedgerAccount } from "./accounts.ts";
import type { Books } from "./books.ts";
import type { Drawn } from "./operations.ts";
import type { LedgerStorage } from "./sql.ts";

/** A grant's credits that are left, and until when they are good: null for ever. */
export interface Lot {
  id: string;
  left: number;
  expiresAt: number | null;
}

const accountOf = ({ lot }: Drawn): LedgerAccount => {
  if (lot === null) return "available";
  return lot.startsWith("session:") ? (lot as LedgerAccount) : "granted";
};

/** What can be spent: credits that were given, those that end first before all others, then what was paid in. To be used within `commit`. */
export class Purse {
  readonly #storage: LedgerStorage;
  readonly #books: Books;

  constructor(storage: LedgerStorage, books: Books) {
    this.#storage = storage;
    this.#books = books;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS lots (
      id TEXT PRIMARY KEY, remaining INTEGER NOT NULL CHECK (remaining >= 0), expires_at INTEGER)`);
  }

  /** What can be spent at this moment, or of a session's credits. */
  spendable(session: LedgerAccount | null = null): number {
    if (session) return this.#books.balance(session);
    return this.#books.balance("available") + this.#books.balance("granted");
  }

  /** Lots with something left, those that end first before all others. */
  lots(): Lot[] {
    return this.#storage.sql
      .exec("SELECT id, remaining, expires_at FROM lots WHERE remaining > 0 ORDER BY coalesce(expires_at, 9e15), rowid")
      .toArray()
      .map((row) => ({
        id: String(row.id),
        left: Number(row.remaining),
        expiresAt: row.expires_at === null ? null : Number(row.expires_at),
      }));
  }

  add(operationId: string, from: LedgerAccount, amount: number, expiresAt: number | null, at: number): void {
    this.#storage.sql.exec(
      "INSERT INTO lots (id, remaining, expires_at) VALUES (?, ?, ?)",
      operationId,
      amount,
      expiresAt,
    );
    this.#books.transfer(operationId, from, "granted", amount, at);
  }

  #change(lot: string, by: number): void {
    this.#storage.sql.exec("UPDATE lots SET remaining = remaining + ? WHERE id = ?", by, lot);
  }

  /** Takes an amount, which has to be there, and says where it came from. */
  draw(operationId: string, to: LedgerAccount, amount: number, at: number, session: LedgerAccount | null): Drawn[] {
    const drawn = session ? [{ lot: session, amount }] : this.#sources(amount);
    for (const each of drawn) {
      if (accountOf(each) === "granted" && each.lot) this.#change(each.lot, -each.amount);
      this.#books.transfer(operationId, accountOf(each), to, each.amount, at);
    }
    return drawn;
  }

  #sources(amount: number): Drawn[] {
    let rest = amount;
    const drawn: Drawn[] = [];
    for (const { id, left } of this.lots()) {
      const taken = Math.min(left, rest);
      if (taken === 0) break;
      drawn.push({ lot: id, amount: taken });
      rest -= taken;
    }
    return rest > 0 ? [...drawn, { lot: null, amount: rest }] : drawn;
  }

  /** Gives back so much of what was drawn, the last first: what ends soonest is what was spent. Returns what stays drawn. */
  giveBack(operationId: string, from: LedgerAccount, drawn: readonly Drawn[], amount: number, at: number): Drawn[] {
    let rest = amount;
    const kept: Drawn[] = [];
    for (const each of drawn.toReversed()) {
      const back = Math.min(each.amount, rest);
      rest -= back;
      if (back > 0 && accountOf(each) === "granted" && each.lot) this.#change(each.lot, back);
      this.#books.transfer(operationId, from, accountOf(each), back, at);
      if (back < each.amount) kept.unshift({ ...each, amount: each.amount - back });
    }
    return kept;
  }

  /** Lots whose day has come, emptied: each with what was left of it. */
  takeEnded(now: number, of: (lot: Lot) => string): Lot[] {
    const ended = this.lots().filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
    for (const lot of ended) {
      this.#change(lot.id, -lot.left);
      this.#books.transfer(of(lot), "granted", "expired", lot.left, now);
    }
    return ended;
  }

  /** When the next lot ends that has something left, in ms. */
  nextEnd(): number | null {
    const [row] = this.#storage.sql.exec("SELECT min(expires_at) AS at FROM lots WHERE remaining > 0").toArray();
    return row?.at == null ? null : Number(row.at);
  }
}
