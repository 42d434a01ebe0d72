import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { estimateTokens } from "../text/tokens.ts";

/** About how many tokens a prompt is. */
export function promptTokens(prompt: LanguageModelV4Prompt): number {
  return prompt.reduce((sum, message) => {
    const text =
      typeof message.content === "string"
        ? message.content
        : message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
    return sum + estimateTokens(text) + 4;
  }, 0);
}
