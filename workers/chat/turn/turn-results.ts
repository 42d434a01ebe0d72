import type { TurnInput } from "../answer/turn-input.ts";
import { chargeOfTurn, resultOf, type TurnResult } from "../answer/turn-result.ts";
import { endEvent, type StreamEvent } from "../events/turn-events.ts";
import type { TurnLog, TurnRecord } from "./turn-log.ts";

const broken = { code: "INTERNAL" as const, message: "Something went wrong while the answer was written." };

const uncounted = {
  ...{ cacheReadTokens: null, cacheWriteTokens: null, reasoningTokens: null, estimated: true },
  ...{ durationMs: null, firstTokenMs: null },
};

/** A result made of what was stored, for a turn that nobody can finish. */
function storedResult(
  record: TurnRecord,
  log: TurnLog,
  outcome: "interrupted" | "failed",
  error: NonNullable<TurnResult["error"]>,
): TurnResult {
  const { input, promptTokens, called: asked } = record;
  const called = asked && { called: { model: asked, ...uncounted } };
  const model = record.model ?? input.modelId ?? "unknown";
  const ending = { outcome, error, model, finishReason: null, promptTokens, completionTokens: 0, ...called };
  return resultOf(ending, log.said(record), input.continued, Date.now());
}

/** How a turn ends whose process is gone. */
export function interruptedResult(record: TurnRecord, log: TurnLog): TurnResult {
  return storedResult(record, log, "interrupted", {
    code: "INTERRUPTED",
    message: "The answer was cut off. What was said is kept; you can continue it.",
  });
}

/** How a turn ends in which we failed, not the model. */
export function brokenResult(record: TurnRecord, log: TurnLog): TurnResult {
  return storedResult(record, log, "failed", broken);
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
export function endOf(input: TurnInput, result: TurnResult): StreamEvent {
  const { messageId } = input;
  const isWhole = result.outcome === "done" || result.outcome === "stopped";
  const error = isWhole ? null : (result.error ?? broken);
  const { cacheReadTokens: cachedTokens = null, reasoningTokens = null } = result.called ?? {};
  const counted = { cachedTokens, reasoningTokens, microCredits: chargeOfTurn(input, result) };
  return endEvent({ ...result, ...counted, messageId, droppedCitations: result.droppedCitations ?? 0, error });
}
