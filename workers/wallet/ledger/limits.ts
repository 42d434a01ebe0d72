import type { LedgerStorage } from "./sql.ts";

/** What may be spent at most, in micro-credits; null is no limit. */
export interface Limits {
  perMessage: number | null;
  perDay: number | null;
  perMonth: number | null;
}

/** Why something is not paid for. */
export type Wall = "funds" | "per_message" | "per_day" | "per_month";

export const noLimits: Limits = { perMessage: null, perDay: null, perMonth: null };

/** The day of a moment, in UTC: `2026-12-01`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The room that is left below each wall, the nearest first. */
export function wallsBefore(limits: Limits, spent: { day: number; month: number }, funds: number) {
  const below = (limit: number | null, used: number) =>
    limit === null ? Number.MAX_SAFE_INTEGER : Math.max(0, limit - used);
  const walls: { wall: Wall; room: number }[] = [
    { wall: "funds", room: funds },
    { wall: "per_message", room: below(limits.perMessage, 0) },
    { wall: "per_day", room: below(limits.perDay, spent.day) },
    { wall: "per_month", room: below(limits.perMonth, spent.month) },
  ];
  return walls.sort((one, other) => one.room - other.room) as [{ wall: Wall; room: number }, ...typeof walls];
}

/** What was spent, or is held, day by day, and what may be. */
export class Spending {
  readonly #storage: LedgerStorage;

  constructor(storage: LedgerStorage) {
    this.#storage = storage;
    storage.sql.exec("CREATE TABLE IF NOT EXISTS spending (day TEXT PRIMARY KEY, amount INTEGER NOT NULL)");
    storage.sql.exec("CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
  }

  /** Adds to what was spent on the day of a moment; what is given back is taken off the day on which it was held. */
  add(at: number, amount: number): void {
    if (amount === 0) return;
    this.#storage.sql.exec(
      "INSERT INTO spending (day, amount) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET amount = amount + excluded.amount",
      dayOf(at),
      amount,
    );
  }

  spent(now: number): { day: number; month: number } {
    const day = dayOf(now);
    const [row] = this.#storage.sql
      .exec(
        "SELECT sum(CASE WHEN day = ? THEN amount END) AS day, sum(amount) AS month FROM spending WHERE day >= ? AND day <= ?",
        day,
        `${day.slice(0, 7)}-01`,
        `${day.slice(0, 7)}-31`,
      )
      .toArray();
    return { day: Number(row?.day ?? 0), month: Number(row?.month ?? 0) };
  }

  get limits(): Limits {
    const [row] = this.#storage.sql.exec("SELECT value FROM settings WHERE name = 'limits'").toArray();
    return row ? (JSON.parse(String(row.value)) as Limits) : noLimits;
  }

  setLimits(limits: Limits): void {
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO settings (name, value) VALUES ('limits', ?)",
      JSON.stringify(limits),
    );
  }
}
