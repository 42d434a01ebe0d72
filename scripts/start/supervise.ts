import { setTimeout as delay } from "node:timers/promises";
import { oneLine, Refusal } from "./refusal.ts";

const shortestMs = 200;
const longestMs = 10_000;
const steadyMs = 60_000;

/** How long to wait before the next start: 0.2 s, doubling to 10 s, and 0.2 s again after a minute that went well. */
export class Backoff {
  #next = shortestMs;

  after(upMs: number): number {
    if (upMs >= steadyMs) this.#next = shortestMs;
    const wait = this.#next;
    this.#next = Math.min(longestMs, wait * 2);
    return wait;
  }
}

/** Something that runs until it ends by itself or is ended. */
export interface Part {
  /** Resolves with the reason when it has ended, by itself or by `dispose`. */
  readonly ended: Promise<string>;
  dispose(): Promise<void>;
}

/** How often the very first start is tried: what fails then is more likely wrong than unlucky. */
const firstTries = 3;

/** Keeps one part running: whenever it ends it is started anew, ever less often. */
export class Supervisor<P extends Part> {
  readonly #start: () => Promise<P>;
  readonly #onUp: (part: P) => Promise<void>;
  readonly #say: (line: string) => void;
  readonly #stop = new AbortController();
  #current: P | null = null;
  #wasUp = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    start: () => Promise<P>,
    { onUp, say }: { onUp: (part: P) => Promise<void>; say: (line: string) => void },
  ) {
    this.#start = start;
    this.#onUp = onUp;
    this.#say = say;
  }

  /** Resolves when the part is up for the first time; throws where it does not come up. */
  up(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#loop = this.#keep(resolve).catch(reject);
    });
  }

  async #keep(onFirst: () => void): Promise<void> {
    const backoff = new Backoff();
    for (let tried = 1; !this.#stop.signal.aborted; tried++) {
      const began = performance.now();
      const reason = await this.#runOnce(onFirst, tried);
      if (this.#stop.signal.aborted) return;
      const wait = backoff.after(performance.now() - began);
      this.#say(`The server's process ended by itself (${reason}). It is started again in ${wait / 1000} s.`);
      await delay(wait, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  /** Runs the part to its end; returns why it ended. */
  async #runOnce(onFirst: () => void, tried: number): Promise<string> {
    try {
      const part = await this.#start();
      this.#current = part;
      if (this.#stop.signal.aborted) return "";
      if (this.#wasUp) this.#say("The server is up again.");
      this.#wasUp = true;
      await this.#onUp(part);
      onFirst();
      return await part.ended;
    } catch (error) {
      if (!this.#wasUp && (error instanceof Refusal || tried >= firstTries)) throw error;
      return oneLine(error);
    } finally {
      await this.#current?.dispose();
      this.#current = null;
    }
  }

  async dispose(): Promise<void> {
    this.#stop.abort();
    await this.#current?.dispose();
    await this.#loop.catch(() => {});
  }
}
