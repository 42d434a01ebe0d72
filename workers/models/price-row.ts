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

const nothing: Rates = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** What a model costs that runs on a machine of the owner's own, and what is built in: nothing, and that is known. */
export const ownMachinePrice: Price = { id: "own-machine", date: null, rates: nothing, tiers: [] };
export const builtInPrice: Price = { id: "built-in", date: null, rates: nothing, tiers: [] };
