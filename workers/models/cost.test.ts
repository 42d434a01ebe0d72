import { describe, expect, it } from "vitest";
import { costOf, type PaidTokens } from "./cost.ts";
import { priceFrom, priceOfTokens } from "./price-row.ts";

const cost = {
  input: 2,
  output: 10,
  cache_read: 0.1,
  cache_write: 2.5,
  tiers: [
    { input: 4, output: 15, cache_read: 0.2, cache_write: 5, tier: { size: 272_000 } },
    { input: 3, output: 12, cache_read: 0.1, cache_write: 4, tier: { size: 100_000 } },
  ],
};
const price = priceFrom("day/p/m", "2026-12-01", cost);
const none: PaidTokens = { prompt: 0, cacheRead: 0, cacheWrite: 0, completion: 0 };

/** Numbers that look like chance and are the same every time. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state;
  }
}
const chance = numbers(7);
const upTo = (most: number) => (chance.next().value as number) % (most + 1);
function someTokens(): PaidTokens {
  const prompt = upTo(400_000);
  const cacheRead = upTo(prompt);
  return { prompt, cacheRead, cacheWrite: upTo(prompt - cacheRead), completion: upTo(100_000) };
}

describe("what a call costs", () => {
  it("is 100 micro-credits a token where a million cost a dollar", () => {
    const dollar = priceFrom("x", "2026-12-01", { input: 1, output: 1 });
    expect(costOf(dollar, { ...none, prompt: 1 })).toBe(100);
    expect(costOf(dollar, { ...none, prompt: 600_000, completion: 400_000 })).toBe(100_000_000);
  });

  it("is the sum of its parts, rounded up once", () => {
    for (let i = 0; i < 2_000; i++) {
      const tokens = someTokens();
      const rates = price.tiers.findLast(({ above }) => tokens.prompt > above)?.rates ?? price.rates;
      const fresh = tokens.prompt - tokens.cacheRead - tokens.cacheWrite;
      const exact =
        BigInt(fresh) * BigInt(rates.input) +
        BigInt(tokens.cacheRead) * BigInt(rates.cacheRead) +
        BigInt(tokens.cacheWrite) * BigInt(rates.cacheWrite) +
        BigInt(tokens.completion) * BigInt(rates.output);
      const over = BigInt(costOf(price, tokens)) * 1_000_000n - exact;
      expect(over >= 0n && over < 1_000_000n, JSON.stringify(tokens)).toBe(true);
    }
  });

  it("costs no less for more", () => {
    for (let i = 0; i < 2_000; i++) {
      const tokens = someTokens();
      const more = { ...tokens, prompt: tokens.prompt + upTo(1_000), completion: tokens.completion + upTo(1_000) };
      expect(costOf(price, more)).toBeGreaterThanOrEqual(costOf(price, tokens));
    }
  });

  it("is another for a prompt above a tier's edge, and not at it", () => {
    const at = (prompt: number) => costOf(price, { ...none, prompt });
    expect(at(100_000)).toBe(100_000 * 200);
    expect(at(100_001)).toBe(100_001 * 300);
    expect(at(272_000)).toBe(272_000 * 300);
    expect(at(272_001)).toBe(272_001 * 400);
  });

  it("takes what is said of no cache as any other token, and a tier of 200,000 by its old name", () => {
    const old = priceFrom("x", "2026-12-01", { input: 1, output: 2, context_over_200k: { input: 2, output: 3 } });
    expect(costOf(old, { ...none, prompt: 100, cacheRead: 100 })).toBe(10_000);
    expect(costOf(old, { ...none, prompt: 200_001 })).toBe(200_001 * 200);
  });

  it("rounds a hundredth of a micro-credit up, and nothing to nothing", () => {
    const tiny = priceFrom("x", "2026-12-01", { input: 0.0001, output: 0 });
    expect(costOf(tiny, { ...none, prompt: 1 })).toBe(1);
    expect(costOf(tiny, none)).toBe(0);
  });
});

describe("a price in USD for one token", () => {
  const rateOf = (input: string) => priceOfTokens("row", "2026-12-01", { input, output: "0.1" }, [])?.rates.input;

  it.each([
    ["0.00000015", 15_000_000],
    ["1.5e-7", 15_000_000],
    ["15E-8", 15_000_000],
    ["0", 0],
    ["0.000", 0],
    ["5", 500_000_000_000_000],
    // Less than a whole micro-credit for a million tokens: never less than the provider takes.
    ["0.000000150000001", 15_000_001],
    ["0.0000000000000000001", 1],
  ])("%s is %i micro-credits for a million", (usd, rate) => expect(rateOf(usd)).toBe(rate));

  it.each(["-1", "-0.5", "", "free", "NaN", "Infinity", "1e99", "0x10", "1,5", " "])(
    "“%s” is unknown, and not 0",
    (usd) => expect(rateOf(usd)).toBeUndefined(),
  );
});
