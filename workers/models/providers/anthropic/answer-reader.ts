import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Emit, EventReader, Fields } from "../event-stream.ts";
import { finishReasonOf } from "../finish-reason.ts";
import { PartWriter } from "../part-writer.ts";

interface Counts {
  /** Without what a cache had, or was given. */
  input_tokens?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  output_tokens?: number;
  output_tokens_details?: { thinking_tokens?: number } | null;
}

interface Event {
  type?: unknown;
  message?: { id?: unknown; model?: unknown; usage?: Counts };
  delta?: { type?: unknown; text?: unknown; thinking?: unknown; stop_reason?: unknown };
  usage?: Counts;
}

function usageOf(counts: Counts): LanguageModelV4Usage {
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens } = counts;
  const reasoning = counts.output_tokens_details?.thinking_tokens;
  const cached = (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0);
  return {
    inputTokens: {
      total: input_tokens === undefined ? undefined : input_tokens + cached,
      noCache: input_tokens,
      cacheRead: cache_read_input_tokens,
      cacheWrite: cache_creation_input_tokens,
    },
    outputTokens: {
      total: output_tokens,
      text: output_tokens === undefined || reasoning === undefined ? undefined : output_tokens - reasoning,
      reasoning,
    },
  };
}

/** Turns the events of Anthropic's messages into parts. */
export class AnswerReader implements EventReader {
  readonly #parts: PartWriter;
  #reason: LanguageModelV4FinishReason | null = null;
  #counts: Counts = {};
  hasText = false;
  isDone = false;

  constructor(emit: Emit) {
    this.#parts = new PartWriter(emit);
  }

  errorIn(event: Fields): unknown {
    return event.type === "error" ? event : undefined;
  }

  alive(): void {
    this.#parts.alive();
  }

  read({ type, message, delta, usage }: Event): void {
    if (message) this.#parts.name(message.id, message.model);
    // The later counts are of the whole answer, and leave out what the first have said.
    if (message?.usage || usage) this.#counts = { ...this.#counts, ...message?.usage, ...usage };
    if (typeof delta?.text === "string") {
      this.hasText = true;
      this.#parts.say("text", delta.text);
    } else if (typeof delta?.thinking === "string") this.#parts.say("reasoning", delta.thinking);
    else this.alive();
    this.#reason = finishReasonOf(delta?.stop_reason) ?? this.#reason;
    this.isDone = type === "message_stop" && this.#reason !== null;
  }

  get hasEnd(): boolean {
    return this.#reason !== null;
  }

  breakOff(): void {}

  finish(): void {
    if (!this.#reason) throw problemOfGarbledAnswer(new Error("The stream ended without a reason."));
    this.#parts.finish(this.#reason, usageOf(this.#counts));
  }
}
