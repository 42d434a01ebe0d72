import type { LanguageModelV4FilePart, LanguageModelV4TextPart, LanguageModelV4ToolCallPart } from "@ai-sdk/provider";
import { Problem } from "../../platform/errors.ts";
import type { SpokenMessage } from "./openai-question.ts";

/** A call of a tool, as both wires tell it. */
interface WireCall {
  id: string;
  name: string;
  input: string;
}

function invalid(path: string, message: string): Problem {
  return new Problem("validation_failed", message, { errors: [{ path, message }] });
}

/** Builds the messages that a client brought along, as models are given them. `path` names where each stands on the wire. */
export class Messages {
  readonly all: SpokenMessage[] = [];
  readonly #names = new Map<string, string>();

  user(content: (LanguageModelV4TextPart | LanguageModelV4FilePart)[]): void {
    this.all.push({ role: "user", content });
  }

  /** What the model said: its calls follow its words in one message, as servers want them. */
  assistant({ text, thoughts, calls }: { text: string; thoughts: string; calls: WireCall[] }, path: string): void {
    const content = [
      // Some models take a call of a tool back with the thoughts that led to it alone.
      ...(thoughts && calls.length > 0 ? [{ type: "reasoning" as const, text: thoughts }] : []),
      ...(text ? [{ type: "text" as const, text }] : []),
      ...calls.map((call) => this.#call(call, path)),
    ];
    const last = this.all.at(-1);
    const isContinued = last?.role === "assistant" && text === "" && calls.length > 0;
    if (isContinued) last.content.push(...content);
    else if (content.length > 0) this.all.push({ role: "assistant", content });
  }

  #call({ id, name, input }: WireCall, path: string): LanguageModelV4ToolCallPart {
    this.#names.set(id, name);
    try {
      return { type: "tool-call", toolCallId: id, toolName: name, input: JSON.parse(input || "{}") };
    } catch {
      throw invalid(path, `The arguments of the call “${id}” are no JSON.`);
    }
  }

  /** What a tool answered. Throws `validation_failed` where nothing has called it. */
  tool(id: string, value: string, path: string): void {
    const toolName = this.#names.get(id);
    if (toolName === undefined)
      throw invalid(path, `No message before this one calls a tool by the id “${id}”. Send the model’s call too.`);
    this.all.push({
      role: "tool",
      content: [{ type: "tool-result", toolCallId: id, toolName, output: { type: "text", value } }],
    });
  }
}
