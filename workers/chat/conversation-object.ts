import { DurableObject } from "cloudflare:workers";
import type { Before } from "./answer/history-queries.ts";
import type { StoredCitation } from "./answer/stored-citation.ts";
import type { TurnInput } from "./answer/turn-input.ts";
import { TurnHost } from "./turn/turn-host.ts";
import type { TurnRecord } from "./turn/turn-log.ts";
import type { TurnState } from "./turn/turn-state.ts";

/** A turn (the first of those side by side) and their events from the beginning. */
export interface Attached {
  turnId: string;
  messageId: string;
  compareGroup: string | null;
  stream: ReadableStream<Uint8Array>;
}

export type StartOutcome =
  | ({ status: "started" | "queued" | "existing" } & Attached)
  /** Another turn is running (and too many wait), the id was used for other words, or there is too much to do. */
  | { status: "busy" | "conflict" | "overloaded" };

/** What a message says at this moment, for those who read the conversation while a turn runs. */
export interface Snapshot {
  state: TurnState;
  content: string;
  citations: StoredCitation[];
  model: string | null;
}

/** A question that waits for the running answer's end. */
export interface WaitingQuestion {
  turnId: string;
  questionId: string;
  messageId: string;
  content: string;
  createdAt: number;
}

/** Whether what is sent again is what was asked before. */
function isSameQuestion(known: TurnInput, asked: TurnInput): boolean {
  const isSameKind = (known.compareGroup === null) === (asked.compareGroup === null);
  return isSameKind && known.question.content === asked.question.content;
}

/** One conversation's turns, as the Worker reaches them: its log, its host and its listeners live here. */
export class ConversationObject extends DurableObject<Env> {
  readonly #host: TurnHost;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#host = new TurnHost(state, env);
    // What a process that is gone left running is found at the first touch, not only by the alarm.
    this.#host.recover();
  }

  /**
   * Starts the turn, or several that answer one question side by side, or finds those that the same question started; the
   * stream has their events from the beginning. With `mayQueue` they wait for their time where another runs. `before` is what stands
   * before the question, where that has been read already.
   */
  async startTurns(
    inputs: [TurnInput, ...TurnInput[]],
    mayQueue: boolean,
    before: Before | null = null,
  ): Promise<StartOutcome> {
    const [first] = inputs;
    const [known] = first.question.isNew ? this.#host.log.turnsOfQuestion(first.question.id) : [];
    if (known && !isSameQuestion(known.input, first)) return { status: "conflict" };
    if (known) return { status: "existing", ...this.#attach(known.input) };
    const status = await this.#host.start(inputs, mayQueue, before);
    return status === "busy" || status === "overloaded" ? { status } : { status, ...this.#attach(first) };
  }

  /** The turn that a question started, or null where its events are gone. */
  async attachToQuestion(questionId: string): Promise<Attached | null> {
    const [known] = this.#host.log.turnsOfQuestion(questionId);
    return known ? this.#attach(known.input) : null;
  }

  #attach(input: TurnInput): Attached {
    const { turnId, messageId, compareGroup } = input;
    return { turnId, messageId, compareGroup, stream: this.#streamOf(input, 0) };
  }

  #streamOf(input: TurnInput, after: number): ReadableStream<Uint8Array> {
    return this.#host.audience.listeners.attach(this.#host.log.streamOf(input), after);
  }

  /** The events of a turn (of the last one where none is named) behind `after`, then live; null where nothing is kept. */
  async listen(turnId: string | null, after: number): Promise<ReadableStream<Uint8Array> | null> {
    const record = turnId ? this.#host.log.turn(turnId) : this.#host.log.lastTurn();
    return record ? this.#streamOf(record.input, after) : null;
  }

  /** Ends what is being written; what was said stays. What waits starts then. False where nothing was. */
  async stop(): Promise<boolean> {
    return this.#host.stop();
  }

  /** The questions that wait, in the order in which they will be asked. */
  async waiting(): Promise<WaitingQuestion[]> {
    return this.#host.log
      .unfinished()
      .filter(({ state }) => state === "queued")
      .map(({ input: { turnId, question, messageId, createdAt } }) => ({
        turnId,
        questionId: question.id,
        messageId,
        content: question.content,
        createdAt,
      }));
  }

  /** Takes back a question that waits; false where it does not (any more). */
  async withdraw(turnId: string): Promise<boolean> {
    return this.#host.withdraw(turnId);
  }

  /** What the given messages say at this moment, as far as their turns are kept. */
  async snapshots(messageIds: string[]): Promise<Record<string, Snapshot>> {
    const found: Record<string, Snapshot> = {};
    for (const id of messageIds) {
      const record = this.#host.log.turnOfMessage(id);
      if (record) found[id] = this.#snapshot(record);
    }
    return found;
  }

  #snapshot(record: TurnRecord): Snapshot {
    const { result, model } = record;
    return { state: result?.outcome ?? record.state, model, ...(result ?? this.#host.log.said(record)) };
  }

  /** Forgets the conversation where nothing is being written in it: false where something is. For a while it takes no question then. */
  async retire(): Promise<boolean> {
    return this.#host.retire();
  }

  /** Forgets the conversation: its turns end, also those that wait, and its log goes. */
  async erase(): Promise<void> {
    await this.#host.erase();
  }

  /** Forgets the conversation with what still runs in it, and itself. May be repeated. */
  async destroy(): Promise<void> {
    await this.#host.erase();
    this.#host.log.clear();
    await this.ctx.storage.deleteAlarm();
  }

  /** Opens a WebSocket; the Worker has found out whose it is. Everything else comes by the methods above. */
  override async fetch(request: Request): Promise<Response> {
    return this.#host.audience.sockets.accept(request);
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#host.audience.sockets.message(socket, message);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#host.audience.sockets.closed(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#host.audience.sockets.closed(socket);
  }

  override async alarm(): Promise<void> {
    await this.#host.wake();
  }
}
