import { estimateTokens } from "../../text/tokens.ts";
import type { TurnLog, TurnRecord, TurnResult } from "./turn-log.ts";

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
  return resultOf(record, log, "failed", {
    code: "INTERNAL",
    message: "Something went wrong while the answer was written.",
  });
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
