import { isProblem } from "../../platform/errors.ts";
import { sseKeepAlive } from "../../platform/http/sse.ts";
import type { Context } from "../../workspaces/context.ts";
import type { ToolCall } from "../answer/passing/tool-calls.ts";
import { runStatelessTurn, type StatelessResult } from "../stateless-turn.ts";
import { failureOf } from "./openai-failure.ts";
import type { Asked } from "./openai-question.ts";

/** An answer that is ready to be given; `signal` ends it. */
export interface ReadyAnswer<Whole> {
  /** Whether it is to be given in pieces. */
  stream: boolean;
  whole(signal: AbortSignal): Promise<Whole>;
  pieces(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** Writes an answer in the pieces of a wire. */
export interface AnswerWriter {
  text(text: string): void;
  thought(text: string): void;
  /** A piece of a call; the first of each is empty. */
  call(call: ToolCall, piece: string): void;
  finish(result: StatelessResult): void;
  fail(error: unknown): void;
}

/** Bytes for a reader, who may leave: nothing is written any more then. */
export class ByteStream {
  readonly bytes: ReadableStream<Uint8Array>;
  #out: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(onLeft: () => void) {
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

  send(bytes: Uint8Array): void {
    this.#out?.enqueue(bytes);
  }

  end(): void {
    this.#out?.close();
    this.#out = undefined;
  }
}

/** A whole answer. Throws the problem that the model’s failure is. */
export async function answerWhole(ctx: Context, asked: Asked, signal: AbortSignal): Promise<StatelessResult> {
  const work = runStatelessTurn(ctx, asked, signal);
  // The usage of a client that has left is recorded all the same; what fails is thrown below.
  ctx.defer(work.catch(() => {}));
  const result = await work;
  const failure = failureOf(result);
  if (failure) throw failure;
  return result;
}

/** How long an answer may still fail with a status, in ms. Then the stream begins: only where it is written to do leavers show. */
const statusPatience = 2_000;
const keepAliveEvery = 5_000;

/**
 * An answer in the pieces that `writerOf` makes. Resolves at the first of them, or after two seconds; throws the problem of an answer that
 * failed before, so that it travels as a status. Cancelling the stream aborts the model.
 */
export async function answerStreaming(
  ctx: Context,
  asked: Asked,
  signal: AbortSignal,
  writerOf: (out: ByteStream) => AnswerWriter,
): Promise<ReadableStream<Uint8Array>> {
  const left = new AbortController();
  const out = new ByteStream(() => left.abort());
  const writer = writerOf(out);
  const begun = Promise.withResolvers<void>();
  let hasBegun = false;
  const alive = setInterval(() => out.send(sseKeepAlive), keepAliveEvery);
  const begin = () => {
    hasBegun = true;
    begun.resolve();
  };
  const ended = runStatelessTurn(ctx, asked, AbortSignal.any([signal, left.signal]), {
    onText(text) {
      writer.text(text);
      begin();
    },
    onThought(text) {
      writer.thought(text);
      begin();
    },
    onCall(call, piece) {
      writer.call(call, piece);
      begin();
    },
  })
    .then((result) => {
      const failure = failureOf(result);
      if (failure) throw failure;
      writer.finish(result);
    })
    .catch((error) => {
      begun.reject(error);
      if (!hasBegun) return;
      if (!isProblem(error)) ctx.log.error("completion_failed", error, { turn_id: asked.input.turnId });
      writer.fail(error);
    })
    .finally(() => {
      clearInterval(alive);
      out.end();
    });
  // The usage of a client that has left is recorded all the same.
  ctx.defer(ended);
  const patience = setTimeout(begin, statusPatience);
  await Promise.race([begun.promise, ended]).finally(() => clearTimeout(patience));
  hasBegun = true;
  return out.bytes;
}
