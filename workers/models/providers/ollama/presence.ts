import { isProblem } from "../../../platform/errors.ts";
import { problemOfNetwork } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { answerWithinMs, boxJson } from "./box.ts";

/** A box that says nothing for so long is asked whether it is there, in ms: with what that may take, it is noticed within ten seconds. */
const quietMs = 4_000;

/**
 * Watches a box while it is at work. A model that loads, or reads a long prompt, says nothing for minutes, and so does a machine that was switched off: one that has been
 * quiet for a while is asked for its version, and where that fails, the call is given up.
 */
export class Presence {
  readonly #gone = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  readonly #caller: AbortSignal | undefined;
  readonly #isThere: () => Promise<unknown>;
  #heardAt = Date.now();
  #isOver = false;

  constructor(connection: Connection, env: Env, caller: AbortSignal | undefined) {
    this.#caller = caller;
    this.#isThere = () => boxJson(connection, env, { path: "version", signal: this.#gone.signal }, answerWithinMs);
    this.#timer = this.#lookIn(quietMs);
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

  #lookIn(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const left = this.#heardAt + quietMs - Date.now();
    if (left > 0) this.#timer = this.#lookIn(left);
    else this.#isThere().then(this.#goOn, this.#giveUp);
  }

  #goOn = (): void => {
    if (!this.#isOver) this.#timer = this.#lookIn(quietMs);
  };

  #giveUp = (cause: unknown): void => {
    if (this.#isOver) return;
    this.end();
    this.#gone.abort(isProblem(cause) ? cause : problemOfNetwork(cause));
  };

  /** The call is over. */
  end = (): void => {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#leave);
  };
}
