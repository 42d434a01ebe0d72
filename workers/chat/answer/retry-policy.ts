import type { ModelFailure } from "../../models/failures.ts";
import type { Waits } from "../../models/ports/connection.ts";

/** Limits of one turn's model calls, in ms and characters. */
export interface ModelLimits {
  firstTokenMs: number;
  stallMs: number;
  /** From a call to its first text, for a model that shows that it thinks. */
  thoughtMs: number;
  /** From the start to a terminal state where no text came. */
  patienceMs: number;
  /** From the start to the end of any answer. */
  answerMs: number;
  /** A continued answer counts whole: twice this as JSON must fit into a row of 2 MB. */
  answerCharacters: number;
}

export const modelLimits: ModelLimits = {
  firstTokenMs: 30_000,
  stallMs: 20_000,
  thoughtMs: 5 * 60_000,
  patienceMs: 50_000,
  answerMs: 10 * 60_000,
  answerCharacters: 128_000,
};

/** The limits of a turn whose model has waits of its own: its patience lasts as long as the first word may take, and a little. */
export const limitsOf = (limits: ModelLimits, waits: Waits | undefined): ModelLimits =>
  waits ? { ...limits, ...waits, patienceMs: Math.max(limits.patienceMs, waits.firstTokenMs) } : limits;

const attempts = 3;

export interface Attempt {
  /** 1 for the first call. */
  number: number;
  /** Whether any text of this turn was stored: from then on a second call would say other words. */
  hasText: boolean;
  elapsedMs: number;
}

/** Milliseconds until the next call, or null where the failure is final. */
export function retryDelay(failure: ModelFailure, attempt: Attempt, limits: ModelLimits): number | null {
  // A model that is being loaded is asked until it is, or the patience is over.
  const isLast = attempt.number >= attempts && !failure.isLoading;
  if (attempt.hasText || !failure.retryable || isLast) return null;
  const asked = failure.retryAfterSeconds === undefined ? undefined : failure.retryAfterSeconds * 1_000;
  const delay = asked ?? 250 * 4 ** (attempt.number - 1);
  return attempt.elapsedMs + delay < limits.patienceMs ? delay : null;
}

/** With another model in line, one that asks to wait keeps its asker so long at most, in ms; one that is being loaded is worth waiting for. */
const holds = { asked: 2_000, loading: 30_000 };

/** What is done about a failure: the model is asked again after a while, the next one in line is, or that was it. */
export type Step = { kind: "again"; delayMs: number } | { kind: "next" } | { kind: "give_up" };

/** `attempt` counts from when this model was first asked; `hasNext` says whether another is in line. */
export function nextStep(failure: ModelFailure, attempt: Attempt, hasNext: boolean, limits: ModelLimits): Step {
  const delayMs = retryDelay(failure, attempt, limits);
  if (attempt.hasText || failure.kind === null || !hasNext)
    return delayMs === null ? { kind: "give_up" } : { kind: "again", delayMs };
  const hold = failure.isLoading ? holds.loading : holds.asked;
  return delayMs !== null && attempt.elapsedMs + delayMs <= hold ? { kind: "again", delayMs } : { kind: "next" };
}

/** How long the next call may take to its first token: what is left of the patience, at most `firstTokenMs`. */
export function firstTokenAllowance(elapsedMs: number, limits: ModelLimits): number {
  return Math.max(1_000, Math.min(limits.firstTokenMs, limits.patienceMs - elapsedMs));
}
