import type { Model } from "./contract.ts";
import type { Price, Rates } from "./ports/price.ts";

const presentRates = ({ input, output, cacheRead, cacheWrite }: Rates) => ({
  input,
  output,
  cache_read: cacheRead,
  cache_write: cacheWrite,
});

/** What a model costs, as the API says it. */
export const presentPrice = ({ id, date, rates, tiers }: Price): NonNullable<Model["price"]> => ({
  id,
  date,
  ...presentRates(rates),
  tiers: tiers.map(({ above, rates: own }) => ({ above, ...presentRates(own) })),
});
