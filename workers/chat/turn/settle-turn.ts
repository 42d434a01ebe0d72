import { insertUsage } from "../../metering/queries.ts";
import type { Context } from "../../workspaces/context.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { usageOf } from "../answer/turn-usage.ts";
import { conversationExists, recordResult } from "./turn-queries.ts";

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
    await insertUsage(ctx.db, usageOf(input, result));
  }
}
