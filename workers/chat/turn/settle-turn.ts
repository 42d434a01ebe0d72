import type { Context } from "../../workspaces/context.ts";
import type { TurnInput, TurnResult } from "./turn-log.ts";
import { conversationExists, insertUsage, recordResult } from "./turn-queries.ts";

/**
 * Stores a turn's result in D1; may be repeated after any crash. `isStarted`: see `recordResult`. A conversation that was deleted meanwhile leaves its usage event
 * and nothing else. Throws where D1 does.
 */
export async function settleTurn(
  ctx: Context,
  input: TurnInput,
  result: TurnResult,
  isStarted: boolean,
): Promise<void> {
  try {
    await recordResult(ctx, input, result, isStarted);
  } catch (error) {
    // The foreign key refuses messages of a conversation that is gone. Looked up only then: it is there nearly always.
    if (await conversationExists(ctx.db, input.conversationId)) throw error;
    await insertUsage(ctx.db, input, result);
  }
}

/** The event that ends the stream of a turn with this result. */
export function terminalEvent(input: TurnInput, result: TurnResult): { event: "done" | "error"; data: object } {
  const { outcome, finishReason, promptTokens, completionTokens, error } = result;
  if (outcome === "done" || outcome === "stopped") {
    const usage = { prompt_tokens: promptTokens, completion_tokens: completionTokens };
    return {
      event: "done",
      data: {
        finish_reason: finishReason ?? "stop",
        usage,
        cost: { micro_credits: 0 },
        message_id: input.messageId,
        dropped_citations: result.droppedCitations ?? 0,
      },
    };
  }
  const told = error ?? { code: "INTERNAL" as const, message: "Something went wrong while the answer was written." };
  return { event: "error", data: { error: told.message, code: told.code, message_id: input.messageId } };
}
