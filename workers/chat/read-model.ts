import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
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
  let timer = setTimeout(() => own.abort(tooSlow("did not begin to answer in time")), allowance.firstTokenMs);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => own.abort(tooSlow("stopped in the middle of its answer")), allowance.stallMs);
  };
  try {
    const { stream } = await race(model.doStream({ ...options, abortSignal: own.signal }), own.signal);
    const reader = stream.getReader();
    try {
      for (;;) {
        const { done, value } = await race(reader.read(), own.signal);
        if (done) throw tooSlow("ended in the middle of its answer");
        if (value.type === "error") throw value.error;
        if (value.type === "text-delta" && value.delta !== "") {
          alive();
          yield { kind: "text", text: value.delta };
        } else if (value.type === "reasoning-delta") {
          alive();
        } else if (value.type === "finish") {
          const { unified } = value.finishReason;
          if (unified === "error") throw tooSlow("ended its answer with an error");
          yield {
            kind: "end",
            finishReason: unified === "length" ? "length" : "stop",
            promptTokens: value.usage.inputTokens.total,
            completionTokens: value.usage.outputTokens.total,
          };
          return;
        }
      }
    } finally {
      // Not awaited: a broken upstream may never answer a cancel.
      reader.cancel().catch(() => {});
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    own.abort();
  }
}

/** `work`, unless the signal is aborted first: then its reason is thrown at once, whatever the upstream does. */
function race<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
