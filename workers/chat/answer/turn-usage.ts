import type { UsageEvent } from "../../metering/queries.ts";
import type { TurnInput } from "./turn-input.ts";
import { statusOf, type TurnResult } from "./turn-result.ts";

/** What is recorded of a turn’s use of its model. */
export const usageOf = (input: TurnInput, result: TurnResult): UsageEvent => ({
  turnId: input.turnId,
  workspaceId: input.workspaceId,
  conversationId: input.conversationId,
  cloneId: input.cloneId,
  model: result.model,
  promptTokens: result.promptTokens,
  completionTokens: result.completionTokens,
  outcome: statusOf[result.outcome],
  createdAt: result.endedAt,
});
