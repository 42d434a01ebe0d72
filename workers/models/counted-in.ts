import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import type { Counted } from "./ports/counted.ts";

/** What a chat model's provider counted: all of the prompt, and what of it came from a cache or went there; all that was written, and what of it was thought. */
export const countedIn = ({ inputTokens, outputTokens }: LanguageModelV4Usage) =>
  ({
    promptTokens: inputTokens.total,
    cacheReadTokens: inputTokens.cacheRead,
    cacheWriteTokens: inputTokens.cacheWrite,
    completionTokens: outputTokens.total,
    reasoningTokens: outputTokens.reasoning,
  }) satisfies Counted;
