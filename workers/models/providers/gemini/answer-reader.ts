import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Emit, EventReader, Fields } from "../event-stream.ts";
import { finishReasonOf } from "../finish-reason.ts";
import { PartWriter } from "../part-writer.ts";

/** What Gemini counts, each from the answer's beginning. */
type Counts = Partial<
  Record<
    | "promptTokenCount"
    | "toolUsePromptTokenCount"
    | "cachedContentTokenCount"
    | "candidatesTokenCount"
    | "thoughtsTokenCount",
    number
  >
>;

interface Chunk {
  candidates?: { content?: { parts?: { text?: unknown; thought?: unknown }[] }; finishReason?: unknown }[];
  promptFeedback?: { blockReason?: unknown };
  usageMetadata?: Counts;
  modelVersion?: unknown;
  responseId?: unknown;
}

function usageOf(counts: Counts): LanguageModelV4Usage {
  const { promptTokenCount, cachedContentTokenCount, candidatesTokenCount, thoughtsTokenCount } = counts;
  const input = promptTokenCount === undefined ? undefined : promptTokenCount + (counts.toolUsePromptTokenCount ?? 0);
  const isCounted = candidatesTokenCount !== undefined || thoughtsTokenCount !== undefined;
  return {
    inputTokens: {
      total: input,
      noCache: input === undefined ? undefined : input - (cachedContentTokenCount ?? 0),
      cacheRead: cachedContentTokenCount,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: isCounted ? (candidatesTokenCount ?? 0) + (thoughtsTokenCount ?? 0) : undefined,
      text: candidatesTokenCount,
      reasoning: thoughtsTokenCount,
    },
  };
}

/** Turns the chunks of `streamGenerateContent` into parts. */
export class AnswerReader implements EventReader {
  readonly #parts: PartWriter;
  #reason: LanguageModelV4FinishReason | null = null;
  #counts: Counts = {};
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
    if (usageMetadata) this.#counts = usageMetadata;
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
