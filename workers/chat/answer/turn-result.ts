import type { StoredCitation } from "./stored-citation.ts";

export type Outcome = "done" | "stopped" | "interrupted" | "failed";

/** How a turn ended, before it is settled: everything that D1 and the terminal event need. */
export interface TurnResult {
  outcome: Outcome;
  content: string;
  citations: StoredCitation[];
  model: string;
  finishReason: "stop" | "length" | "stopped" | null;
  promptTokens: number;
  completionTokens: number;
  /** Citations that were left out, because their passage does not say what the sentence says. */
  droppedCitations?: number;
  /** For people and for the event's `code`, where it failed. */
  error: { code: "RATE_LIMITED" | "MODEL_UNAVAILABLE" | "INTERRUPTED" | "INTERNAL"; message: string } | null;
  endedAt: number;
}
