import type { Connection } from "../ports/connection.ts";

/** A connection as a key to what is kept ready for it. It holds the provider's key: for maps in memory alone. */
export const identityOf = (connection: Connection, name = "") => JSON.stringify([connection, name]);

/** Things that are dear to make, kept ready for whoever asks next. Of more than `most`, the one that nobody asked for longest goes. */
export class KeptReady<V> {
  readonly #kept = new Map<string, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const found = this.#kept.get(key);
    return found === undefined ? undefined : this.set(key, found);
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }

  /** Keeps `value`, and gives it back. */
  set(key: string, value: V): V {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }
}
