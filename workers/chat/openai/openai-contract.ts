import { z } from "zod";
import { reasoningEfforts } from "../../db/reasoning-efforts.ts";
import { citation } from "../contract.ts";
import { pictureUrl } from "./openai-pictures.ts";
import { chatToolChoice, chatTools, formTypes, schemaForm } from "./openai-tools.ts";

export const openaiTags = ["OpenAI-compatible"];

// OpenAI’s wire grows, and its clients add to addresses and bodies as they like: what is not known here is let through on this door alone.
export const anyQuery = z.looseObject({});

/** What a request may weigh: pictures come in it. */
export const openaiBodyLimit = { bytes: 12_000_000 };

const maxCharacters = 400_000;
export const wireText = z.string().max(maxCharacters, `Use at most ${maxCharacters.toLocaleString("en")} characters.`);
const textPart = z.looseObject({
  type: z.literal("text", "This server reads text and image_url parts only."),
  text: wireText,
});
const picturePart = z.looseObject({ type: z.literal("image_url"), image_url: z.looseObject({ url: pictureUrl }) });
const texts = z.union([wireText, z.array(textPart)], "Send the content as a string, or as a list of text parts.");
const mixed = z.union(
  [wireText, z.array(z.discriminatedUnion("type", [textPart, picturePart]))],
  "Send the content as a string, or as a list of text and image_url parts; a picture as a data: URL of PNG, JPEG, GIF or WebP in base64, as this server fetches none.",
);
const toolCall = z.looseObject({
  id: z.string().min(1).max(200),
  type: z.literal("function"),
  function: z.looseObject({ name: z.string().min(1).max(64), arguments: wireText }),
});

const chatMessage = z.discriminatedUnion(
  "role",
  [
    z.looseObject({ role: z.enum(["system", "developer"]), content: texts }),
    z.looseObject({ role: z.literal("user"), content: mixed }),
    z.looseObject({
      role: z.literal("assistant"),
      content: texts.nullish(),
      reasoning_content: wireText.nullish(),
      tool_calls: z.array(toolCall).max(128).nullish(),
    }),
    z.looseObject({ role: z.literal("tool"), content: texts, tool_call_id: z.string().min(1).max(200) }),
  ],
  "The role must be “system”, “developer”, “user”, “assistant” or “tool”.",
);

export const modelName = z
  .string("Name the model: “clone:” and a clone’s slug, or one of GET /v1/models.")
  .min(1)
  .max(200);
export const mostTokens = z.number().int().min(1).max(32_000).nullish();
export const effort = z.enum(reasoningEfforts).nullish();

/** OpenAI’s request, as far as it is served; what would change the answer and is not served is refused, the rest is passed over. */
export const completionInput = z.looseObject({
  model: modelName,
  messages: z.array(chatMessage).min(1, "Send at least one message.").max(1_000, "Send at most 1,000 messages."),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: mostTokens,
  max_completion_tokens: mostTokens,
  reasoning_effort: effort,
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, "This server gives one answer a request. Leave “n” out, or make it 1.").nullish(),
  tools: chatTools,
  tool_choice: chatToolChoice,
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(z.unknown()).max(0, "Send functions as “tools”, which took their place.").nullish(),
  response_format: z
    .discriminatedUnion(
      "type",
      [
        z.looseObject({ type: z.enum(["text", "json_object"]) }),
        z.looseObject({ type: z.literal("json_schema"), json_schema: schemaForm }),
      ],
      formTypes,
    )
    .nullish(),
  logprobs: z.literal(false, "This server gives no log probabilities. Leave “logprobs” out.").nullish(),
});
export type CompletionInput = z.output<typeof completionInput>;

const calledTool = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

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
        content: z.string().nullable().describe("Null where it calls tools and says nothing."),
        reasoning_content: z.string().optional().describe("What the model thought aloud."),
        refusal: z.null(),
        tool_calls: z.array(calledTool).optional(),
        citations: z.array(citation).describe("What the numbers in the text refer to; not a part of OpenAI’s wire."),
      }),
      logprobs: z.null(),
      finish_reason: z.enum(["stop", "length", "tool_calls"]),
    }),
  ),
  usage: z.object({
    prompt_tokens: z.number().int(),
    completion_tokens: z.number().int(),
    total_tokens: z.number().int(),
    prompt_tokens_details: z.object({ cached_tokens: z.number().int() }),
    completion_tokens_details: z.object({ reasoning_tokens: z.number().int() }),
  }),
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
