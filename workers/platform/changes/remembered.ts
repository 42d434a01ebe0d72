import { type Relied, reliedOnMs } from "./changes-object.ts";

/** What is remembered is believed for so long without asking whether it still holds, in ms: below what is promised of revocation. */
export const believedMs = 3_000;

/** Something that was read before: to be relied on only where it is fresh, or `stillHolds` says so. */
export interface Known<V> {
  value: V;
  isFresh: boolean;
  relied: Relied;
}

interface Entry<V> {
  value: V;
  relied: Relied;
  /** When it was last found to hold, in ms. */
  heldAt: number;
}

/** All that this process remembers. */
const memories: Pick<Remembered<unknown>, "forgetOf">[] = [];

/**
 * Remembers what was read from the database for a minute. It is believed for three seconds; from then on whoever uses it asks the object of
 * changes first, or beside what else they do. Bounded: the oldest entries go first.
 */
export class Remembered<V> {
  readonly #entries = new Map<string, Entry<V>>();
  readonly #subjectsOf: (value: V) => readonly string[];
  readonly #capacity: number;

  constructor(subjectsOf: (value: V) => readonly string[], capacity = 2_000) {
    this.#subjectsOf = subjectsOf;
    this.#capacity = capacity;
    memories.push(this);
  }

  /** What is remembered under `key` at `now` (ms); undefined where it is unknown, or older than anybody may rely on. */
  get(key: string, now: number): Known<V> | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const { value, relied, heldAt } = entry;
    if (now - relied.asOf < reliedOnMs) return { value, relied, isFresh: now - heldAt < believedMs };
    this.#entries.delete(key);
    return undefined;
  }

  /** Remembers what began to be read at `asOf`, in ms; not in the place of what was read later. */
  set(key: string, value: V, asOf: number): void {
    const before = this.#entries.get(key);
    if (before && before.relied.asOf > asOf) return;
    this.#entries.delete(key);
    if (this.#entries.size >= this.#capacity) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, relied: { subjects: this.#subjectsOf(value), asOf }, heldAt: asOf });
  }

  /** Takes note that what is remembered still held at `now`, when it was asked. */
  held(key: string, relied: Relied, now: number): void {
    const entry = this.#entries.get(key);
    if (entry?.relied === relied) entry.heldAt = Math.max(entry.heldAt, now);
  }

  /** Forgets what was found not to hold, unless it was read anew since. */
  lapsed(key: string, relied: Relied): void {
    if (this.#entries.get(key)?.relied === relied) this.#entries.delete(key);
  }

  /** Forgets every entry whose value `matches`. */
  forget(matches: (value: V) => boolean): void {
    for (const [key, { value }] of this.#entries) if (matches(value)) this.#entries.delete(key);
  }

  /** Forgets every entry that is about one of `subjects`. */
  forgetOf(subjects: ReadonlySet<string>): void {
    for (const [key, { relied }] of this.#entries)
      if (relied.subjects.some((subject) => subjects.has(subject))) this.#entries.delete(key);
  }
}

/** Forgets what this process remembers of subjects; `forgetEverywhere` has the others forget it too. */
export function forgetHere(subjects: readonly string[]): void {
  const these = new Set(subjects);
  for (const memory of memories) memory.forgetOf(these);
}
