import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { Problem } from "../platform/errors.ts";

/** What a model's stream comes down to. */
export type ModelEvent =
  | { kind: "text"; text: string }
  | {
      kind: "end";
      finishReason: "stop" | "length";
      promptTokens: number | undefined;
      completionTokens: number | undefined;
    };

interface Allowance {
  /** ms until the first piece of text. */
  firstTokenMs: number;
  /** ms between two pieces. */
  stallMs: number;
}

const tooSlow = (what: string) =>
  new Problem("model_unavailable", `The model ${what}. Try again, or choose another model.`);

/**
 * Calls a model and gives its text as it comes, then its end. Aborting `signal` aborts the upstream request. Throws what the
 * provider throws, and `model_unavailable` where it keeps silent longer than allowed or ends without a finish.
 */
export async function* readModel(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  signal: AbortSignal,
  allowance: Allowance,
): AsyncGenerator<ModelEvent> {
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  // One watch for the whole answer: a timer and listeners a token would cost more than all else here.
  const startedAt = Date.now();
  let heardAt: number | null = null;
  const watch = setInterval(
    () => {
      if (heardAt === null && Date.now() - startedAt >= allowance.firstTokenMs) {
        own.abort(tooSlow("did not begin to answer in time"));
      } else if (heardAt !== null && Date.now() - heardAt >= allowance.stallMs) {
        own.abort(tooSlow("stopped in the middle of its answer"));
      }
    },
    Math.min(1_000, allowance.firstTokenMs, allowance.stallMs),
  );
  try {
    const { stream } = await orAborted(model.doStream({ ...options, abortSignal: own.signal }), own.signal);
    const reader = stream.getReader();
    // Ends a read that waits, whatever the upstream makes of the abort; what its cancelling throws is of no interest then.
    const release = () => void reader.cancel().catch(() => {});
    own.signal.addEventListener("abort", release);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        own.signal.throwIfAborted();
        if (done) throw tooSlow("ended in the middle of its answer");
        if (value.type === "error") throw value.error;
        if (value.type === "text-delta" || value.type === "reasoning-delta") heardAt = Date.now();
        if (value.type === "text-delta" && value.delta !== "") yield { kind: "text", text: value.delta };
        if (value.type === "finish") {
          yield endOf(value);
          return;
        }
      }
    } finally {
      release();
    }
  } catch (error) {
    // Aborting makes the upstream fail in its own words; the reason is what counts.
    throw own.signal.aborted ? own.signal.reason : error;
  } finally {
    clearInterval(watch);
    signal.removeEventListener("abort", abort);
    own.abort();
  }
}

function endOf({ finishReason, usage }: Extract<LanguageModelV4StreamPart, { type: "finish" }>): ModelEvent {
  if (finishReason.unified === "error") throw tooSlow("ended its answer with an error");
  return {
    kind: "end",
    finishReason: finishReason.unified === "length" ? "length" : "stop",
    promptTokens: usage.inputTokens.total,
    completionTokens: usage.outputTokens.total,
  };
}

/** `work`, unless the signal is aborted first: then its reason is thrown at once, whatever the upstream does. */
function orAborted<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
