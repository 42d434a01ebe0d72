import { sseFrame, sseKeepAlive, sseText } from "../../platform/http/sse.ts";
import type { Reader } from "../../workspaces/standing.ts";
import type { EventLog, LogRow } from "./event-log.ts";

const encoder = new TextEncoder();
/** How much may wait in memory for one listener, in bytes; what is behind that waits in the log. */
const bufferBytes = 64 * 1024;
const batchRows = 100;
const keepAliveMs = 15_000;
/** How often it is made sure that readers still may, in ms: with what is remembered of them, below 5 s. */
const lookEvery = 1_500;
/** Ends the stream of somebody who may not read on. */
const accessEnded = sseFrame({
  event: "error",
  data: { error: "Your access to this conversation has ended.", code: "INTERRUPTED" },
});

/** The bytes of events: the same whenever and however often they are sent. */
function framesOf(rows: LogRow[]): Uint8Array {
  return encoder.encode(rows.map(({ id, event, data }) => sseText({ id, event, json: data })).join(""));
}

interface Listener {
  turnIds: readonly string[];
  /** The id of the last event that was handed over. */
  cursor: number;
  /** Whether older events still wait in the log; only who has none gets new ones directly. */
  isBehind: boolean;
  /** Who reads. */
  reader: Reader;
  controller: ReadableStreamDefaultController<Uint8Array>;
}

/**
 * The streams of one conversation. A listener that keeps up gets events as they are stored; one that does not is served from the
 * log whenever it reads on, so that it needs no more memory than its buffer and slows nobody.
 */
export class Listeners {
  readonly #log: EventLog;
  readonly #open = new Set<Listener>();
  readonly #isEnded: (turnId: string) => boolean;
  readonly #mayRead: (reader: Reader) => Promise<boolean>;
  #timers: ReturnType<typeof setInterval>[] = [];
  /** Events up to this one are on disk, and may be shown. */
  #durableId: number;

  constructor(log: EventLog, isEnded: (turnId: string) => boolean, mayRead: (reader: Reader) => Promise<boolean>) {
    this.#log = log;
    this.#isEnded = isEnded;
    this.#mayRead = mayRead;
    this.#durableId = log.lastId;
  }

  get count(): number {
    return this.#open.size;
  }

  /**
   * The events of one turn, or of several side by side, behind `after`, then live, until each has had its terminal one, or the reader may not
   * read on.
   */
  attach(turnIds: readonly string[], after: number, reader: Reader): ReadableStream<Uint8Array> {
    let listener: Listener;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          listener = { turnIds, cursor: after, isBehind: true, reader, controller };
          this.#open.add(listener);
          if (this.#timers.length > 0) return;
          this.#timers = [setInterval(() => this.#beat(), keepAliveMs), setInterval(() => this.#look(), lookEvery)];
        },
        pull: () => this.#serve(listener),
        cancel: () => this.#close(listener),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
    );
  }

  /** Hands events that are on disk to those who are waiting for them. */
  emit(rows: LogRow[]): void {
    this.#durableId = Math.max(this.#durableId, rows.at(-1)?.id ?? 0);
    // Nearly always one turn runs and one person listens: then its events are encoded once and travel in one piece.
    const all = framesOf(rows);
    for (const listener of this.#open) {
      if (!listener.isBehind) {
        const own = rows.filter(({ id, turnId }) => id > listener.cursor && listener.turnIds.includes(turnId));
        if (own.length > 0) this.#give(listener, own, own.length === rows.length ? all : framesOf(own));
      }
      this.#closeIfDone(listener);
    }
  }

  /** Enqueues events, or leaves them to the log where the listener's buffer is full. */
  #give(listener: Listener, rows: LogRow[], frames: Uint8Array): void {
    listener.isBehind = (listener.controller.desiredSize ?? 0) <= 0;
    if (listener.isBehind) return;
    // Before the enqueue, which may ask for more at once.
    listener.cursor = rows.at(-1)?.id ?? listener.cursor;
    listener.controller.enqueue(frames);
  }

  #serve(listener: Listener): void {
    if (!listener.isBehind) return;
    const rows = this.#log.ofTurns(listener.turnIds, listener.cursor, this.#durableId, batchRows);
    listener.isBehind = rows.length === batchRows;
    if (rows.length > 0) {
      listener.cursor = rows.at(-1)?.id ?? listener.cursor;
      listener.controller.enqueue(framesOf(rows));
    }
    this.#closeIfDone(listener);
  }

  #closeIfDone(listener: Listener): void {
    if (!this.#open.has(listener) || !listener.turnIds.every(this.#isEnded)) return;
    if (listener.isBehind) return;
    listener.controller.close();
    this.#close(listener);
  }

  #close(listener: Listener): void {
    this.#open.delete(listener);
    if (this.#open.size > 0) return;
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #beat(): void {
    for (const { controller } of this.#open) if ((controller.desiredSize ?? 0) > 0) controller.enqueue(sseKeepAlive);
  }

  /** Ends the streams of those who may not read on. One who is not reading loses the connection, and hears nothing. */
  async #look(): Promise<void> {
    for (const listener of [...this.#open]) {
      if ((await this.#mayRead(listener.reader)) || !this.#open.has(listener)) continue;
      const { controller } = listener;
      this.#close(listener);
      if ((controller.desiredSize ?? 0) <= 0) {
        controller.error(new Error("The reader’s access has ended."));
        continue;
      }
      controller.enqueue(accessEnded);
      controller.close();
    }
  }
}
