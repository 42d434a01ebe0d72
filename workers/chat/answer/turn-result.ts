import type { FallbackReason } from "../../model-access/parameters-contract.ts";
import type { Lane } from "../../models/ports/connection.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { StoredCitation } from "./stored-citation.ts";

export type Outcome = "done" | "stopped" | "interrupted" | "failed";

/** What is stored of an answer, by how its turn ended. */
export const statusOf = { done: "complete", stopped: "stopped", interrupted: "interrupted", failed: "failed" } as const;

/** How a turn ended, before it is settled: everything that D1 and the terminal event need. */
export interface TurnResult {
  outcome: Outcome;
  content: string;
  citations: StoredCitation[];
  model: string;
  /** What was asked for, where another answered. */
  askedModel?: string | null;
  fallbackReason?: FallbackReason | null;
  lane?: Lane | null;
  /** What its provider counted beside its tokens; null where it does not say. */
  called?: { cacheReadTokens: number | null; reasoningTokens: number | null };
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
  const own = () => said.content.slice(continued?.content.length ?? 0);
  return { ...ending, ...said, completionTokens: ending.completionTokens || estimateTokens(own()), endedAt };
}
