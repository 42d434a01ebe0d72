/** What a provider counted of a call, as far as it does. */
export interface Counted {
  promptTokens?: number | undefined;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  completionTokens?: number | undefined;
  reasoningTokens?: number | undefined;
}

/** Told once a call that was answered, also where several are needed. */
export type OnCounted = (counted: Counted) => void;
