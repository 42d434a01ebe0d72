import { costOfTaken, type Taken } from "../../metering/usage-event.ts";
import type { FallbackReason } from "../../model-access/parameters-contract.ts";
import type { CalledModel } from "../../models/ports/called-model.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { StoredCitation } from "./stored-citation.ts";

export type Outcome = "done" | "stopped" | "interrupted" | "failed";

/** What is stored of an answer, by how its turn ended. */
export const statusOf = { done: "complete", stopped: "stopped", interrupted: "interrupted", failed: "failed" } as const;

/** A call of a model, as it is counted. */
export interface Called extends Omit<Taken, "promptTokens" | "completionTokens"> {
  model: CalledModel;
}

/** How a turn ended, before it is settled: everything that D1 and the terminal event need. */
export interface TurnResult {
  /** The model that was called, with what is told of that beside its tokens; nothing where none was, and of turns of older versions. */
  called?: Called;
  outcome: Outcome;
  content: string;
  citations: StoredCitation[];
  model: string;
  /** What was asked for, where another answered. */
  askedModel?: string | null;
  fallbackReason?: FallbackReason | null;
  /** What the model thought aloud. */
  thoughts?: string | null;
  finishReason: "stop" | "length" | "stopped" | null;
  promptTokens: number;
  completionTokens: number;
  /** Citations that were left out, because their passage does not say what the sentence says. */
  droppedCitations?: number;
  /** For people and for the event's `code`, where it failed. */
  error: { code: "RATE_LIMITED" | "MODEL_UNAVAILABLE" | "INTERRUPTED" | "INTERNAL"; message: string } | null;
  endedAt: number;
}

/** How the model ended, without what was said. */
export type Ending = Omit<TurnResult, "content" | "citations" | "endedAt">;

/** What an answer says, and what it cites. */
export type Said = Pick<TurnResult, "content" | "citations">;

/** A turn's result. `continued` is what its answer said before the turn: where the model counted no tokens, the rest is estimated. */
export function resultOf(ending: Ending, said: Said, continued: Said | null, endedAt: number): TurnResult {
  const own = said.content.slice(continued?.content.length ?? 0);
  if (ending.completionTokens > 0 || own === "") return { ...ending, ...said, endedAt };
  const called = ending.called && { called: { ...ending.called, estimated: true } };
  return { ...ending, ...called, ...said, completionTokens: estimateTokens(own), endedAt };
}

/**
 * What a turn cost, in micro-credits; null where no price is known. A call that failed before its first token costs nothing, as no provider takes
 * anything for it, and neither does what was never asked.
 */
export function costOfTurn({ called, outcome, promptTokens, completionTokens }: TurnResult): number | null {
  const isUnheard = outcome === "failed" && completionTokens === 0;
  const isUnasked = promptTokens === 0 || (outcome !== "interrupted" && called?.durationMs === null);
  if (isUnheard || isUnasked) return 0;
  return called ? costOfTaken(called.model, { ...called, promptTokens, completionTokens }) : null;
}
