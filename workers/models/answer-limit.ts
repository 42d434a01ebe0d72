import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { ModelInfo } from "./ports/chat-model.ts";

/**
 * A call with as many tokens for its answer as are wanted, and no more than the model gives: what is set for a conversation or a clone holds for whichever model answers, and
 * providers refuse what is above their limit. Where nothing is wanted, or no limit known, the provider decides.
 */
export function withinLimit(
  { outputLimit }: Pick<ModelInfo, "outputLimit">,
  options: LanguageModelV4CallOptions,
): LanguageModelV4CallOptions {
  const { maxOutputTokens: wanted } = options;
  return wanted === undefined || outputLimit === null || wanted <= outputLimit
    ? options
    : { ...options, maxOutputTokens: outputLimit };
}
