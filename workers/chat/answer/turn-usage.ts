import type { UsageEvent } from "../../metering/queries.ts";
import { chargedTo } from "../../model-access/use.ts";
import { modelUse } from "./model-use.ts";
import type { TurnInput } from "./turn-input.ts";
import { costOfTurn, settlementOf, statusOf, type TurnResult } from "./turn-result.ts";

/** What is recorded of a turn’s use of its model: one event, which its turn’s id keys. Attempts before the last one, which ended without a token, leave none. */
export function usageOf(input: TurnInput, result: TurnResult): UsageEvent {
  const { called, model, promptTokens, completionTokens } = result;
  return {
    id: input.turnId,
    ...chargedTo(modelUse(input, "answer")),
    provider: called?.model.provider ?? model.split("/", 1)[0] ?? model,
    model,
    lane: called?.model.lane ?? null,
    payer: called?.model.payer ?? null,
    promptTokens,
    cacheReadTokens: called?.cacheReadTokens ?? null,
    cacheWriteTokens: called?.cacheWriteTokens ?? null,
    completionTokens,
    reasoningTokens: called?.reasoningTokens ?? null,
    estimated: called?.estimated ?? true,
    durationMs: called?.durationMs ?? null,
    firstTokenMs: called?.firstTokenMs ?? null,
    priceId: called?.model.price?.id ?? null,
    microCredits: costOfTurn(result),
    outcome: statusOf[result.outcome],
    createdAt: result.endedAt,
  };
}

/** What is told of a turn that has ended to those who count: its use of a model, and what its payer pays. */
export const accountOf = (input: TurnInput, result: TurnResult) => ({
  usage: usageOf(input, result),
  settlement: settlementOf(input, result),
});
