import type { FailureKind, ModelFailure } from "./failures.ts";
import type { ChatModel } from "./ports/chat-model.ts";
import { identityOf, KeptReady } from "./providers/kept-ready.ts";

/** For how long a model is left alone, in ms: after a first failure, and at most, where its provider does not say. */
const rests = { first: 5_000, most: 60_000 };
/** What a key, an account or a name is refused for does not pass in seconds. */
const refusedMs = 60_000;
/** One failure of these kinds may be chance. */
const forgiven: Partial<Record<FailureKind, number>> = { down: 1 };
const mostKept = 500;

interface Resting {
  /** Failures in a row. */
  failures: number;
  until: number;
  kind: FailureKind;
}

/** How long a model rests after so many failures in a row, in ms; 0 where it need not. */
export function restAfter(kind: FailureKind, failures: number, retryAfterSeconds: number | undefined): number {
  // What is too long for a model says nothing of the next question.
  if (kind === "context" || kind === "cut_prompt") return 0;
  if (retryAfterSeconds !== undefined) return Math.min(retryAfterSeconds * 1_000, 10 * rests.most);
  if (kind === "refused") return refusedMs;
  const counted = failures - (forgiven[kind] ?? 0);
  return counted > 0 ? Math.min(rests.most, rests.first * 2 ** (counted - 1)) : 0;
}

/** Which models have failed lately, in this process: where another is in line, those are left alone for a while. After that one question tries them again. */
class Breaker {
  readonly #resting = new KeptReady<Resting>(mostKept);

  #keyOf({ connection, info }: ChatModel): string | null {
    return connection && identityOf(connection, info.name);
  }

  /** Takes note of a failure at `now` (ms). */
  failed(chat: ChatModel, { kind, retryAfterSeconds }: ModelFailure, now: number): void {
    const key = this.#keyOf(chat);
    // What somebody cannot pay says nothing of the model.
    if (key === null || kind === null || kind === "over_budget") return;
    const failures = (this.#resting.get(key)?.failures ?? 0) + 1;
    this.#resting.set(key, { failures, kind, until: now + restAfter(kind, failures, retryAfterSeconds) });
  }

  answered(chat: ChatModel): void {
    const key = this.#keyOf(chat);
    if (key !== null) this.#resting.drop(key);
  }

  /** Why a model is to be left alone at `now` (ms); null where it may be asked. */
  resting(chat: ChatModel, now: number): FailureKind | null {
    const key = this.#keyOf(chat);
    const known = key === null ? undefined : this.#resting.get(key);
    return known && now < known.until ? known.kind : null;
  }
}

export const breaker = new Breaker();
