import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import { countOf, withCounts, withoutCount } from "../counts.ts";
import type { Emit, EventReader, Fields } from "../event-stream.ts";
import { finishReasonOf } from "../finish-reason.ts";
import { PartWriter } from "../part-writer.ts";

interface Event {
  type?: unknown;
  message?: { id?: unknown; model?: unknown; usage?: Fields };
  delta?: { type?: unknown; text?: unknown; thinking?: unknown; stop_reason?: unknown };
  usage?: Fields;
}

function usageOf(counts: Fields): LanguageModelV4Usage {
  // What a cache had, or was given, is not among the input.
  const { input_tokens: read, cache_read_input_tokens: cacheRead, cache_creation_input_tokens: cacheWrite } = counts;
  const { output_tokens: written, output_tokens_details: details } = counts;
  const reasoning = countOf((details as Fields | null | undefined)?.thinking_tokens);
  return {
    inputTokens: {
      total: withCounts(read, cacheRead, cacheWrite),
      noCache: countOf(read),
      cacheRead: countOf(cacheRead),
      cacheWrite: countOf(cacheWrite),
    },
    outputTokens: {
      total: countOf(written),
      text: reasoning === undefined ? undefined : withoutCount(written, reasoning),
      reasoning,
    },
  };
}

/** Turns the events of Anthropic's messages into parts. */
export class AnswerReader implements EventReader {
  readonly #parts: PartWriter;
  #reason: LanguageModelV4FinishReason | null = null;
  #counts: Fields = {};
  hasText = false;
  isDone = false;

  constructor(emit: Emit) {
    this.#parts = new PartWriter(emit);
  }

  errorIn(event: Fields): unknown {
    // What stands before it may have errors of another form.
    return event.type === "error" || event.error ? event : undefined;
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
