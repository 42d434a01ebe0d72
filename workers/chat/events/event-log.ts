import type { Said, TurnResult } from "../answer/turn-result.ts";
import { type StreamEvent, storedCitation } from "./turn-events.ts";

export interface LogRow {
  id: number;
  turnId: string;
  event: string;
  data: string;
}

/** What a turn's events tell of its answer. */
type EventsSaid = Said & Required<Pick<TurnResult, "thoughts" | "askedModel" | "fallbackReason">>;

const toRow = (row: Record<string, SqlStorageValue>): LogRow => ({
  id: Number(row.id),
  turnId: String(row.turn_id),
  event: String(row.event),
  data: String(row.data),
});

/** The key under which the newest event's id outlives the events themselves: no number is given twice. */
const purgedThrough = "events-purged-through";

/**
 * The log of the events of a conversation's turns, in its object's SQLite. Event ids grow over the whole conversation, so that one number
 * says where a listener stands. Writes return at once; `durable` resolves when they are on disk.
 */
export class EventLog {
  readonly #storage: DurableObjectStorage;
  /** Kept here, and counted by hand: SQLite's own AUTOINCREMENT writes a second page at every commit. */
  #lastId: number;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS events (
      id INTEGER PRIMARY KEY, turn_id TEXT NOT NULL, event TEXT NOT NULL, data TEXT NOT NULL)`);
    // Exactly one terminal event a turn, whatever is repeated.
    storage.sql.exec(
      "CREATE UNIQUE INDEX IF NOT EXISTS events_terminal ON events (turn_id) WHERE event IN ('done', 'error')",
    );
    const { id } = storage.sql.exec("SELECT coalesce(max(id), 0) AS id FROM events").one();
    this.#lastId = Math.max(Number(id), storage.kv.get<number>(purgedThrough) ?? 0);
  }

  /** The newest event's id, 0 where there has been none. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Resolves when everything written so far, here and in the object's other tables, survives a crash. */
  durable(): Promise<void> {
    return this.#storage.sync();
  }

  append(turnId: string, { event, data }: StreamEvent): LogRow {
    const row = { id: this.#lastId + 1, turnId, event, data: JSON.stringify(data) };
    this.#storage.sql.exec(
      "INSERT INTO events (id, turn_id, event, data) VALUES (?, ?, ?, ?)",
      row.id,
      turnId,
      event,
      row.data,
    );
    this.#lastId = row.id;
    return row;
  }

  /** Appends the terminal event unless the turn has one. */
  appendTerminal(turnId: string, end: StreamEvent): LogRow | undefined {
    const ended = this.#storage.sql
      .exec("SELECT 1 FROM events WHERE turn_id = ? AND event IN ('done', 'error')", turnId)
      .toArray();
    return ended.length > 0 ? undefined : this.append(turnId, end);
  }

  /** Up to `limit` events of the given turns behind `after` and not beyond `through`, oldest first. */
  ofTurns(turnIds: readonly string[], after: number, through: number, limit: number): LogRow[] {
    return this.#storage.sql
      .exec(
        `SELECT id, turn_id, event, data FROM events
         WHERE turn_id IN (${turnIds.map(() => "?").join()}) AND id > ? AND id <= ? ORDER BY id LIMIT ?`,
        ...turnIds,
        after,
        through,
        limit,
      )
      .toArray()
      .map(toRow);
  }

  /** Up to `limit` events of all turns behind `after` and not beyond `through`, oldest first. */
  ofAll(after: number, through: number, limit: number): LogRow[] {
    return this.#storage.sql
      .exec(
        "SELECT id, turn_id, event, data FROM events WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        after,
        through,
        limit,
      )
      .toArray()
      .map(toRow);
  }

  /** What a turn has said so far, and the citations that it has shown: events are all that is ever shown. */
  said(turnId: string): EventsSaid {
    const said: EventsSaid = { content: "", citations: [], thoughts: null, askedModel: null, fallbackReason: null };
    const rows = this.#storage.sql
      .exec(
        "SELECT event, data FROM events WHERE turn_id = ? AND event IN ('token', 'citation', 'reasoning', 'fallback') ORDER BY id",
        turnId,
      )
      .toArray();
    for (const { event, data } of rows) {
      const value = JSON.parse(String(data));
      if (event === "token") said.content += value.content;
      else if (event === "citation") said.citations.push(storedCitation(value));
      else if (event === "reasoning") said.thoughts = (said.thoughts ?? "") + value.content;
      else {
        said.askedModel ??= value.from;
        said.fallbackReason = value.reason;
      }
    }
    return said;
  }

  /** Forgets a turn's events; their numbers are not given again. */
  purge(turnId: string): void {
    this.#storage.kv.put(purgedThrough, this.#lastId);
    this.#storage.sql.exec("DELETE FROM events WHERE turn_id = ?", turnId);
  }

  clear(): void {
    this.#storage.sql.exec("DELETE FROM events");
  }
}
