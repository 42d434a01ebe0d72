/** Multiplications between two pauses: some milliseconds, so that what waits for this thread hardly notices. */
const stride = 4_000_000;

/** Work that goes on for long, with a pause after every few milliseconds of it. A Worker's clock stands still meanwhile: operations tell. */
export class Pace {
  readonly #pause: () => Promise<void>;
  #done = 0;

  constructor(pause: () => Promise<void>) {
    this.#pause = pause;
  }

  /** Counts work that was done; a promise where it is time for a pause. */
  after(operations: number): Promise<void> | undefined {
    this.#done += operations;
    if (this.#done < stride) return undefined;
    this.#done = 0;
    return this.#pause();
  }
}
