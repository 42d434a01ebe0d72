/**
 * Remembers answers for a moment, so that a burst of calls asks the database once. What it holds may be stale for `lifetime`
 * milliseconds: keep that below what is promised of revocation. Bounded: the oldest entries go first.
 */
export class ShortCache<V> {
  readonly #entries = new Map<string, { value: V; until: number }>();
  readonly #lifetime: number;
  readonly #capacity: number;

  constructor(lifetime: number, capacity = 2_000) {
    this.#lifetime = lifetime;
    this.#capacity = capacity;
  }

  /** The value of `key` at `now` (ms), or undefined where it is unknown or too old. */
  get(key: string, now: number): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.until > now) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, now: number): void {
    if (this.#entries.size >= this.#capacity) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, until: now + this.#lifetime });
  }

  /** Forgets every entry whose value `matches`. */
  forget(matches: (value: V) => boolean): void {
    for (const [key, { value }] of this.#entries) if (matches(value)) this.#entries.delete(key);
  }
}
