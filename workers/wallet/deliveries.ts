import { batch } from "../db/batch.ts";
import { createRuntime } from "../platform/runtime.ts";
import type { LedgerAccount } from "./ledger/accounts.ts";
import type { Transfer } from "./ledger/books.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Operation } from "./ledger/operations.ts";
import { projectWallet } from "./queries.ts";
import { reserveMs } from "./terms.ts";
import { walletObject } from "./wallets.ts";

/** How many entries are told at once. */
const atOnce = 200;
/** Where it stands to which entry all was told, and whose wallet this is, which an alarm does not say. */
const [toldKey, walletKey] = ["told", "wallet"];

const otherIn = (account: LedgerAccount): string | null => /^clearing:(.+)$/.exec(account)?.[1] ?? null;

/** A transfer as it is told, with what it was for. */
type Told = Transfer & { operation: Operation | undefined };

/** Tells D1, and the wallets of those who earn, what was booked: in its order, and again where nobody knows whether they heard. */
export class Deliveries {
  readonly #env: Env;
  readonly #ledger: Ledger;
  readonly #storage: DurableObjectStorage;
  #running: Promise<void> | null = null;

  constructor(env: Env, ledger: Ledger, storage: DurableObjectStorage) {
    this.#env = env;
    this.#ledger = ledger;
    this.#storage = storage;
  }

  get walletId(): string {
    return this.#storage.kv.get<string>(walletKey) ?? "";
  }

  set walletId(id: string) {
    if (this.walletId !== id) this.#storage.kv.put(walletKey, id);
  }

  /** The number of the last entry that was told. */
  get told(): number {
    return this.#storage.kv.get<number>(toldKey) ?? 0;
  }

  get lastSeq(): number {
    return this.#ledger.books.lastSeq;
  }

  get isDone(): boolean {
    return this.told >= this.lastSeq;
  }

  /** Resolves when all that was booked so far is told. Throws where that cannot be done. */
  async run(): Promise<void> {
    // What was booked since the one that runs began is told by the next.
    await this.#running?.catch(() => {});
    this.#running ??= this.#all().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #all(): Promise<void> {
    for (;;) {
      const transfers = this.#ledger.books.transfersAfter(this.told, atOnce);
      const last = transfers.at(-1);
      if (!last) return;
      const told = transfers.map((transfer) => ({
        ...transfer,
        operation: this.#ledger.operations.find(transfer.operationId),
      }));
      await Promise.all([this.#tellEarners(told), this.#tellDatabase(told)]);
      this.#storage.kv.put(toldKey, last.seq);
    }
  }

  /** Those of one earner in their order, as what was earned comes before what is taken back of it. */
  async #tellEarners(transfers: readonly Told[]): Promise<void> {
    for (const { seq, debit, credit, amount, operation, at } of transfers) {
      const [earner, giver] = [otherIn(credit), otherIn(debit)];
      // An earner's own books name whoever paid on the debit's side: that is how it got here, and goes nowhere.
      if (operation?.kind === "earning" || operation?.kind === "reversal") continue;
      const details = { clone_id: operation?.details.clone_id ?? null, kind: operation?.kind ?? null };
      const ask = { id: `${this.walletId}:${seq}`, amount, from: this.walletId, details };
      if (earner) await walletObject(this.#env, earner).earn(earner, { ...ask, matureAt: at + reserveMs });
      if (giver) await walletObject(this.#env, giver).reverseEarning(giver, ask);
    }
  }

  async #tellDatabase(transfers: readonly Told[]): Promise<void> {
    const { db } = createRuntime(this.#env);
    const entries = transfers.map(({ seq, operationId, operation, debit, credit, amount, at }) => ({
      ...{ walletId: this.walletId, seq, operationId, kind: operation?.kind ?? "unknown" },
      ...{ debit, credit, microCredits: amount, createdAt: at },
    }));
    // Balances as of now: they may know of entries that are told next.
    const asOf = this.lastSeq;
    const touched = new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]));
    const balances = [...touched].map((account) => ({
      ...{ walletId: this.walletId, account, microCredits: this.#ledger.books.balance(account), asOf },
    }));
    await batch(db, projectWallet(db, entries, balances));
  }
}
