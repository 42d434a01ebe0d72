import { z } from "zod";
import { anyQuery, effort, modelName, mostTokens, openaiTags, wireText } from "./openai-contract.ts";
import { pictureUrl } from "./openai-pictures.ts";
import { formTypes, responseToolChoice, responseTools, schemaForm } from "./openai-tools.ts";

export { anyQuery, openaiTags };

const callId = z.string().min(1).max(200);
const textPart = z.looseObject({ type: z.enum(["input_text", "output_text"]), text: wireText });
const refusalPart = z.looseObject({ type: z.literal("refusal"), refusal: wireText });
const picturePart = z.looseObject({ type: z.literal("input_image"), image_url: pictureUrl });
const content = z.union(
  [wireText, z.array(z.discriminatedUnion("type", [textPart, refusalPart, picturePart]))],
  "Send the content as a string, or as a list of input_text and input_image parts; a picture as a data: URL.",
);

const messageItem = z.looseObject({
  type: z.literal("message").default("message"),
  role: z.enum(["system", "developer", "user", "assistant"]),
  content,
});
const callItem = z.looseObject({
  type: z.literal("function_call"),
  call_id: callId,
  name: z.string().min(1).max(64),
  arguments: wireText,
});
const resultItem = z.looseObject({
  type: z.literal("function_call_output"),
  call_id: callId,
  output: z.union([wireText, z.array(textPart)], "Send the output as a string, or as a list of input_text parts."),
});
/** What the model thought before, which clients send back as they got it. */
const reasoningItem = z.looseObject({ type: z.literal("reasoning") });

const item = z.union(
  [messageItem, callItem, resultItem, reasoningItem],
  "Send messages, function_call, function_call_output and reasoning items; this server has no others.",
);

const notStored = "This server stores no responses. Send what was said before as “input”.";

/** OpenAI’s request of its later wire, as far as it is served: what would change the answer and is not served is refused. */
export const responseInput = z.looseObject({
  model: modelName,
  input: z.union(
    [wireText, z.array(item).min(1, "Send at least one item.").max(1_000, "Send at most 1,000 items.")],
    "Send the input as a string, or as a list of items: messages, function_call, function_call_output and reasoning.",
  ),
  instructions: wireText.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_output_tokens: mostTokens,
  reasoning: z.looseObject({ effort }).nullish(),
  stream: z.boolean().nullish(),
  tools: responseTools,
  tool_choice: responseToolChoice,
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .looseObject({
      format: z
        .discriminatedUnion(
          "type",
          [
            z.looseObject({ type: z.enum(["text", "json_object"]) }),
            schemaForm.extend({ type: z.literal("json_schema") }),
          ],
          formTypes,
        )
        .nullish(),
    })
    .nullish(),
  store: z.literal(false, "This server stores no responses. Leave “store” out, or make it false.").nullish(),
  previous_response_id: z.null(notStored).optional(),
  conversation: z.null(notStored).optional(),
  background: z.literal(false, "This server answers at once. Leave “background” out, or make it false.").nullish(),
});
export type ResponseInput = z.output<typeof responseInput>;

const status = z.enum(["in_progress", "completed", "incomplete"]);
const annotation = z.looseObject({
  type: z.literal("file_citation"),
  index: z.number().int().describe("The number in the text."),
  file_id: z.string(),
  filename: z.string(),
});
const outputItem = z.discriminatedUnion("type", [
  z.object({
    id: z.string(),
    type: z.literal("message"),
    role: z.literal("assistant"),
    status,
    content: z.array(
      z.object({
        type: z.literal("output_text"),
        text: z.string(),
        annotations: z.array(annotation).describe("Citations, with all that a clone’s have beside OpenAI’s fields."),
        logprobs: z.array(z.never()),
      }),
    ),
  }),
  z.object({
    id: z.string(),
    type: z.literal("function_call"),
    status,
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
  z.object({
    id: z.string(),
    type: z.literal("reasoning"),
    status,
    summary: z.array(z.never()),
    content: z.array(z.object({ type: z.literal("reasoning_text"), text: z.string() })),
  }),
]);
export type OutputItem = z.output<typeof outputItem>;

export const response = z.looseObject({
  id: z.string(),
  object: z.literal("response"),
  created_at: z.number().int().describe("Seconds."),
  model: z.string(),
  status: z.enum(["in_progress", "completed", "incomplete", "failed"]),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.object({ reason: z.literal("max_output_tokens") }).nullable(),
  output: z.array(outputItem),
  store: z.literal(false),
  usage: z
    .object({
      input_tokens: z.number().int(),
      input_tokens_details: z.object({ cached_tokens: z.number().int() }),
      output_tokens: z.number().int(),
      output_tokens_details: z.object({ reasoning_tokens: z.number().int() }),
      total_tokens: z.number().int(),
    })
    .nullable(),
});
export type WireResponse = z.output<typeof response>;
