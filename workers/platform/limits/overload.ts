import { Problem } from "../errors.ts";
import { delay } from "../pause.ts";
import { Line, type Place } from "./line.ts";

/** ms after which half of what was noted is forgotten. */
const halfLife = 1_000;
/** How much one timer counts: about fifty in a row make the average. */
const weight = 0.02;
/** ms: one long pause of the whole machine says little about the next second. */
const mostNoted = 2_000;
/** ms by which timers may be late on average before new answers have to wait: those that are being written come first. */
const tooLate = 400;
/** However late timers are, so many answers may be written at a time. */
const fewestWriting = 20;
/** With so many answers being written at most, there is time for what nobody waits for. */
const fewWriting = 4;
/** So long such work counts beside them, in ms: what takes longer waits for a slow model, or its object has died over it and will never say so. */
const besideCounts = 10_000;
/** It looks for such a moment so often, and so far apart, in ms. */
const [mostLooks, lookEvery] = [30, 500];
/** So many questions may be on their way to their answers at a time; each takes the thread for about 10 ms. */
const mostEntering = 128;

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

/**
 * What one isolate has to do, and whether it can do more. Late timers say that it cannot, but an answer goes on for long after it was let
 * in: so the number of answers that are written at a time is limited too, to what was found to go well.
 */
export class Load {
  /** Answers that are being written. */
  writing = 0;
  readonly #answers = new Set<string>();
  /** When work began that nobody waits for. */
  readonly #beside = new Set<{ at: number }>();
  readonly #line = new Line();
  /** Questions that have come in and whose answers have not begun. */
  #entering = 0;
  readonly #lateness = new Lateness();
  #mostWriting = Number.POSITIVE_INFINITY;
  #triedAt = 0;

  /** An answer begins to be written, by the id of its turn. */
  begin(turnId: string): void {
    if (this.#answers.has(turnId)) return;
    this.#answers.add(turnId);
    this.writing++;
  }

  /** It is not written any more. May be repeated: one whose object died says so when somebody finds it. */
  end(turnId: string): void {
    if (this.#answers.delete(turnId)) this.writing--;
  }

  /** A timer that was due fired `lateMs` after its time. `now` in ms since the epoch, here and below. */
  note(lateMs: number, now: number): void {
    this.#lateness.note(lateMs, now);
    this.#try(now);
  }

  /** How late timers are on average, in ms. */
  lateMs(now: number): number {
    return this.#lateness.at(now);
  }

  /** Whether it falls behind with the answers that it writes. Where those are few, something else keeps the machine busy: they go on. */
  isLate(now: number): boolean {
    return this.writing >= fewestWriting && this.lateMs(now) > tooLate;
  }

  /** Whether a question has to wait for its answer to begin. */
  hasToWait(now: number): boolean {
    return !this.#line.isEmpty || this.isFull(now);
  }

  /** Whether so many wait that no more questions are taken. */
  get isOverfull(): boolean {
    return this.#line.isFull;
  }

  /** Resolves when an answer may begin; until then `onPlace` is told where it stands in line. */
  room(onPlace?: (place: Place) => void): Promise<void> {
    return this.#line.wait(() => !this.isFull(Date.now()), onPlace);
  }

  /** Whether it should let in no more questions at present. */
  isFull(now: number): boolean {
    this.#try(now);
    return this.#entering >= mostEntering || this.writing >= this.#mostWriting || this.isLate(now);
  }

  /**
   * Counts a question as one that comes in until `start` has begun its answer: where many come at once, timers tell of it only when all
   * of them have been let in.
   */
  async enter<T>(start: () => Promise<T>): Promise<T> {
    this.#entering++;
    try {
      return await start();
    } finally {
      this.#entering--;
    }
  }

  /**
   * Does what nobody waits for once little else is written here, and counts it beside the answers meanwhile. Resolves to null where that does not come
   * about for a while: then it is left undone.
   */
  async whenIdle<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | null> {
    for (let looks = 0; this.writing + this.#besides > fewWriting; looks++) {
      if (looks === mostLooks || signal?.aborted) return null;
      await delay(lookEvery);
    }
    const begun = { at: Date.now() };
    this.#beside.add(begun);
    try {
      return await work();
    } finally {
      this.#beside.delete(begun);
    }
  }

  /** How much work goes on that nobody waits for. */
  get #besides(): number {
    for (const begun of this.#beside) if (Date.now() - begun.at > besideCounts) this.#beside.delete(begun);
    return this.#beside.size;
  }

  /** Once a second, a tenth fewer than there are where it is late, else a seventh more than there might be. */
  #try(now: number): void {
    const seconds = (now - this.#triedAt) / 1_000;
    if (seconds < 1) return;
    this.#triedAt = now;
    this.#mostWriting = this.isLate(now)
      ? Math.max(fewestWriting, Math.min(this.#mostWriting, this.writing) * 0.9)
      : this.#mostWriting * 1.15 ** seconds;
  }
}

/** Of this isolate: workerd runs many objects and requests in one. */
export const load = new Load();

/** What is said then. The wait differs, so that not all come back at once. */
export const overloaded = () =>
  new Problem(
    "overloaded",
    "More answers are being written here than this server can keep up with. Try again in a few seconds.",
    { retryAfterSeconds: 3 + Math.floor(Math.random() * 6) },
  );
