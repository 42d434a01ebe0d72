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

/** What a call costs to the last digit: in micro-credits, times `perTokens`. */
function sumOf(price: Price, { prompt, cacheRead, cacheWrite, completion }: PaidTokens): bigint {
  const rates = ratesFor(price, prompt);
  const fresh = Math.max(0, prompt - cacheRead - cacheWrite);
  const parts: [number, number][] = [
    [fresh, rates.input],
    [cacheRead, rates.cacheRead],
    [cacheWrite, rates.cacheWrite],
    [completion, rates.output],
  ];
  return parts.reduce((all, [tokens, rate]) => all + BigInt(tokens) * BigInt(rate), 0n);
}

/**
 * What a call costs, in micro-credits: the exact sum of its parts, rounded up once, so that it is never less than the provider takes and at most one
 * micro-credit more. Nowhere else is money rounded.
 */
export const costOf = (price: Price, tokens: PaidTokens): number =>
  Number((sumOf(price, tokens) + perTokens - 1n) / perTokens);

/** A call at its dearest: a prompt that its provider keeps for later costs more with some. */
function dearest(price: Price, prompt: number, completion: number): PaidTokens {
  const { input, cacheWrite } = ratesFor(price, prompt);
  return { prompt, cacheRead: 0, cacheWrite: cacheWrite > input ? prompt : 0, completion };
}

/** The most that a call of so many tokens may cost, in micro-credits. */
export const mostOf = (price: Price, prompt: number, completion: number): number =>
  costOf(price, dearest(price, prompt, completion));

/** How many tokens a model may write for so many micro-credits, behind a prompt of so many; null where writing costs nothing. */
export function tokensFor(price: Price, prompt: number, microCredits: number): number | null {
  const { output } = ratesFor(price, prompt);
  if (output === 0) return null;
  const left = BigInt(microCredits) * perTokens - sumOf(price, dearest(price, prompt, 0));
  return left <= 0n ? 0 : Number(left / BigInt(output));
}
