import type { Price, Rates } from "./ports/price.ts";

/** USD for 1,000,000 tokens, as models.dev writes it. */
interface UsdRates {
  input: number;
  output: number;
  cache_read?: number | undefined;
  cache_write?: number | undefined;
}

export interface UsdCost extends UsdRates {
  tiers?: (UsdRates & { tier: { size: number } })[] | undefined;
  context_over_200k?: UsdRates | undefined;
}

/** A USD has 100 credits of 1,000,000 micro-credits. */
const microCredits = (usd: number) => Math.round(usd * 100_000_000);

/** What says nothing of a cache is paid as any other token of the prompt. */
const ratesFrom = ({ input, output, cache_read = input, cache_write = input }: UsdRates): Rates => ({
  input: microCredits(input),
  output: microCredits(output),
  cacheRead: microCredits(cache_read),
  cacheWrite: microCredits(cache_write),
});

/** A price from what a catalogue or a provider says in USD, known as of a `date`. */
export function priceFrom(id: string, date: string, cost: UsdCost): Price {
  const over200k = cost.context_over_200k ? [{ ...cost.context_over_200k, tier: { size: 200_000 } }] : [];
  const tiers = (cost.tiers ?? over200k).map(({ tier, ...rates }) => ({ above: tier.size, rates: ratesFrom(rates) }));
  return { id, date, rates: ratesFrom(cost), tiers: tiers.sort((a, b) => a.above - b.above) };
}

/** What a provider takes in USD for one token, each a decimal number; what it says nothing of is paid as any other token of the prompt. */
export interface TokenRates {
  input: string;
  output: string;
  cacheRead?: string | undefined;
  cacheWrite?: string | undefined;
}

/** USD for one token as micro-credits for 1,000,000: the digits moved by so many places. */
const places = 14;

/** A decimal number such as `0.00000015` or `1.5e-7` as a rate, the next whole one; null of what is none, or below 0. */
function rateOf(decimal: string): number | null {
  const [, whole = "", fraction = "", exponent = "0"] = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d\d?))?$/i.exec(decimal) ?? [];
  if (whole === "") return null;
  const digits = BigInt(whole + fraction);
  const shift = places + Number(exponent) - fraction.length;
  const unit = 10n ** BigInt(Math.abs(shift));
  const rate = Number(shift < 0 ? (digits + unit - 1n) / unit : digits * unit);
  return Number.isSafeInteger(rate) ? rate : null;
}

function wholeRates({ input, output, cacheRead = input, cacheWrite = input }: TokenRates): Rates | null {
  const [prompt, completion, read, written] = [input, output, cacheRead, cacheWrite].map(rateOf);
  if (prompt == null || completion == null || read == null || written == null) return null;
  return { input: prompt, output: completion, cacheRead: read, cacheWrite: written };
}

/** A price from what a provider says in USD for one token, and for each token of prompts of at least so many; null where one of its numbers is none. No number goes through a floating point. */
export function priceOfTokens(
  id: string,
  date: string,
  usual: TokenRates,
  longer: readonly { from: number; rates: TokenRates }[],
): Price | null {
  const rates = wholeRates(usual);
  if (!rates) return null;
  const tiers: Price["tiers"] = [];
  for (const { from, rates } of longer) {
    const known = wholeRates(rates);
    if (!known) return null;
    tiers.push({ above: from - 1, rates: known });
  }
  return { id, date, rates, tiers: tiers.sort((a, b) => a.above - b.above) };
}

const nothing: Rates = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** What a model costs that runs on a machine of the owner's own, and what is built in: nothing, and that is known. */
export const ownMachinePrice: Price = { id: "own-machine", date: null, rates: nothing, tiers: [] };
export const builtInPrice: Price = { id: "built-in", date: null, rates: nothing, tiers: [] };
