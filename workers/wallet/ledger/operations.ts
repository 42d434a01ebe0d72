import type { Charge, Terms } from "./split.ts";
import type { LedgerStorage } from "./sql.ts";

/** What is done with a wallet. */
export type OperationKind =
  | "hold"
  | "charge"
  | "fund"
  | "grant"
  | "expiry"
  | "refund"
  | "dispute"
  | "session"
  | "earning"
  | "reversal"
  | "payout";

/** Where one stands. What ends ends once: `held` becomes `settled`, `released` or `expired`; `open` becomes `won`, `lost`, `closed`, `paid` or `failed`. */
export type OperationState =
  | "held"
  | "settled"
  | "released"
  | "expired"
  | "done"
  | "open"
  | "won"
  | "lost"
  | "closed"
  | "paid"
  | "failed";

/** Of what an operation tells people: which answer, which pack. Plain facts, no text of anybody's. */
export type Details = Record<string, string | number | boolean | null>;

/** What was set aside came from here: a grant's lot, or what was paid in (null). */
export interface Drawn {
  lot: string | null;
  amount: number;
}

export interface Operation {
  id: string;
  kind: OperationKind;
  state: OperationState;
  /** What it is about, in micro-credits: what is held, paid in, disputed. */
  amount: number;
  /** By how much it changed what can be spent, when it ended; what is only held is told apart. */
  delta: number;
  drawn: Drawn[];
  terms: Terms | null;
  details: Details;
  charge: Charge | null;
  at: number;
  expiresAt: number | null;
  endedAt: number | null;
}

const messageOf = "json_extract(details, '$.message_id')";
const extendedOf = "json_extract(details, '$.session')";
const cloneOf = "json_extract(details, '$.clone_id')";

/** What a clone earned since the beginning, and how much of that is pending. */
export interface Earned {
  cloneId: string | null;
  earned: number;
  pending: number;
}

type Ended = Pick<Operation, "state" | "endedAt"> & Partial<Pick<Operation, "delta" | "charge" | "amount">>;

/** All that was done with a wallet, by the ids that callers gave: who repeats one finds what came of it. */
export class Operations {
  readonly #storage: LedgerStorage;

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS operations (
      seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL, amount INTEGER NOT NULL,
      delta INTEGER NOT NULL, drawn TEXT NOT NULL, terms TEXT, details TEXT NOT NULL, charge TEXT, at INTEGER NOT NULL,
      expires_at INTEGER, ended_at INTEGER)`);
    // Few stand open at a time: all else is left out of it.
    storage.sql.exec(
      "CREATE INDEX IF NOT EXISTS operations_open ON operations (expires_at) WHERE state IN ('held', 'open')",
    );
    storage.sql.exec(
      `CREATE INDEX IF NOT EXISTS operations_message ON operations (${messageOf}) WHERE ${messageOf} IS NOT NULL`,
    );
    storage.sql.exec(
      `CREATE INDEX IF NOT EXISTS operations_earned ON operations (${cloneOf}, amount, state) WHERE kind = 'earning'`,
    );
    storage.sql.exec(
      `CREATE INDEX IF NOT EXISTS operations_extended ON operations (${extendedOf}) WHERE ${extendedOf} IS NOT NULL`,
    );
  }

  /** What was paid for an answer: one operation a turn that wrote it. */
  ofMessage(messageId: string): Operation[] {
    return this.#where(`${messageOf} = ?`, messageId);
  }

  /** What was earned, clone by clone, the most first. */
  earnedByClone(): Earned[] {
    const rows = this.#storage.sql.exec(`SELECT ${cloneOf} AS clone, sum(amount) AS earned,
      sum(CASE state WHEN 'open' THEN amount ELSE 0 END) AS pending
      FROM operations WHERE kind = 'earning' GROUP BY clone ORDER BY earned DESC, clone`);
    return rows.toArray().map(({ clone, earned, pending }) => ({
      cloneId: clone === null ? null : String(clone),
      earned: Number(earned),
      pending: Number(pending),
    }));
  }

  /** By what a session was made longer. */
  extensionsOf(sessionId: string): Operation[] {
    return this.#where(`${extendedOf} = ?`, sessionId);
  }

  find(id: string): Operation | undefined {
    return this.#where("id = ?", id)[0];
  }

  add(operation: Operation): void {
    const { id, kind, state, amount, delta, drawn, terms, details, charge, at, expiresAt, endedAt } = operation;
    const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
    const values = [id, kind, state, amount, delta, json(drawn), json(terms), json(details), json(charge)];
    this.#storage.sql.exec(
      `INSERT INTO operations (id, kind, state, amount, delta, drawn, terms, details, charge, at, expires_at, ended_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...values,
      at,
      expiresAt,
      endedAt,
    );
  }

  /** Ends one, or changes what it stands at. */
  set(operation: Operation, ended: Ended): Operation {
    const next = { ...operation, ...ended };
    this.#storage.sql.exec(
      "UPDATE operations SET state = ?, amount = ?, delta = ?, drawn = ?, details = ?, charge = ?, expires_at = ?, ended_at = ? WHERE id = ?",
      next.state,
      next.amount,
      next.delta,
      JSON.stringify(next.drawn),
      JSON.stringify(next.details),
      next.charge && JSON.stringify(next.charge),
      next.expiresAt,
      next.endedAt,
      next.id,
    );
    return next;
  }

  /** What is held or open whose time is over, and when the next one's is. */
  due(now: number): Operation[] {
    return this.#where("state IN ('held', 'open') AND expires_at <= ?", now);
  }

  nextDue(): number | null {
    const query = "SELECT min(expires_at) AS at FROM operations WHERE state IN ('held', 'open')";
    const at = this.#storage.sql.exec(query).toArray()[0]?.at;
    return at === null || at === undefined ? null : Number(at);
  }

  /** All of a kind that are open, the oldest first. */
  openOf(kind: OperationKind): Operation[] {
    return this.#where("kind = ? AND state = 'open'", kind);
  }

  /** The newest first, those before number `before`. */
  page(before: number | null, limit: number): (Operation & { seq: number })[] {
    const rows = this.#storage.sql
      .exec(
        "SELECT * FROM operations WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .toArray();
    return rows.map((row) => ({ ...toOperation(row), seq: Number(row.seq) }));
  }

  #where(where: string, ...bindings: (string | number)[]): Operation[] {
    return this.#storage.sql
      .exec(`SELECT * FROM operations WHERE ${where} ORDER BY seq`, ...bindings)
      .toArray()
      .map(toOperation);
  }
}

const parsed = <T>(json: unknown): T | null => (json === null ? null : (JSON.parse(String(json)) as T));
const numberOrNull = (value: unknown) => (value === null ? null : Number(value));

const toOperation = (row: Record<string, unknown>): Operation => ({
  id: String(row.id),
  kind: row.kind as OperationKind,
  state: row.state as OperationState,
  amount: Number(row.amount),
  delta: Number(row.delta),
  drawn: parsed<Drawn[]>(row.drawn) ?? [],
  terms: parsed<Terms>(row.terms),
  details: parsed<Details>(row.details) ?? {},
  charge: parsed<Charge>(row.charge),
  at: Number(row.at),
  expiresAt: numberOrNull(row.expires_at),
  endedAt: numberOrNull(row.ended_at),
});
