import type { Price, Rates } from "./ports/price.ts";

/** The tokens of one call, by what they are paid as. */
export interface PaidTokens {
  /** All of the prompt, with what was read from a cache or written into it. */
  prompt: number;
  cacheRead: number;
  cacheWrite: number;
  /** All that was written, thoughts included. */
  completion: number;
}

const perTokens = 1_000_000n;

/** What a prompt of so many tokens is paid by: the last tier that it is above, else the usual rates. */
const ratesFor = ({ rates, tiers }: Price, prompt: number): Rates =>
  tiers.findLast(({ above }) => prompt > above)?.rates ?? rates;

/** How many tokens a model may write for so many micro-credits, behind a prompt of so many; null where writing costs nothing. */
export function tokensFor(price: Price, prompt: number, microCredits: number): number | null {
  const { output } = ratesFor(price, prompt);
  if (output === 0) return null;
  const left = BigInt(microCredits) - BigInt(promptCost(price, prompt));
  return left <= 0n ? 0 : Number((left * perTokens) / BigInt(output));
}

/** The most that a prompt may cost: where its provider keeps it for later, that is the dearer part. */
export function promptCost(price: Price, prompt: number): number {
  const { input, cacheWrite } = ratesFor(price, prompt);
  return Number((BigInt(prompt) * BigInt(Math.max(input, cacheWrite)) + perTokens - 1n) / perTokens);
}

/**
 * What a call costs, in micro-credits: the exact sum of its parts, rounded up once, so that it is never less than the provider takes and at most one
 * micro-credit more. Nowhere else is money rounded.
 */
export function costOf(price: Price, { prompt, cacheRead, cacheWrite, completion }: PaidTokens): number {
  const rates = ratesFor(price, prompt);
  const fresh = Math.max(0, prompt - cacheRead - cacheWrite);
  const parts: [number, number][] = [
    [fresh, rates.input],
    [cacheRead, rates.cacheRead],
    [cacheWrite, rates.cacheWrite],
    [completion, rates.output],
  ];
  const sum = parts.reduce((all, [tokens, rate]) => all + BigInt(tokens) * BigInt(rate), 0n);
  return Number((sum + perTokens - 1n) / perTokens);
}
