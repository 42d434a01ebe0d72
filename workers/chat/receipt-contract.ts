import { z } from "zod";
import { lane } from "../model-access/parameters-contract.ts";

const money = z.number().int();

/** What an answer took, and what was paid for it, turn by turn: one that was continued has several. */
export const messageReceipt = z.object({
  message_id: z.string(),
  billing: z.enum(["on", "off"]),
  total: money.nullable().describe("What the asker's workspace paid; null where nobody knows what it costs."),
  turns: z.array(
    z.object({
      turn_id: z.string(),
      model: z.string(),
      lane: lane.nullable(),
      prompt_tokens: z.number().int(),
      completion_tokens: z.number().int(),
      estimated: z.boolean().describe("Whether the tokens are an estimate, as the provider did not count them."),
      price_id: z.string().nullable().describe("The row of the catalogue that the model’s cost is by."),
      model_cost: money.nullable().describe("What the model cost whoever pays its provider."),
      cost: money.nullable().describe("What was paid: `usage`, `platform_fee` and `creator_share` together."),
      usage: money.nullable(),
      platform_fee: money,
      creator_share: money,
      clone_price_id: z.string().nullable(),
      paid_by: z.enum(["you", "the clone’s workspace", "nobody"]),
      state: z.enum(["settled", "held", "released", "expired", "none"]),
    }),
  ),
});
