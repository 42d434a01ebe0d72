import { Problem } from "./errors.ts";

/** ms after which half of what was noted is forgotten. */
const halfLife = 1_000;
/** How much one timer counts: about fifty in a row make the average. */
const weight = 0.02;
/** ms: one long pause of the whole machine says little about the next second. */
const mostNoted = 2_000;
/** ms by which timers may be late on average before new answers are refused: those that are being written come first. */
const tooLate = 250;

/**
 * How late timers fire in one isolate: the plainest sign that its one thread has more to do than it can. An average that forgets, so
 * that an isolate with nothing to do is never late.
 */
export class Lateness {
  #average = 0;
  #notedAt = 0;

  /** A timer that was due fired `lateMs` after its time. `now` in ms since the epoch. */
  note(lateMs: number, now: number): void {
    const before = this.at(now);
    this.#average = before + (Math.min(mostNoted, Math.max(0, lateMs)) - before) * weight;
    this.#notedAt = now;
  }

  /** The average lateness in ms. */
  at(now: number): number {
    return this.#average * 2 ** (-Math.max(0, now - this.#notedAt) / halfLife);
  }
}

/** Of this isolate: workerd runs many objects and requests in one. */
export const lateness = new Lateness();

/** Whether this isolate should take on no more answers at present. */
export const isOverloaded = (now: number): boolean => lateness.at(now) > tooLate;

/** What is said then. The wait differs, so that not all come back at once. */
export const overloaded = () =>
  new Problem(
    "overloaded",
    "More answers are being written here than this server can keep up with. Try again in a few seconds.",
    { retryAfterSeconds: 2 + Math.floor(Math.random() * 4) },
  );
