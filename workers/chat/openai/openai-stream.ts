import { sseFrame, sseText } from "../../platform/http/sse.ts";
import type { ToolCall } from "../answer/passing/tool-calls.ts";
import { presentCitation } from "../present.ts";
import type { StatelessResult } from "../stateless-turn.ts";
import type { AnswerWriter, ByteStream } from "./openai-answer.ts";
import type { Completion } from "./openai-contract.ts";
import { openaiErrorBody } from "./openai-errors.ts";
import type { Asked } from "./openai-question.ts";

/** What ends OpenAI’s streams. */
const last = new TextEncoder().encode(sseText({ json: "[DONE]" }));

type FinishReason = Completion["choices"][number]["finish_reason"];

function finishReason({ finishReason, calls }: StatelessResult): FinishReason {
  if (finishReason === "length") return "length";
  return calls.length > 0 ? "tool_calls" : "stop";
}

const usageOf = ({ promptTokens, completionTokens, called }: StatelessResult): Completion["usage"] => ({
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
  total_tokens: promptTokens + completionTokens,
  prompt_tokens_details: { cached_tokens: called?.cacheReadTokens ?? 0 },
  completion_tokens_details: { reasoning_tokens: called?.reasoningTokens ?? 0 },
});

function headOf({ input, model }: Asked) {
  return { id: input.conversationId, created: Math.floor(input.createdAt / 1000), model };
}

const callOf = ({ id, name, input }: ToolCall) => ({
  id,
  type: "function" as const,
  function: { name, arguments: input },
});

/** A whole answer in OpenAI’s shape. */
export function completionOf(asked: Asked, result: StatelessResult): Completion {
  const { content, thoughts, calls, citations } = result;
  return {
    ...headOf(asked),
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: content === "" && calls.length > 0 ? null : content,
          ...(thoughts ? { reasoning_content: thoughts } : {}),
          refusal: null,
          ...(calls.length > 0 ? { tool_calls: calls.map(callOf) } : {}),
          citations: citations.map(presentCitation),
        },
        logprobs: null,
        finish_reason: finishReason(result),
      },
    ],
    usage: usageOf(result),
  };
}

/** Writes an answer in OpenAI’s chunks. */
export class ChunkWriter implements AnswerWriter {
  readonly #asked: Asked;
  /** Whether the last of the chunks says what it took. */
  readonly #includeUsage: boolean;
  readonly #out: ByteStream;
  #hasBegun = false;

  constructor(asked: Asked, includeUsage: boolean, out: ByteStream) {
    this.#asked = asked;
    this.#includeUsage = includeUsage;
    this.#out = out;
  }

  #send(fields: object): void {
    const usage = this.#includeUsage ? { usage: null } : {};
    this.#out.send(
      sseFrame({ data: { ...headOf(this.#asked), object: "chat.completion.chunk", ...usage, ...fields } }),
    );
  }

  #delta(delta: object, finish_reason: FinishReason | null = null, fields: object = {}): void {
    this.#send({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...fields });
  }

  #say(delta: object): void {
    if (!this.#hasBegun) this.#delta({ role: "assistant", content: "" });
    this.#hasBegun = true;
    this.#delta(delta);
  }

  text(content: string): void {
    this.#say({ content });
  }

  thought(reasoning_content: string): void {
    this.#say({ reasoning_content });
  }

  call({ index, id, name }: ToolCall, piece: string): void {
    const called = piece === "" ? { id, type: "function", function: { name, arguments: "" } } : undefined;
    this.#say({ tool_calls: [{ index, ...(called ?? { function: { arguments: piece } }) }] });
  }

  finish(result: StatelessResult): void {
    const citations = result.citations.map(presentCitation);
    this.#delta(this.#hasBegun ? {} : { role: "assistant", content: "" }, finishReason(result), { citations });
    if (this.#includeUsage) this.#send({ choices: [], usage: usageOf(result) });
    this.#out.send(last);
  }

  fail(error: unknown): void {
    this.#out.send(sseFrame({ data: openaiErrorBody(error) }));
  }
}
