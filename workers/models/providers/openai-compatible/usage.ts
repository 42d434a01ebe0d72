import type { LanguageModelV4Usage } from "@ai-sdk/provider";

type Fields = Record<string, unknown>;

/** The first that can be a number of tokens. */
const count = (...values: unknown[]) =>
  values.find((value): value is number => Number.isSafeInteger(value) && (value as number) >= 0);
const fieldsOf = (value: unknown) => (typeof value === "object" && value !== null ? value : {}) as Fields;

/** What an answer took, as servers count it in OpenAI’s names or in those of its later wire. */
export function usageOf(usage: Fields | null): LanguageModelV4Usage {
  const { prompt_tokens, input_tokens, completion_tokens, output_tokens } = usage ?? {};
  const read = fieldsOf(usage?.prompt_tokens_details ?? usage?.input_tokens_details);
  const written = fieldsOf(usage?.completion_tokens_details ?? usage?.output_tokens_details);
  const [input, output] = [count(prompt_tokens, input_tokens), count(completion_tokens, output_tokens)];
  const [cacheRead, reasoning] = [count(read.cached_tokens), count(written.reasoning_tokens)];
  return {
    inputTokens: {
      total: input,
      noCache: input === undefined ? undefined : Math.max(0, input - (cacheRead ?? 0)),
      cacheRead,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: output,
      text: output === undefined ? undefined : Math.max(0, output - (reasoning ?? 0)),
      reasoning,
    },
  };
}
