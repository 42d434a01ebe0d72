import { isOwed, isOwing, type LedgerAccount } from "./accounts.ts";
import type { LedgerStorage } from "./sql.ts";

/** One movement, never changed: `amount` micro-credits from one account to another, for an operation. */
export interface Transfer {
  seq: number;
  operationId: string;
  debit: LedgerAccount;
  credit: LedgerAccount;
  amount: number;
  /** ms since the epoch. */
  at: number;
}

/** Something was about to be booked that cannot be: whoever asked for it gets nothing of it done. */
export class LedgerFault extends Error {
  override name = "LedgerFault";
}

/** The books of one wallet: transfers, which are only ever added, and what they add up to. */
export class Books {
  readonly #storage: LedgerStorage;
  #balances: Map<LedgerAccount, number>;
  #changed = new Set<LedgerAccount>();

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS transfers (
      seq INTEGER PRIMARY KEY, operation_id TEXT NOT NULL, debit TEXT NOT NULL, credit TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0), at INTEGER NOT NULL)`);
    storage.sql.exec("CREATE TABLE IF NOT EXISTS balances (account TEXT PRIMARY KEY, amount INTEGER NOT NULL)");
    this.#balances = this.#stored();
  }

  #stored(): Map<LedgerAccount, number> {
    const rows = this.#storage.sql.exec("SELECT account, amount FROM balances").toArray();
    return new Map(rows.map(({ account, amount }) => [account as LedgerAccount, Number(amount)]));
  }

  balance(account: LedgerAccount): number {
    return this.#balances.get(account) ?? 0;
  }

  /** All that is not zero. */
  balances(): Map<LedgerAccount, number> {
    return new Map([...this.#balances].filter(([, amount]) => amount !== 0));
  }

  /** Does something in one commit; where it throws, neither storage nor memory knows of it. */
  commit<T>(run: () => T): T {
    try {
      return this.#storage.transactionSync(() => {
        const result = run();
        this.#store();
        return result;
      });
    } catch (error) {
      this.#balances = this.#stored();
      this.#changed.clear();
      throw error;
    }
  }

  /** Books a movement; of nothing there is none. To be called within `commit`. Throws `LedgerFault` where an account would fall below what it may. */
  transfer(operationId: string, debit: LedgerAccount, credit: LedgerAccount, amount: number, at: number): void {
    if (!Number.isSafeInteger(amount) || amount < 0) throw new LedgerFault(`${amount} is no amount.`);
    if (amount === 0) return;
    this.#set(debit, this.balance(debit) - amount);
    this.#set(credit, this.balance(credit) + amount);
    this.#storage.sql.exec(
      "INSERT INTO transfers (operation_id, debit, credit, amount, at) VALUES (?, ?, ?, ?, ?)",
      operationId,
      debit,
      credit,
      amount,
      at,
    );
  }

  #set(account: LedgerAccount, amount: number): void {
    if (!Number.isSafeInteger(amount)) throw new LedgerFault(`“${account}” would hold more than can be counted.`);
    if (isOwed(account) && amount < 0) throw new LedgerFault(`“${account}” would fall below zero.`);
    if (isOwing(account) && amount > 0) throw new LedgerFault(`“${account}” would rise above zero.`);
    this.#balances.set(account, amount);
    this.#changed.add(account);
  }

  #store(): void {
    for (const account of this.#changed)
      this.#storage.sql.exec(
        "INSERT INTO balances (account, amount) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET amount = excluded.amount",
        account,
        this.balance(account),
      );
    this.#changed.clear();
  }

  /** The number of the last transfer; 0 before the first. */
  get lastSeq(): number {
    return Number(this.#storage.sql.exec("SELECT coalesce(max(seq), 0) AS seq FROM transfers").toArray()[0]?.seq ?? 0);
  }

  /** Transfers behind number `after`, in their order, at most so many. */
  transfersAfter(after: number, limit: number): Transfer[] {
    return this.#storage.sql
      .exec("SELECT * FROM transfers WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
      .toArray()
      .map(toTransfer);
  }

  /** What was paid into others' books since a moment and has not come back from there, wallet by wallet, whoever was paid last first: what they paid into these books is another matter. */
  paidToOthers(since: number): { account: LedgerAccount; amount: number }[] {
    const rows = this.#storage.sql
      .exec(
        `SELECT account, sum(amount) AS amount FROM (
           SELECT credit AS account, amount, at, seq, operation_id FROM transfers WHERE credit LIKE 'clearing:%'
           UNION ALL SELECT debit, -amount, at, seq, operation_id FROM transfers WHERE debit LIKE 'clearing:%')
         WHERE at >= ? AND operation_id NOT IN (SELECT id FROM operations WHERE kind IN ('earning', 'reversal')) GROUP BY account HAVING sum(amount) > 0 ORDER BY max(seq) DESC`,
        since,
      )
      .toArray();
    return rows.map(({ account, amount }) => ({ account: account as LedgerAccount, amount: Number(amount) }));
  }

  /** What transfers add up to, account by account, counted anew: what `balances` has to say as well. */
  recounted(): Map<LedgerAccount, number> {
    const rows = this.#storage.sql
      .exec(`SELECT account, sum(amount) AS amount FROM (
        SELECT credit AS account, amount FROM transfers UNION ALL SELECT debit, -amount FROM transfers)
        GROUP BY account HAVING sum(amount) <> 0`)
      .toArray();
    return new Map(rows.map(({ account, amount }) => [account as LedgerAccount, Number(amount)]));
  }
}

const toTransfer = (row: Record<string, unknown>): Transfer => ({
  seq: Number(row.seq),
  operationId: String(row.operation_id),
  debit: row.debit as LedgerAccount,
  credit: row.credit as LedgerAccount,
  amount: Number(row.amount),
  at: Number(row.at),
});
