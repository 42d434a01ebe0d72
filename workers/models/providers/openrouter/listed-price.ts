import { z } from "zod";
import type { Price } from "../../ports/price.ts";
import { priceOfTokens } from "../../price-row.ts";

const usd = z.string().optional();
const rates = { prompt: usd, completion: usd, input_cache_read: usd, input_cache_write: usd };

/** What OpenRouter takes for a model: USD as decimal numbers in strings, for one token, or for a request. */
const pricing = z.object({
  ...rates,
  prompt: z.string(),
  completion: z.string(),
  request: usd,
  internal_reasoning: usd,
  overrides: z.array(z.object({ ...rates, min_prompt_tokens: z.number().int().min(1) })).optional(),
});

type Pricing = z.output<typeof pricing>;

/** A cache that costs nothing is one that the list says nothing of: what is read or written there is never free. */
const said = (decimal: string | undefined) => (isNothing(decimal) ? undefined : decimal);
const isNothing = (decimal: string | undefined) => decimal === undefined || /^0*\.?0*$/.test(decimal);

const ratesOf = ({ prompt, completion, input_cache_read, input_cache_write }: Omit<Pricing, "overrides">) => ({
  input: prompt,
  output: completion,
  cacheRead: said(input_cache_read),
  cacheWrite: said(input_cache_write),
});

/**
 * What a listed model costs, as of today; undefined where that is not said, is not known before the question is (`-1`), or is more than tokens: a price for each
 * request, or another one for thoughts than for all that is written.
 */
export function listedPrice(name: string, listed: unknown): Price | undefined {
  const { data } = pricing.safeParse(listed);
  if (!data || !isNothing(data.request)) return undefined;
  if (!isNothing(data.internal_reasoning) && data.internal_reasoning !== data.completion) return undefined;
  const today = new Date().toISOString().slice(0, 10);
  const longer = (data.overrides ?? []).map(({ min_prompt_tokens: from, ...own }) => ({
    from,
    rates: ratesOf({ ...data, ...own }),
  }));
  return priceOfTokens(`listed/${today}/openrouter/${name}`, today, ratesOf(data), longer) ?? undefined;
}
