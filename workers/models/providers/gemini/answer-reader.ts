import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import { countOf, withCounts, withoutCount } from "../counts.ts";
import type { Emit, EventReader, Fields } from "../event-stream.ts";
import { finishReasonOf } from "../finish-reason.ts";
import { PartWriter } from "../part-writer.ts";

interface Chunk {
  candidates?: { content?: { parts?: { text?: unknown; thought?: unknown }[] }; finishReason?: unknown }[];
  promptFeedback?: { blockReason?: unknown };
  /** What is counted, each from the answer's beginning. */
  usageMetadata?: Fields;
  modelVersion?: unknown;
  responseId?: unknown;
}

function usageOf(counts: Fields): LanguageModelV4Usage {
  const { promptTokenCount, toolUsePromptTokenCount, cachedContentTokenCount } = counts;
  const { candidatesTokenCount: text, thoughtsTokenCount: thought } = counts;
  const input = withCounts(promptTokenCount, toolUsePromptTokenCount);
  return {
    inputTokens: {
      total: input,
      noCache: withoutCount(input, cachedContentTokenCount),
      cacheRead: countOf(cachedContentTokenCount),
      cacheWrite: undefined,
    },
    // An answer that came to nothing but thoughts has no count of its text.
    outputTokens: {
      total: withCounts(text, thought) ?? countOf(thought),
      text: countOf(text),
      reasoning: countOf(thought),
    },
  };
}

/** Turns the chunks of `streamGenerateContent` into parts. */
export class AnswerReader implements EventReader {
  readonly #parts: PartWriter;
  #reason: LanguageModelV4FinishReason | null = null;
  #counts: Fields = {};
  hasText = false;

  constructor(emit: Emit) {
    this.#parts = new PartWriter(emit);
  }

  errorIn({ error }: Fields): unknown {
    return error ?? undefined;
  }

  alive(): void {
    this.#parts.alive();
  }

  read({ candidates, promptFeedback, usageMetadata, modelVersion, responseId }: Chunk): void {
    this.#parts.name(responseId, modelVersion);
    if (typeof usageMetadata === "object" && usageMetadata) this.#counts = usageMetadata;
    const [candidate] = candidates ?? [];
    let isHeard = false;
    for (const { text, thought } of candidate?.content?.parts ?? []) {
      if (typeof text !== "string" || text === "") continue;
      isHeard = true;
      this.hasText ||= thought !== true;
      this.#parts.say(thought === true ? "reasoning" : "text", text);
    }
    if (!isHeard) this.alive();
    this.#reason = finishReasonOf(candidate?.finishReason) ?? this.#reason;
    const blocked = promptFeedback?.blockReason;
    if (typeof blocked === "string") this.#reason = { unified: "content-filter", raw: blocked };
  }

  get hasEnd(): boolean {
    return this.#reason !== null;
  }

  breakOff(): void {}

  finish(): void {
    if (!this.#reason) throw problemOfGarbledAnswer(new Error("The stream ended without a finish reason."));
    this.#parts.finish(this.#reason, usageOf(this.#counts));
  }
}
