import type { ToolCall } from "../answer/passing/tool-calls.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import { presentCitation } from "../present.ts";
import type { StatelessResult } from "../stateless-turn.ts";
import type { Asked } from "./openai-question.ts";
import type { OutputItem, ResponseInput, WireResponse } from "./responses-contract.ts";

/** The id of a response, and of its items: that of the answer behind another prefix. */
const idOf = ({ input }: Asked, prefix: string) => input.conversationId.replace(/^[a-z]+_/, `${prefix}_`);

/** A response before its answer, with what was asked for as its wire repeats it. */
export function emptyResponse(asked: Asked, body: ResponseInput): WireResponse {
  return {
    id: idOf(asked, "resp"),
    object: "response",
    created_at: Math.floor(asked.input.createdAt / 1000),
    model: asked.model,
    status: "in_progress",
    error: null,
    incomplete_details: null,
    output: [],
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: {},
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
    store: false,
    temperature: body.temperature ?? null,
    text: { format: body.text?.format ?? { type: "text" } },
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: body.top_p ?? null,
    truncation: "disabled",
    usage: null,
  };
}

/** A citation as an annotation, with all that OpenAI’s has not. */
export function annotationOf(row: StoredCitation) {
  const { document_id: file_id, source: filename, ...citation } = presentCitation(row);
  return { type: "file_citation" as const, file_id, filename, ...citation };
}

const completed = "completed" as const;

/** The parts of an answer as items of a response. */
export const items = {
  reasoning: (asked: Asked, text: string): OutputItem => ({
    id: idOf(asked, "rs"),
    type: "reasoning",
    status: completed,
    summary: [],
    content: [{ type: "reasoning_text", text }],
  }),
  message: (asked: Asked, text: string, citations: StoredCitation[]): OutputItem => ({
    id: idOf(asked, "msg"),
    type: "message",
    role: "assistant",
    status: completed,
    content: [{ type: "output_text", text, annotations: citations.map(annotationOf), logprobs: [] }],
  }),
  call: (asked: Asked, { index, id: call_id, name, input }: ToolCall): OutputItem => ({
    id: `${idOf(asked, "fc")}_${index}`,
    type: "function_call",
    status: completed,
    call_id,
    name,
    arguments: input,
  }),
};

/** `before` as it is once its answer has ended with these items. */
export function endedResponse(before: WireResponse, output: OutputItem[], result: StatelessResult): WireResponse {
  const { promptTokens, completionTokens, called } = result;
  const isCut = result.finishReason === "length";
  return {
    ...before,
    status: isCut ? "incomplete" : "completed",
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output,
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: called?.cacheReadTokens ?? 0 },
      output_tokens: completionTokens,
      output_tokens_details: { reasoning_tokens: called?.reasoningTokens ?? 0 },
      total_tokens: promptTokens + completionTokens,
    },
  };
}

/** A whole answer in the shape of a response: thoughts, text, calls. */
export function responseOf(asked: Asked, body: ResponseInput, result: StatelessResult): WireResponse {
  const { thoughts, content, citations, calls } = result;
  const output = [
    ...(thoughts ? [items.reasoning(asked, thoughts)] : []),
    ...(content !== "" || calls.length === 0 ? [items.message(asked, content, citations)] : []),
    ...calls.map((call) => items.call(asked, call)),
  ];
  return endedResponse(emptyResponse(asked, body), output, result);
}
