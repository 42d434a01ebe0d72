import type { CalledModel } from "../../models/ports/called-model.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import type { EventLog } from "../events/event-log.ts";
import type { TurnState } from "./turn-state.ts";

export interface TurnRecord {
  state: TurnState;
  input: TurnInput;
  /** The model's catalogue id, once it is known. */
  model: string | null;
  promptTokens: number;
  /** The model that it has called, while it runs. */
  called: CalledModel | null;
  /** How a turn ended that an older version has not brought to its end. */
  unsettled: TurnResult | null;
}

/** What the alarm has to know of a turn. */
export interface TurnStanding {
  turnId: string;
  state: TurnState;
  /** ms since the epoch; null while it goes on. */
  endedAt: number | null;
}

type Row = Record<string, SqlStorageValue>;

/** While a turn runs, there stands what it called where its end will stand. */
const calledIn = (result: SqlStorageValue | undefined): CalledModel | null =>
  result ? (JSON.parse(String(result)) as { called: CalledModel }).called : null;

const toRecord = (row: Row): TurnRecord => ({
  state: row.state as TurnState,
  input: JSON.parse(String(row.input)) as TurnInput,
  model: row.model === null || row.model === undefined ? null : String(row.model),
  promptTokens: Number(row.prompt_tokens),
  called: row.state === "running" ? calledIn(row.result) : null,
  unsettled: row.state === "settling" ? (JSON.parse(String(row.result)) as TurnResult) : null,
});

/** A conversation's turns, in its object's SQLite: what each is asked to do, where it stands, and how it ended. */
export class TurnLog {
  readonly #storage: DurableObjectStorage;
  readonly #events: EventLog;

  constructor(storage: DurableObjectStorage, events: EventLog) {
    this.#storage = storage;
    this.#events = events;
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS turns (
      id TEXT PRIMARY KEY, question_id TEXT NOT NULL, message_id TEXT NOT NULL, state TEXT NOT NULL, input TEXT NOT NULL,
      model TEXT, prompt_tokens INTEGER NOT NULL DEFAULT 0, result TEXT, settle_attempts INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL)`);
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

  /** The turn that runs, or is next to; else the last that ran, and one that was taken back only where there is no other. */
  lastTurn(): TurnRecord | undefined {
    // What was taken back has no model: it never asked one.
    const ran = "state <> 'queued' AND NOT (state = 'stopped' AND model IS NULL)";
    return this.unfinished()[0] ?? this.#one(ran) ?? this.#all("1")[0];
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
      .exec("SELECT id, state, result ->> 'endedAt' AS ended_at FROM turns ORDER BY rowid")
      .toArray()
      .map(({ id, state, ended_at }) => ({
        turnId: String(id),
        state: state as TurnState,
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

  setModel(id: string, called: CalledModel, promptTokens: number): void {
    this.#storage.sql.exec(
      "UPDATE turns SET model = ?, prompt_tokens = ?, result = ? WHERE id = ?",
      called.id,
      promptTokens,
      JSON.stringify({ called }),
      id,
    );
  }

  /** Ends a turn, at `endedAt` in ms. What it said stands with its message. */
  setEnded(id: string, state: TurnState, endedAt: number): void {
    const result = JSON.stringify({ endedAt });
    this.#storage.sql.exec("UPDATE turns SET state = ?, result = ? WHERE id = ?", state, result, id);
  }

  /** What a turn's answer says so far, and the citations that it has shown; of a continued one, with what stood before. */
  said({ input: { turnId, continued } }: TurnRecord): ReturnType<EventLog["said"]> {
    const said = this.#events.said(turnId);
    if (!continued) return said;
    const citations = [...continued.citations, ...said.citations];
    return { ...said, content: continued.content + said.content, citations };
  }

  /** Forgets a turn with its events: what it came to stands with its message. */
  purge(id: string): void {
    this.#events.purge(id);
    this.#storage.sql.exec("DELETE FROM turns WHERE id = ?", id);
  }
}

/** The conversation that an object's turns are of; null where it has none. */
export function conversationOf(storage: DurableObjectStorage): string | null {
  const known = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'turns'").toArray();
  const [turn] = known.length > 0 ? storage.sql.exec("SELECT input FROM turns LIMIT 1").toArray() : [];
  return turn ? (JSON.parse(String(turn.input)) as TurnInput).conversationId : null;
}
