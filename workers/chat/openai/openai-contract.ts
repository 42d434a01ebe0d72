import { z } from "zod";
import { citation } from "../contract.ts";
import { usage } from "../usage-contract.ts";

export const openaiTags = ["OpenAI-compatible"];

// OpenAI’s wire grows, and its clients add to addresses and bodies as they like: what is not known here is let through on this door alone.
export const anyQuery = z.looseObject({});

const maxCharacters = 400_000;
const text = z.string().max(maxCharacters, `Use at most ${maxCharacters.toLocaleString("en")} characters.`);
const textPart = z.looseObject({ type: z.literal("text", "This server reads text parts only."), text });
const content = z.union([text, z.array(textPart)], "Send the content as a string, or as a list of text parts.");

const chatMessage = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.enum(["system", "developer", "user"]), content }),
    z.looseObject({ role: z.literal("assistant"), content: content.nullish() }),
  ],
  "The role must be “system”, “developer”, “user” or “assistant”; this server has no tools.",
);

const onlyEmpty = (what: string) => z.array(z.unknown()).max(0, what).nullish();
const noTools = "This server has no tools. Leave “tools” and “functions” out.";

/** OpenAI’s request, as far as it is served; what would change the answer and is not served is refused, the rest is passed over. */
export const completionInput = z.looseObject({
  model: z.string("Name the model: “clone:” and a clone’s slug, or one of GET /v1/models.").min(1).max(200),
  messages: z.array(chatMessage).min(1, "Send at least one message.").max(1_000, "Send at most 1,000 messages."),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.number().int().min(1).max(32_000).nullish(),
  max_completion_tokens: z.number().int().min(1).max(32_000).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, "This server gives one answer a request. Leave “n” out, or make it 1.").nullish(),
  tools: onlyEmpty(noTools),
  functions: onlyEmpty(noTools),
  response_format: z
    .looseObject({ type: z.literal("text", "This server answers in text only. Leave “response_format” out.") })
    .nullish(),
  logprobs: z.literal(false, "This server gives no log probabilities. Leave “logprobs” out.").nullish(),
});
export type CompletionInput = z.output<typeof completionInput>;

export const completion = z.object({
  id: z.string(),
  object: z.literal("chat.completion"),
  created: z.number().int().describe("Seconds."),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.literal(0),
      message: z.object({
        role: z.literal("assistant"),
        content: z.string(),
        refusal: z.null(),
        citations: z.array(citation).describe("What the numbers in the text refer to; not a part of OpenAI’s wire."),
      }),
      logprobs: z.null(),
      finish_reason: z.enum(["stop", "length"]),
    }),
  ),
  usage: usage.pick({ prompt_tokens: true, completion_tokens: true }).extend({ total_tokens: z.number().int() }),
});
export type Completion = z.output<typeof completion>;

/** An error, which has another shape here than on all other doors. */
export const openaiError = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

export const openaiModel = z.object({
  id: z.string(),
  object: z.literal("model"),
  created: z.number().int(),
  owned_by: z.string(),
});
export type OpenaiModel = z.output<typeof openaiModel>;
export const openaiModelList = z.object({ object: z.literal("list"), data: z.array(openaiModel) });
