import type { AuditSource } from "../../audit/record.ts";
import type { PipelineConfig } from "../../knowledge/contract.ts";
import type { Holder } from "../../workspaces/standing.ts";
import type { Outcome, TurnState } from "./turn.ts";
import { citationFromEvent } from "./turn-events.ts";

/** What a turn is asked to do; kept as it is, so that a crash can be finished by another process. */
export interface TurnInput {
  turnId: string;
  conversationId: string;
  workspaceId: string;
  cloneId: string | null;
  /** The clone as it was when it was asked: read with the right to talk to it, so that the turn need not read it again. */
  clone: { workspaceId: string; name: string; instructions: string; model: string | null } | null;
  /** The member of the clone's workspace who asks, whose answers may rest on more than the public documents. */
  memberId?: string | null;
  /** Who asked: the turn is stopped where they are not let in any more. */
  holder?: Holder | null;
  /** How it searches; null is as by default. */
  pipeline: PipelineConfig | null;
  documentIds: string[] | null;
  systemPrompt: string | null;
  /** The question: new with this turn, or one that stands already (regenerate, continue). */
  question: { id: string; parentId: string | null; content: string; isNew: boolean };
  /** True where the question follows the branch that is shown when the turn starts, which may be later than it was asked. */
  followsHead: boolean;
  /** The answer's message. */
  messageId: string;
  modelId: string | null;
  /** Turns that answer one question side by side share the id of the first of them. */
  compareGroup: string | null;
  sampling: {
    temperature?: number | undefined;
    topP?: number | undefined;
    maxTokens?: number | undefined;
    stop?: string[] | undefined;
  };
  /** Set where this turn goes on with an answer that was cut off. */
  continued: { content: string; citations: StoredCitation[] } | null;
  createdAt: number;
  /** Who asked, and from where; of turns that an older version started, nobody knows. */
  source?: AuditSource;
}

export interface StoredCitation {
  index: number;
  documentId: string;
  source: string;
  page: number | null;
  section: string | null;
  quote: string;
  relevance: number;
  start: number;
  end: number;
}

/** How a turn ended, before it is settled: everything that D1 and the terminal event need. */
export interface TurnResult {
  outcome: Outcome;
  content: string;
  citations: StoredCitation[];
  model: string;
  finishReason: "stop" | "length" | "stopped" | null;
  promptTokens: number;
  completionTokens: number;
  /** Citations that were left out, because their passage does not say what the sentence says. */
  droppedCitations?: number;
  /** For people and for the event's `code`, where it failed. */
  error: { code: "RATE_LIMITED" | "MODEL_UNAVAILABLE" | "INTERRUPTED" | "INTERNAL"; message: string } | null;
  endedAt: number;
}

export interface TurnRecord {
  state: TurnState;
  input: TurnInput;
  /** The model's catalogue id, once it is known. */
  model: string | null;
  promptTokens: number;
  result: TurnResult | null;
  attempts: number;
}

/** What the alarm has to know of a turn. */
export interface TurnStanding {
  turnId: string;
  state: TurnState;
  attempts: number;
  /** ms since the epoch; null while it goes on. */
  endedAt: number | null;
}

export interface LogRow {
  id: number;
  turnId: string;
  event: string;
  data: string;
}

type Row = Record<string, SqlStorageValue>;

const toRow = (row: Row): LogRow => ({
  id: Number(row.id),
  turnId: String(row.turn_id),
  event: String(row.event),
  data: String(row.data),
});

const toRecord = (row: Row): TurnRecord => ({
  state: row.state as TurnState,
  input: JSON.parse(String(row.input)) as TurnInput,
  model: row.model === null || row.model === undefined ? null : String(row.model),
  promptTokens: Number(row.prompt_tokens),
  result: row.result ? (JSON.parse(String(row.result)) as TurnResult) : null,
  attempts: Number(row.settle_attempts),
});

/** The key under which the newest event's id outlives the events themselves: no number is given twice. */
const purgedThrough = "events-purged-through";

/**
 * The object's SQLite: its turns, and the log of their events. Event ids grow over the whole conversation, so that one number
 * says where a listener stands. Writes return at once; `durable` resolves when they are on disk.
 */
export class TurnLog {
  readonly #storage: DurableObjectStorage;
  /** Kept here, and counted by hand: SQLite's own AUTOINCREMENT writes a second page at every commit. */
  #lastId: number;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS turns (
      id TEXT PRIMARY KEY, question_id TEXT NOT NULL, message_id TEXT NOT NULL, state TEXT NOT NULL, input TEXT NOT NULL,
      model TEXT, prompt_tokens INTEGER NOT NULL DEFAULT 0, result TEXT, settle_attempts INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL)`);
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS events (
      id INTEGER PRIMARY KEY, turn_id TEXT NOT NULL, event TEXT NOT NULL, data TEXT NOT NULL)`);
    // Exactly one terminal event a turn, whatever is repeated.
    storage.sql.exec(
      "CREATE UNIQUE INDEX IF NOT EXISTS events_terminal ON events (turn_id) WHERE event IN ('done', 'error')",
    );
    const { id } = storage.sql.exec("SELECT coalesce(max(id), 0) AS id FROM events").one();
    this.#lastId = Math.max(Number(id), storage.kv.get<number>(purgedThrough) ?? 0);
  }

  /** Resolves when everything written so far survives a crash. */
  durable(): Promise<void> {
    return this.#storage.sync();
  }

  insertTurn(input: TurnInput, state: TurnState): void {
    this.#storage.sql.exec(
      "INSERT INTO turns (id, question_id, message_id, state, input, created_at) VALUES (?, ?, ?, ?, ?, ?)",
      input.turnId,
      input.question.id,
      input.messageId,
      state,
      JSON.stringify(input),
      input.createdAt,
    );
  }

  #one(where: string, ...bindings: SqlStorageValue[]): TurnRecord | undefined {
    const row = this.#storage.sql
      .exec(`SELECT * FROM turns WHERE ${where} ORDER BY rowid DESC LIMIT 1`, ...bindings)
      .toArray()[0];
    return row && toRecord(row);
  }

  turn(id: string): TurnRecord | undefined {
    return this.#one("id = ?", id);
  }

  /** A turn that must be there: those that run are never purged. */
  expect(id: string): TurnRecord {
    const record = this.turn(id);
    if (!record) throw new Error(`There is no turn ${id}.`);
    return record;
  }

  /** The turns that a new question started, by the question's id: several where it was asked of several models. */
  turnsOfQuestion(questionId: string): TurnRecord[] {
    return this.#all("question_id = ?", questionId).filter(({ input }) => input.question.isNew);
  }

  /** The turns whose events make one stream with this one's: those beside it, or it alone. */
  streamOf({ turnId, question, compareGroup }: TurnInput): string[] {
    if (compareGroup === null) return [turnId];
    const beside = this.#all("question_id = ?", question.id).filter(({ input }) => input.compareGroup === compareGroup);
    return beside.map(({ input }) => input.turnId);
  }

  turnOfMessage(messageId: string): TurnRecord | undefined {
    return this.#one("message_id = ?", messageId);
  }

  /** The turn that runs, else the last that ran; one that waits, or was taken back, only where there is no other. */
  lastTurn(): TurnRecord | undefined {
    // What was taken back has no model: it never asked one.
    const ran = "state <> 'queued' AND NOT (state = 'stopped' AND model IS NULL)";
    return this.#one("state IN ('running', 'settling')") ?? this.#one(ran) ?? this.#all("1")[0];
  }

  #all(where: string, ...bindings: SqlStorageValue[]): TurnRecord[] {
    return this.#storage.sql
      .exec(`SELECT * FROM turns WHERE ${where} ORDER BY rowid`, ...bindings)
      .toArray()
      .map(toRecord);
  }

  /** All turns whose events are still kept, in the order in which they were asked for. */
  turns(): TurnRecord[] {
    return this.#all("1");
  }

  /** Where each of them stands, in the same order, without what was said. */
  standings(): TurnStanding[] {
    return this.#storage.sql
      .exec("SELECT id, state, settle_attempts, result ->> 'endedAt' AS ended_at FROM turns ORDER BY rowid")
      .toArray()
      .map(({ id, state, settle_attempts, ended_at }) => ({
        turnId: String(id),
        state: state as TurnState,
        attempts: Number(settle_attempts),
        endedAt: ended_at === null ? null : Number(ended_at),
      }));
  }

  /** The turns that have not come to their end, in their order. */
  unfinished(): TurnRecord[] {
    return this.#all("state IN ('queued', 'running', 'settling')");
  }

  /** Starts a turn that waited, with what it found out at its start. */
  setStarted(input: TurnInput, state: TurnState): void {
    this.#storage.sql.exec(
      "UPDATE turns SET state = ?, input = ? WHERE id = ?",
      state,
      JSON.stringify(input),
      input.turnId,
    );
  }

  setState(id: string, state: TurnState): void {
    this.#storage.sql.exec("UPDATE turns SET state = ? WHERE id = ?", state, id);
  }

  setModel(id: string, model: string, promptTokens: number): void {
    this.#storage.sql.exec("UPDATE turns SET model = ?, prompt_tokens = ? WHERE id = ?", model, promptTokens, id);
  }

  setResult(id: string, state: TurnState, result: TurnResult): void {
    this.#storage.sql.exec("UPDATE turns SET state = ?, result = ? WHERE id = ?", state, JSON.stringify(result), id);
  }

  countAttempt(id: string): void {
    this.#storage.sql.exec("UPDATE turns SET settle_attempts = settle_attempts + 1 WHERE id = ?", id);
  }

  /** Appends an event; `data` is what the client gets, as JSON. */
  append(turnId: string, event: string, data: unknown): LogRow {
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
  appendTerminal(turnId: string, event: "done" | "error", data: unknown): LogRow | undefined {
    const ended = this.#storage.sql
      .exec("SELECT 1 FROM events WHERE turn_id = ? AND event IN ('done', 'error')", turnId)
      .toArray();
    return ended.length > 0 ? undefined : this.append(turnId, event, data);
  }

  /** The newest event's id, 0 where there has been none. */
  lastEventId(): number {
    return this.#lastId;
  }

  /** Up to `limit` events of the given turns behind `after` and not beyond `through`, oldest first. */
  eventsAfter(turnIds: readonly string[], after: number, through: number, limit: number): LogRow[] {
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
  allEventsAfter(after: number, through: number, limit: number): LogRow[] {
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

  /** What a turn has said so far, and the citations it has shown: from the events alone, which are all that is ever shown. */
  said(record: TurnRecord): { content: string; citations: StoredCitation[] } {
    let content = record.input.continued?.content ?? "";
    const citations = [...(record.input.continued?.citations ?? [])];
    const rows = this.#storage.sql
      .exec(
        "SELECT event, data FROM events WHERE turn_id = ? AND event IN ('token', 'citation') ORDER BY id",
        record.input.turnId,
      )
      .toArray();
    for (const { event, data } of rows) {
      const value = JSON.parse(String(data));
      if (event === "token") content += value.content;
      else citations.push(citationFromEvent(value));
    }
    return { content, citations };
  }

  /** Forgets a turn with its events. The conversation itself is in D1. */
  purge(id: string): void {
    this.#storage.kv.put(purgedThrough, this.#lastId);
    this.#storage.sql.exec("DELETE FROM events WHERE turn_id = ?", id);
    this.#storage.sql.exec("DELETE FROM turns WHERE id = ?", id);
  }

  /** Forgets all turns. */
  clear(): void {
    this.#storage.sql.exec("DELETE FROM events");
    this.#storage.sql.exec("DELETE FROM turns");
  }
}
