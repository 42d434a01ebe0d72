import { load } from "../../platform/limits/overload.ts";
import { operation } from "../../workspaces/operation.ts";
import { answerStreaming, answerWhole, type ReadyAnswer } from "./openai-answer.ts";
import {
  anyQuery,
  type Completion,
  type CompletionInput,
  completionInput,
  openaiBodyLimit,
  openaiTags,
} from "./openai-contract.ts";
import { Messages } from "./openai-messages.ts";
import { pictureOf } from "./openai-pictures.ts";
import { askedOf, type Question } from "./openai-question.ts";
import { ChunkWriter, completionOf } from "./openai-stream.ts";
import { formOf, toolChoiceOf, toolOf } from "./openai-tools.ts";

type ChatMessage = CompletionInput["messages"][number];

const partsOf = (content: ChatMessage["content"]) =>
  typeof content === "string" ? [{ type: "text" as const, text: content }] : (content ?? []);

function textOf({ content }: ChatMessage): string {
  return partsOf(content)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("\n");
}

const isInstruction = ({ role }: ChatMessage) => role === "system" || role === "developer";

function messagesOf(messages: ChatMessage[]): Messages {
  const read = new Messages();
  for (const [at, message] of messages.entries()) {
    if (message.role === "user")
      read.user(
        partsOf(message.content).map((part) =>
          part.type === "text" ? { type: "text" as const, text: part.text } : pictureOf(part.image_url.url),
        ),
      );
    else if (message.role === "assistant") {
      const calls = message.tool_calls?.map(({ id, function: { name, arguments: input } }) => ({ id, name, input }));
      const said = { text: textOf(message), thoughts: message.reasoning_content ?? "", calls: calls ?? [] };
      read.assistant(said, `messages.${at}.tool_calls`);
    } else if (message.role === "tool") read.tool(message.tool_call_id, textOf(message), `messages.${at}.tool_call_id`);
  }
  return read;
}

function questionOf(body: CompletionInput): Question {
  const { model, messages, temperature, top_p, max_tokens, max_completion_tokens, stop, reasoning_effort } = body;
  const { tools, tool_choice, response_format: form } = body;
  const instructions = messages.filter(isInstruction).map(textOf).join("\n\n").trim();
  const toolChoice = toolChoiceOf(typeof tool_choice === "object" ? tool_choice?.function : tool_choice);
  const responseFormat = formOf(form?.type, form?.type === "json_schema" ? form.json_schema : undefined);
  return {
    model,
    instructions,
    messages: messagesOf(messages).all,
    sampling: {
      temperature: temperature ?? undefined,
      topP: top_p ?? undefined,
      maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
      stop: typeof stop === "string" ? [stop] : (stop ?? undefined),
      reasoning: reasoning_effort ?? undefined,
    },
    options: {
      ...(tools?.length ? { tools: tools.map((tool) => toolOf(tool.function)) } : {}),
      ...(toolChoice ? { toolChoice } : {}),
      ...(responseFormat ? { responseFormat } : {}),
    },
    isOneCall: body.parallel_tool_calls === false,
    names: { messages: "messages", format: "response_format.type" },
  };
}

/** Throws as `askedOf`. */
export const askCompletion = operation({
  summary: "Ask a clone or a model, in OpenAI’s wire",
  description:
    "`model` is `clone:` and a clone’s slug, or a model’s id. Nothing is stored: the messages are the history. With `stream`, chunks as `text/event-stream`; the last one with a `finish_reason` carries `citations`.",
  tags: openaiTags,
  action: "conversation.write",
  scope: "chat",
  limit: "chat",
  bodyLimit: openaiBodyLimit,
  audit: { nothing: "it answers and stores nothing but the usage" },
  query: anyQuery,
  input: completionInput,
  run: (ctx, { body }) =>
    load.enter(async (): Promise<ReadyAnswer<Completion>> => {
      const asked = await askedOf(ctx, questionOf(body));
      const includeUsage = body.stream_options?.include_usage ?? false;
      return {
        stream: body.stream ?? false,
        whole: async (signal) => completionOf(asked, await answerWhole(ctx, asked, signal)),
        pieces: (signal) => answerStreaming(ctx, asked, signal, (out) => new ChunkWriter(asked, includeUsage, out)),
      };
    }),
});
