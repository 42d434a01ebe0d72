import { isProblem } from "../../platform/errors.ts";
import { sseFrame, sseKeepAlive, sseText } from "../../platform/http/sse.ts";
import type { Context } from "../../workspaces/context.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { presentCitation } from "../present.ts";
import { runStatelessTurn, type StatelessTurn } from "../stateless-turn.ts";
import type { Completion } from "./openai-contract.ts";
import { openaiErrorBody } from "./openai-errors.ts";
import { failureOf } from "./openai-failure.ts";

/** A completion that may begin: a turn whose history the client brought along. */
export interface Asked extends StatelessTurn {
  /** As the client named it. */
  model: string;
  /** Whether the last of the chunks says what it took. */
  includeUsage: boolean;
}

/** What ends OpenAI’s streams. */
const last = new TextEncoder().encode(sseText({ json: "[DONE]" }));

const finishReason = ({ finishReason }: TurnResult) => (finishReason === "length" ? ("length" as const) : "stop");

const usageOf = (result: TurnResult) => ({
  prompt_tokens: result.promptTokens,
  completion_tokens: result.completionTokens,
  total_tokens: result.promptTokens + result.completionTokens,
});

function headOf({ input, model }: Asked) {
  return { id: input.conversationId, created: Math.floor(input.createdAt / 1000), model };
}

/** A whole answer in OpenAI’s shape. Throws the problem that the model’s failure is. */
export async function completeWhole(ctx: Context, asked: Asked, signal: AbortSignal): Promise<Completion> {
  const work = runStatelessTurn(ctx, asked, signal);
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

/** OpenAI’s chunks of one answer, as a stream of bytes. Nothing is written any more once its reader has left. */
class ChunkStream {
  readonly bytes: ReadableStream<Uint8Array>;
  readonly #asked: Asked;
  #out: ReadableStreamDefaultController<Uint8Array> | undefined;
  hasText = false;

  constructor(asked: Asked, onLeft: () => void) {
    this.#asked = asked;
    this.bytes = new ReadableStream({
      start: (controller) => {
        this.#out = controller;
      },
      cancel: () => {
        this.#out = undefined;
        onLeft();
      },
    });
  }

  #send(fields: object): void {
    const usage = this.#asked.includeUsage ? { usage: null } : {};
    this.#out?.enqueue(
      sseFrame({ data: { ...headOf(this.#asked), object: "chat.completion.chunk", ...usage, ...fields } }),
    );
  }

  #delta(delta: object, finish_reason: "stop" | "length" | null = null, fields: object = {}): void {
    this.#send({ choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...fields });
  }

  say(content: string): void {
    if (!this.hasText) this.#delta({ role: "assistant", content: "" });
    this.hasText = true;
    this.#delta({ content });
  }

  keepAlive(): void {
    this.#out?.enqueue(sseKeepAlive);
  }

  finish(result: TurnResult): void {
    const citations = result.citations.map(presentCitation);
    this.#delta(this.hasText ? {} : { role: "assistant", content: "" }, finishReason(result), { citations });
    if (this.#asked.includeUsage) this.#send({ choices: [], usage: usageOf(result) });
    this.#end(last);
  }

  fail(error: unknown): void {
    this.#end(sseFrame({ data: openaiErrorBody(error) }));
  }

  #end(bytes: Uint8Array): void {
    this.#out?.enqueue(bytes);
    this.#out?.close();
    this.#out = undefined;
  }
}

/** How long an answer may still fail with a status, in ms. Then the stream begins: only where it is written to do leavers show. */
const statusPatience = 2_000;
const keepAliveEvery = 5_000;

/**
 * An answer as OpenAI’s stream of chunks. Resolves at the first word, or after two seconds; throws the problem of an answer that
 * failed before, so that it travels as a status. Cancelling the stream aborts the model.
 */
export async function completeStreaming(
  ctx: Context,
  asked: Asked,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const left = new AbortController();
  const chunks = new ChunkStream(asked, () => left.abort());
  const begun = Promise.withResolvers<void>();
  let hasBegun = false;
  const alive = setInterval(() => chunks.keepAlive(), keepAliveEvery);
  const onText = (text: string) => {
    chunks.say(text);
    begun.resolve();
  };
  const ended = runStatelessTurn(ctx, asked, AbortSignal.any([signal, left.signal]), { onText })
    .then((result) => {
      const failure = failureOf(result);
      if (failure) throw failure;
      chunks.finish(result);
    })
    .catch((error) => {
      begun.reject(error);
      if (!chunks.hasText && !hasBegun) return;
      if (!isProblem(error)) ctx.log.error("completion_failed", error, { turn_id: asked.input.turnId });
      chunks.fail(error);
    })
    .finally(() => clearInterval(alive));
  // The usage of a client that has left is recorded all the same.
  ctx.defer(ended);
  const patience = setTimeout(begun.resolve, statusPatience);
  await Promise.race([begun.promise, ended]).finally(() => clearTimeout(patience));
  hasBegun = true;
  return chunks.bytes;
}
