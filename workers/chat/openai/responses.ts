import { load } from "../../platform/limits/overload.ts";
import { operation } from "../../workspaces/operation.ts";
import { answerStreaming, answerWhole, type ReadyAnswer } from "./openai-answer.ts";
import { openaiBodyLimit } from "./openai-contract.ts";
import { Messages } from "./openai-messages.ts";
import { pictureOf } from "./openai-pictures.ts";
import { askedOf, type Question } from "./openai-question.ts";
import { formOf, toolChoiceOf, toolOf } from "./openai-tools.ts";
import { anyQuery, openaiTags, type ResponseInput, responseInput, type WireResponse } from "./responses-contract.ts";
import { responseOf } from "./responses-output.ts";
import { ResponseWriter } from "./responses-stream.ts";

type Item = Exclude<ResponseInput["input"], string>[number];
type Content = Extract<Item, { type: "message" }>["content"];
type Part = Exclude<Content, string>[number];

const partsOf = (content: Content): Part[] =>
  typeof content === "string" ? [{ type: "input_text", text: content }] : content;

const textOfPart = (part: Part) => {
  if (part.type === "input_image") return "";
  return part.type === "refusal" ? part.refusal : part.text;
};
const textOf = (content: Content) => partsOf(content).map(textOfPart).join("\n");

/** The items of a client as messages, with the instructions among them. */
function read(items: Item[]): { messages: Messages; instructions: string[] } {
  const messages = new Messages();
  const instructions: string[] = [];
  for (const [at, item] of items.entries()) {
    const path = `input.${at}`;
    if (item.type === "function_call") {
      const { call_id: id, name, arguments: input } = item;
      messages.assistant({ text: "", thoughts: "", calls: [{ id, name, input }] }, `${path}.arguments`);
    } else if (item.type === "function_call_output") {
      messages.tool(item.call_id, textOf(item.output), `${path}.call_id`);
    } else if (item.type === "message") {
      if (item.role === "assistant") messages.assistant({ text: textOf(item.content), thoughts: "", calls: [] }, path);
      else if (item.role === "user")
        messages.user(
          partsOf(item.content).map((part) =>
            part.type === "input_image" ? pictureOf(part.image_url) : { type: "text" as const, text: textOfPart(part) },
          ),
        );
      else instructions.push(textOf(item.content));
    }
  }
  return { messages, instructions };
}

function questionOf(body: ResponseInput): Question {
  const { model, input, temperature, top_p, max_output_tokens, reasoning, tools, tool_choice, text } = body;
  const asItems: Item[] = typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;
  const { messages, instructions } = read(asItems);
  const toolChoice = toolChoiceOf(tool_choice);
  const form = text?.format;
  const responseFormat = formOf(form?.type, form?.type === "json_schema" ? form : undefined);
  return {
    model,
    instructions: [body.instructions ?? "", ...instructions].filter(Boolean).join("\n\n").trim(),
    messages: messages.all,
    sampling: {
      temperature: temperature ?? undefined,
      topP: top_p ?? undefined,
      maxTokens: max_output_tokens ?? undefined,
      reasoning: reasoning?.effort ?? undefined,
    },
    options: {
      ...(tools?.length ? { tools: tools.map(toolOf) } : {}),
      ...(toolChoice ? { toolChoice } : {}),
      ...(responseFormat ? { responseFormat } : {}),
    },
    isOneCall: body.parallel_tool_calls === false,
    names: { messages: "input", format: "text.format.type" },
  };
}

/** Throws as `askedOf`. */
export const askResponse = operation({
  summary: "Ask a clone or a model, in OpenAI’s later wire",
  description:
    "As `/v1/chat/completions`, in the wire of OpenAI’s responses. Nothing is stored: the items of `input` are the history. With `stream`, events as `text/event-stream`; citations are `file_citation` annotations of the text.",
  tags: openaiTags,
  action: "conversation.write",
  scope: "chat",
  limit: "chat",
  bodyLimit: openaiBodyLimit,
  audit: { nothing: "it answers and stores nothing but the usage" },
  query: anyQuery,
  input: responseInput,
  run: (ctx, { body }) =>
    load.enter(async (): Promise<ReadyAnswer<WireResponse>> => {
      const asked = await askedOf(ctx, questionOf(body));
      return {
        stream: body.stream ?? false,
        whole: async (signal) => responseOf(asked, body, await answerWhole(ctx, asked, signal)),
        pieces: (signal) => answerStreaming(ctx, asked, signal, (out) => new ResponseWriter(asked, body, out)),
      };
    }),
});
