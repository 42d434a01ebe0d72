import { delay } from "../pause.ts";

/** So many may wait: whoever comes then is told to come back. */
const mostWaiting = 500;
/** So many stand in front: whoever of them looks first while there is room gets in, as none of them looks all the time. */
const inFront = 8;
/** In front they look so often, in ms; behind, so much less often for each place, up to so seldom. */
const [apartInFront, apartEach, apartMost] = [20, 5, 200];
/** A place is told when it has changed, and not more often than this, in ms. */
const toldEvery = 2_000;
/** How long one who waits takes to get in, in ms, before anybody has; and how much each one who did counts from then on. */
const [guessedEach, weight] = [100, 0.1];

/** Where somebody stands in line: 1 is next. */
export interface Place {
  position: number;
  expectedWaitMs: number;
}

/** Those who wait until there is room, in the order in which they came but for those in front. */
export class Line {
  readonly #waiting: symbol[] = [];
  #lastInAt = 0;
  #msEach = guessedEach;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether nobody else may wait. */
  get isFull(): boolean {
    return this.#waiting.length >= mostWaiting;
  }

  /**
   * Resolves when there is room and it is one's turn: at once where nobody waits. `onPlace` is told where one stands. Looked at again and
   * again, as who makes room may be of another request, whose promises are not to be waited for here.
   */
  async wait(hasRoom: () => boolean, onPlace?: (place: Place) => void): Promise<void> {
    if (this.isEmpty && hasRoom()) return;
    const own = Symbol("own");
    this.#waiting.push(own);
    let told = { position: 0, at: 0 };
    try {
      for (;;) {
        const position = this.#waiting.indexOf(own) + 1;
        if (position <= inFront && hasRoom()) return;
        const now = Date.now();
        if (position !== told.position && now - told.at >= toldEvery) {
          onPlace?.({ position, expectedWaitMs: Math.round(position * this.#msEach) });
          told = { position, at: now };
        }
        await delay(Math.min(apartMost, apartInFront + Math.max(0, position - inFront) * apartEach));
      }
    } finally {
      this.#left(own);
    }
  }

  #left(own: symbol): void {
    const now = Date.now();
    const took = now - this.#lastInAt;
    // Where nobody came in for long, nobody wanted to.
    if (took < toldEvery * 10) this.#msEach += (took - this.#msEach) * weight;
    this.#lastInAt = now;
    this.#waiting.splice(this.#waiting.indexOf(own), 1);
  }
}
