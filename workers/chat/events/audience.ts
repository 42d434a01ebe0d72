import type { EventLog, LogRow } from "./event-log.ts";
import type { Listeners } from "./listeners.ts";
import type { Sockets } from "./sockets.ts";

/** Everybody who follows a conversation, by stream or socket. What is shown to them is on disk. */
export class Audience {
  readonly listeners: Listeners;
  readonly sockets: Sockets;
  readonly #log: EventLog;
  /** One line for all turns: events are shown in the order in which they were written, or a listener would pass over some. */
  #shown: Promise<void> = Promise.resolve();

  constructor(log: EventLog, listeners: Listeners, sockets: Sockets) {
    this.#log = log;
    this.listeners = listeners;
    this.sockets = sockets;
  }

  /** Shows rows that were just written, once they are on disk; `first` is done right before. Resolves then. */
  show(rows: LogRow[], first?: () => void): Promise<void> {
    const stored = this.#log.durable();
    this.#shown = this.#shown
      .then(() => stored)
      .then(() => {
        first?.();
        this.listeners.emit(rows);
        this.sockets.emit(rows);
      });
    return this.#shown;
  }
}
