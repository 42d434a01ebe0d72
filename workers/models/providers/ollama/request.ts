import {
  type LanguageModelV4CallOptions,
  type LanguageModelV4FilePart,
  type LanguageModelV4Message,
  type LanguageModelV4ToolResultPart,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import type { BoxModel } from "./box-model.ts";
import { type PromptSize, sizeOf } from "./context-window.ts";

/** A message as Ollama takes it. */
interface Message {
  role: string;
  content: string;
  thinking?: string;
  images?: string[];
  tool_calls?: { id: string; function: { name: string; arguments: unknown } }[];
  tool_name?: string;
  tool_call_id?: string;
}

function base64Of(data: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < data.length; at += 32_768) binary += String.fromCharCode(...data.subarray(at, at + 32_768));
  return btoa(binary);
}

/** An image as Ollama takes it. Throws for what is none, and for addresses: a box fetches nothing. */
function imageOf({ mediaType, data }: LanguageModelV4FilePart): string {
  if (!mediaType.startsWith("image") || data.type !== "data")
    throw new UnsupportedFunctionalityError({ functionality: `a file of ${mediaType} by ${data.type}` });
  return typeof data.data === "string" ? data.data : base64Of(data.data);
}

function resultOf({ output }: LanguageModelV4ToolResultPart): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "execution-denied":
      return output.reason ?? "This was not allowed.";
    case "content":
      return output.value.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  }
}

function messagesOf(message: LanguageModelV4Message): Message[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "tool":
      return message.content.flatMap((part) =>
        part.type === "tool-result"
          ? [{ role: "tool", content: resultOf(part), tool_name: part.toolName, tool_call_id: part.toolCallId }]
          : [],
      );
    default: {
      const { role, content } = message;
      const texts = (type: "text" | "reasoning") =>
        content.flatMap((part) => (part.type === type ? [(part as { text: string }).text] : [])).join("\n\n");
      const images = content.flatMap((part) => (part.type === "file" ? [imageOf(part)] : []));
      const calls = content.flatMap((part) =>
        part.type === "tool-call"
          ? [{ id: part.toolCallId, function: { name: part.toolName, arguments: part.input } }]
          : [],
      );
      const thinking = texts("reasoning");
      return [
        {
          role,
          content: texts("text"),
          ...(thinking ? { thinking } : {}),
          ...(images.length > 0 ? { images } : {}),
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
      ];
    }
  }
}

/** Whether the model is to think, as Ollama takes it: not every model takes how much. Nothing where it cannot, as that is refused. */
function thinkOf(reasoning: LanguageModelV4CallOptions["reasoning"], { capabilities, family }: BoxModel) {
  if (!reasoning || reasoning === "provider-default" || !capabilities?.includes("thinking")) return undefined;
  if (family !== "gptoss") return reasoning !== "none";
  if (reasoning === "medium") return "medium";
  return reasoning === "none" || reasoning === "minimal" || reasoning === "low" ? "low" : "high";
}

function toolsOf({ tools = [], toolChoice }: LanguageModelV4CallOptions, warnings: SharedV4Warning[]) {
  if (toolChoice?.type === "none") return undefined;
  if (toolChoice?.type === "required" || toolChoice?.type === "tool")
    warnings.push({ type: "unsupported", feature: `toolChoice ${toolChoice.type}` });
  const taken = tools.flatMap((tool) => {
    if (tool.type === "function") {
      const { name, description, inputSchema } = tool;
      return [{ type: "function", function: { name, description, parameters: inputSchema } }];
    }
    warnings.push({ type: "unsupported", feature: `the tool ${tool.name}` });
    return [];
  });
  return taken.length > 0 ? taken : undefined;
}

/** A request without its window, and what it holds. */
interface Written {
  body: Record<string, unknown> & { options: Record<string, unknown> };
  size: PromptSize;
  warnings: SharedV4Warning[];
}

/**
 * What a chat model is asked, as Ollama takes it. It is to refuse a prompt that does not fit in place of cutting it, and to end an answer there in place of forgetting
 * how it began: `truncate` and `shift`, which older versions do not know.
 */
export function writeRequest(name: string, options: LanguageModelV4CallOptions, model: BoxModel): Written {
  const warnings: SharedV4Warning[] = [];
  const messages = options.prompt.flatMap(messagesOf);
  const tools = toolsOf(options, warnings);
  const { responseFormat: format } = options;
  const unread = [...(tools ? [JSON.stringify(tools)] : []), ...messages.flatMap(({ thinking = [] }) => thinking)];
  const images = messages.reduce((sum, message) => sum + (message.images?.length ?? 0), 0);
  return {
    size: sizeOf(
      messages.map(({ content }) => content),
      unread,
      images,
    ),
    warnings,
    body: {
      model: name,
      messages,
      tools,
      think: thinkOf(options.reasoning, model),
      format: format?.type === "json" ? (format.schema ?? "json") : undefined,
      truncate: false,
      shift: false,
      options: {
        temperature: options.temperature,
        top_p: options.topP,
        top_k: options.topK,
        presence_penalty: options.presencePenalty,
        frequency_penalty: options.frequencyPenalty,
        seed: options.seed,
        stop: options.stopSequences,
        num_predict: options.maxOutputTokens,
      },
    },
  };
}
