import { estimateTokens } from "../../text/tokens.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { endEvent, type StreamEvent } from "../events/turn-events.ts";
import type { TurnLog, TurnRecord } from "./turn-log.ts";

const broken = { code: "INTERNAL" as const, message: "Something went wrong while the answer was written." };

/** A result made of what was stored, for a turn that nobody can finish. */
function resultOf(
  record: TurnRecord,
  log: TurnLog,
  outcome: "interrupted" | "failed",
  error: NonNullable<TurnResult["error"]>,
): TurnResult {
  const said = log.said(record);
  const own = said.content.slice(record.input.continued?.content.length ?? 0);
  return {
    ...said,
    outcome,
    error,
    model: record.model ?? record.input.modelId ?? "unknown",
    finishReason: null,
    promptTokens: record.promptTokens,
    completionTokens: estimateTokens(own),
    endedAt: Date.now(),
  };
}

/** How a turn ends whose process is gone. */
export function interruptedResult(record: TurnRecord, log: TurnLog): TurnResult {
  return resultOf(record, log, "interrupted", {
    code: "INTERRUPTED",
    message: "The answer was cut off. What was said is kept; you can continue it.",
  });
}

/** How a turn ends in which we failed, not the model. */
export function brokenResult(record: TurnRecord, log: TurnLog): TurnResult {
  return resultOf(record, log, "failed", broken);
}

/** How a turn ends that was taken back before it began. */
export function withdrawnResult({ input }: TurnRecord): TurnResult {
  return {
    outcome: "stopped",
    content: "",
    citations: [],
    model: input.modelId ?? "unknown",
    finishReason: "stopped",
    promptTokens: 0,
    completionTokens: 0,
    error: null,
    endedAt: Date.now(),
  };
}

/** The event that ends the stream of a turn with this result. */
export function endOf({ messageId }: TurnInput, result: TurnResult): StreamEvent {
  const isWhole = result.outcome === "done" || result.outcome === "stopped";
  const error = isWhole ? null : (result.error ?? broken);
  return endEvent({ ...result, messageId, droppedCitations: result.droppedCitations ?? 0, error });
}
