import { z } from "zod";

/** What a model read and wrote, in its own tokens. */
export const usage = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  cached_tokens: z
    .number()
    .int()
    .nullable()
    .describe("Tokens of the prompt that the provider had kept; null where it does not say."),
  reasoning_tokens: z
    .number()
    .int()
    .nullable()
    .describe("Tokens of what was written that were thoughts; null where the provider does not say."),
});

export const cost = z.object({
  micro_credits: z
    .number()
    .int()
    .nullable()
    .describe("1 credit is 1,000,000 micro-credits. Null where nobody knows the price, which is not the same as 0."),
});
