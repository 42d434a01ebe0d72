import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { estimateTokens } from "../text/tokens.ts";

/** What a prompt says, message by message. */
export const promptTexts = (prompt: LanguageModelV4Prompt): string[] =>
  prompt.map(({ content }) =>
    typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join(""),
  );

/** About how many tokens a prompt is. */
export const promptTokens = (prompt: LanguageModelV4Prompt): number =>
  promptTexts(prompt).reduce((sum, text) => sum + estimateTokens(text) + 4, 0);
