import { problemOfNetwork } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { answerWithinMs, boxJson } from "./box.ts";

/** A box that says nothing for so long is asked whether it is there, in ms. */
const quietMs = 5_000;

/**
 * Watches a box while it is at work. A model that loads, or reads a long prompt, says nothing for minutes, and so does a machine that was switched off: one that has been
 * quiet for five seconds is asked for its version, and where that fails, the call is given up. What drops is noticed within ten seconds.
 */
export class Presence {
  readonly #gone = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #caller: AbortSignal | undefined;
  readonly #isThere: () => Promise<unknown>;
  #heardAt = Date.now();
  #isAsking = false;

  constructor(connection: Connection, env: Env, caller: AbortSignal | undefined) {
    this.#caller = caller;
    this.#isThere = () => boxJson(connection, env, { path: "version", signal: this.#gone.signal }, answerWithinMs);
    this.#timer = setInterval(() => this.#look(), quietMs);
    if (caller?.aborted) this.#leave();
    caller?.addEventListener("abort", this.#leave);
  }

  /** Aborted where the caller leaves, and where the box is gone: with a problem that says so. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** The box said something. */
  heard = (): void => {
    this.#heardAt = Date.now();
  };

  #leave = (): void => {
    this.end();
    this.#gone.abort(this.#caller?.reason);
  };

  #look(): void {
    if (this.#isAsking || Date.now() - this.#heardAt < quietMs) return;
    this.#isAsking = true;
    this.#isThere()
      .catch((cause) => {
        this.end();
        this.#gone.abort(problemOfNetwork(cause));
      })
      .finally(() => {
        this.#isAsking = false;
      });
  }

  /** The call is over. */
  end = (): void => {
    clearInterval(this.#timer);
    this.#caller?.removeEventListener("abort", this.#leave);
  };
}
