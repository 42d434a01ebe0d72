import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { Problem } from "../platform/errors.ts";
import { countedIn } from "./counted-in.ts";
import type { Counted } from "./ports/counted.ts";
import { readParts } from "./read-parts.ts";

/** A piece of a tool's call, or all of one. */
export type ToolPart = Extract<
  LanguageModelV4StreamPart,
  { type: "tool-input-start" | "tool-input-delta" | "tool-call" }
>;

/** How a model's answer ended. */
export interface ModelEnd extends Counted {
  finishReason: "stop" | "length";
  /** What the provider said of why. */
  reason: LanguageModelV4FinishReason["unified"];
  /** Whether it thought aloud. */
  hasThought: boolean;
  /** ms from the call to the first thought or word, and to the end; null where nothing was said. */
  firstTokenMs: number | null;
  durationMs: number;
}

/** Who reads an answer. */
export interface Reader {
  /** Takes the next piece; returns true where it was enough. */
  onText(text: string): boolean;
  /** Takes the next piece of what the model thinks aloud. */
  onThought?(text: string): void;
  /** Takes the next piece of what the model calls of the tools that it was given. */
  onTool?(part: ToolPart): void;
  /** Called once, when the request is on its way and nothing that is done now delays it. */
  onCalled?(): void;
  /** For how long it has no use for more, in ms. */
  restMs?(): number;
}

/** A provider that keeps its headers until the first token has the request by then, in ms. */
const calledWithinMs = 25;

export interface Allowance {
  /** ms until the model is first heard of, or its server says again that it is there. */
  firstTokenMs: number;
  /** ms between two pieces. */
  stallMs: number;
  /** ms until the first piece of text, where the model shows that it thinks. */
  thoughtMs: number;
}

const tooSlow = (what: string) =>
  new Problem("model_unavailable", `The model ${what}. Try again, or choose another model.`);

/**
 * Calls a model and hands its text over as it comes. Resolves to its end, or to null where the reader had enough. Aborting `signal`
 * aborts the upstream request. Throws what the provider throws, and `model_unavailable` where it keeps silent longer than allowed
 * or ends without a finish.
 */
export async function readModel(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  signal: AbortSignal,
  allowance: Allowance,
  reader: Reader,
): Promise<ModelEnd | null> {
  const own = new AbortController();
  const abort = () => own.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  const silence = new Silence(allowance, own);
  const over = new Error("The answer has been read.");
  let end: ModelEnd | null = null;
  let hasThought = false;
  const startedAt = Date.now();
  let firstTokenMs: number | null = null;
  try {
    const { stream } = await orAborted(
      called(model.doStream({ ...options, abortSignal: own.signal }), reader),
      own.signal,
    );
    const reading = readParts(
      stream,
      own.signal,
      (part) => {
        own.signal.throwIfAborted();
        if (part.type === "error") throw part.error;
        if (part.type === "finish")
          end = { ...endOf(part), hasThought, firstTokenMs, durationMs: Date.now() - startedAt };
        if (part.type === "raw" || part.type === "response-metadata") silence.alive();
        // Empty pieces say nothing: a model could send them for ever.
        const isPiece = (part.type === "text-delta" || part.type === "reasoning-delta") && part.delta !== "";
        if (isPiece) silence.heard(part.type === "text-delta");
        if (isPiece && part.type === "reasoning-delta") reader.onThought?.(part.delta);
        if (isPiece) firstTokenMs ??= Date.now() - startedAt;
        if (!isPiece && isOfTool(part)) {
          silence.heard(true);
          reader.onTool?.(part);
        }
        hasThought ||= isPiece && part.type === "reasoning-delta";
        const isEnough = isPiece && part.type === "text-delta" && reader.onText(part.delta);
        if (end || isEnough) throw over;
      },
      reader.restMs,
    );
    await orAborted(reading, own.signal);
    throw tooSlow("ended in the middle of its answer");
  } catch (error) {
    if (error === over) return end;
    // Aborting makes the upstream fail in its own words; the reason is what counts.
    throw own.signal.aborted ? own.signal.reason : error;
  } finally {
    silence.end();
    signal.removeEventListener("abort", abort);
    own.abort();
  }
}

/** Watches for a model that keeps silent, and aborts it then. One timer for a long time: timers and listeners a token cost too much. */
class Silence {
  readonly #allowance: Allowance;
  readonly #model: AbortController;
  readonly #startedAt = Date.now();
  #timer: ReturnType<typeof setTimeout>;
  /** When its server last said that it is there, and when it itself last said something. */
  #aliveAt = this.#startedAt;
  #heardAt: number | null = null;
  #hasText = false;

  constructor(allowance: Allowance, model: AbortController) {
    this.#allowance = allowance;
    this.#model = model;
    this.#timer = this.#lookAt(this.#limit().at);
  }

  /** When it will have been silent for too long as things stand, in ms since the epoch, and what the model did then. */
  #limit(): { at: number; what: string } {
    const { firstTokenMs, stallMs, thoughtMs } = this.#allowance;
    const begin = { at: this.#aliveAt + firstTokenMs, what: "did not begin to answer in time" };
    const heardAt = this.#heardAt;
    if (heardAt === null) return earlier(begin, { ...begin, at: this.#startedAt + Math.max(firstTokenMs, thoughtMs) });
    const stalled = { at: this.#aliveAt + stallMs, what: "stopped in the middle of its answer" };
    if (this.#hasText) return earlier(stalled, { ...stalled, at: heardAt + Math.max(stallMs, thoughtMs) });
    return earlier(stalled, { at: this.#startedAt + thoughtMs, what: "thought for too long without answering" });
  }

  #lookAt(at: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#look(), at - Date.now());
  }

  #look(): void {
    const { at, what } = this.#limit();
    // It has been heard since the timer was set.
    if (Date.now() < at) this.#timer = this.#lookAt(at);
    else this.#model.abort(tooSlow(what));
  }

  alive(): void {
    this.#aliveAt = Date.now();
  }

  heard(isText: boolean): void {
    const isFirst = this.#heardAt === null;
    this.#heardAt = Date.now();
    this.#aliveAt = this.#heardAt;
    this.#hasText ||= isText;
    if (!isFirst) return;
    // From here on the limit only moves away; this once, it may have come nearer.
    clearTimeout(this.#timer);
    this.#timer = this.#lookAt(this.#limit().at);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

const isOfTool = (part: LanguageModelV4StreamPart): part is ToolPart =>
  part.type === "tool-input-delta" || part.type === "tool-input-start" || part.type === "tool-call";

const earlier = <T extends { at: number }>(one: T, other: T): T => (one.at <= other.at ? one : other);

/** `answer`, with the reader told when the request is on its way: at the latest when it is answered. */
function called<T>(answer: PromiseLike<T>, { onCalled }: Reader): Promise<T> {
  return new Promise((resolve, reject) => {
    let isTold = false;
    const tell = () => {
      clearTimeout(timer);
      if (!isTold) onCalled?.();
      isTold = true;
    };
    const timer = setTimeout(tell, calledWithinMs);
    answer.then(
      (value) => {
        tell();
        resolve(value);
      },
      (error) => {
        tell();
        reject(error);
      },
    );
  });
}

function endOf({ finishReason, usage }: Extract<LanguageModelV4StreamPart, { type: "finish" }>) {
  if (finishReason.unified === "interrupted") throw tooSlow("ended in the middle of its answer");
  if (finishReason.unified === "error") throw tooSlow("ended its answer with an error");
  return {
    finishReason: finishReason.unified === "length" ? ("length" as const) : ("stop" as const),
    reason: finishReason.unified,
    ...countedIn(usage),
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
