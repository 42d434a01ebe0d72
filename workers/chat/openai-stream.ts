import type { Context } from "../workspaces/context.ts";
import { type Asked, complete } from "./openai-completion.ts";
import type { Completion } from "./openai-contract.ts";
import { openaiErrorBody } from "./openai-errors.ts";
import { failureOf } from "./openai-failure.ts";
import { presentCitation } from "./present.ts";
import type { TurnResult } from "./turn-log.ts";

const encoder = new TextEncoder();
const frame = (data: unknown) => encoder.encode(`data: ${JSON.stringify(data)}\n\n`);
const last = encoder.encode("data: [DONE]\n\n");

const finishReason = ({ finishReason }: TurnResult) => (finishReason === "length" ? ("length" as const) : "stop");

function usageOf({ promptTokens, completionTokens }: TurnResult) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function headOf({ input, model }: Asked) {
  return { id: input.conversationId, created: Math.floor(input.createdAt / 1000), model };
}

/** A whole answer in OpenAI’s shape. Throws the problem that the model’s failure is. */
export async function completeWhole(ctx: Context, asked: Asked, signal: AbortSignal): Promise<Completion> {
  const work = complete(ctx, asked, signal, () => {});
  // The usage of a client that has left is recorded all the same; what fails is thrown below.
  ctx.defer(work.catch(() => {}));
  const result = await work;
  const failure = failureOf(result);
  if (failure) throw failure;
  return {
    ...headOf(asked),
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: result.content,
          refusal: null,
          citations: result.citations.map(presentCitation),
        },
        logprobs: null,
        finish_reason: finishReason(result),
      },
    ],
    usage: usageOf(result),
  };
}

/**
 * An answer as OpenAI’s stream of chunks. Resolves at the first word; throws the problem of an answer that failed before it, so that
 * it travels as a status. Cancelling the stream aborts the model.
 */
export async function completeStreaming(
  ctx: Context,
  asked: Asked,
  { signal, includeUsage }: { signal: AbortSignal; includeUsage: boolean },
): Promise<ReadableStream<Uint8Array>> {
  const left = new AbortController();
  const begun = Promise.withResolvers<void>();
  let out: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      out = controller;
    },
    cancel() {
      out = undefined;
      left.abort();
    },
  });
  const send = (fields: object) => {
    const usage = includeUsage ? { usage: null } : {};
    out?.enqueue(frame({ ...headOf(asked), object: "chat.completion.chunk", ...usage, ...fields }));
  };
  const delta = (delta: object, finish_reason: "stop" | "length" | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason },
  ];
  let isFirst = true;
  const onText = (content: string) => {
    if (isFirst) send({ choices: delta({ role: "assistant", content: "" }) });
    isFirst = false;
    send({ choices: delta({ content }) });
    begun.resolve();
  };
  const finish = (result: TurnResult) => {
    const failure = failureOf(result);
    if (failure && isFirst) throw failure;
    if (failure) out?.enqueue(frame(openaiErrorBody(failure)));
    else {
      const start = isFirst ? { role: "assistant", content: "" } : {};
      send({ choices: delta(start, finishReason(result)), citations: result.citations.map(presentCitation) });
      if (includeUsage) send({ choices: [], usage: usageOf(result) });
      out?.enqueue(last);
    }
    out?.close();
    out = undefined;
  };
  const ended = complete(ctx, asked, AbortSignal.any([signal, left.signal]), onText)
    .then(finish)
    .catch((error) => {
      // Before the first word the caller answers with it; behind it, only the stream can tell.
      begun.reject(error);
      if (isFirst) return;
      ctx.log.error("completion_failed", error, { turn_id: asked.input.turnId });
      out?.enqueue(frame(openaiErrorBody(error)));
      out?.close();
    });
  // The usage of a client that has left is recorded all the same.
  ctx.defer(ended);
  await Promise.race([begun.promise, ended]);
  return stream;
}
