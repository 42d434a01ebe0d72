import type { LanguageModelV4Prompt } from "@ai-sdk/provider";
import { countTokens } from "../text/count-tokens.ts";
import { estimateTokens } from "../text/tokens.ts";
import type { CalledModel } from "./ports/called-model.ts";
import { promptTexts, promptTokens } from "./prompt-tokens.ts";

/** What a call is thought to have taken. */
export interface Estimate {
  promptTokens: number;
  completionTokens: number;
}

/** Estimates what a provider did not count: by a tokenizer where tokens are paid for, else as roughly as a window is filled. */
export async function estimateCall(
  { lane }: Pick<CalledModel, "lane">,
  prompt: LanguageModelV4Prompt,
  said: string,
): Promise<Estimate> {
  if (lane !== "cloud") return { promptTokens: promptTokens(prompt), completionTokens: estimateTokens(said) };
  return { promptTokens: await countTokens(promptTexts(prompt)), completionTokens: await countTokens([said]) };
}
