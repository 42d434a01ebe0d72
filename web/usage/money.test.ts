import { describe, expect, it } from "vitest";
import { exactCredits, money } from "./money.ts";

describe("money", () => {
  it.each([
    [0, "0 credits", "$0.00"],
    [1, "0.000001 credits", "$0.00000001"],
    [54_321, "0.0543 credits", "$0.000543"],
    [540_000, "0.54 credits", "$0.0054"],
    [1_000_000, "1 credit", "$0.01"],
    [10_000_000, "10 credits", "$0.10"],
    [1_234_567_890, "1,234.57 credits", "$12.35"],
    [-5_000_000_000, "-5,000 credits", "-$50.00"],
  ])("says of %d micro-credits %s and %s", (microCredits, credits, usd) => {
    expect(money(microCredits, "en")).toEqual({ credits, usd });
  });

  it("writes numbers as the locale does", () => {
    expect(money(123_456_000_000, "de")).toEqual({ credits: "123.456 credits", usd: "1.234,56\u00a0$" });
  });

  it("is exact where floating point is not", () => {
    expect(money(9_007_199_254_740_993_000_000n, "en").credits).toBe("9,007,199,254,740,993 credits");
  });
});

describe("exactCredits", () => {
  it("shows as many digits of each as the finest of them needs", () => {
    expect(exactCredits([5_000_000, 321, 5_000_321], "en")).toEqual(["5.000000", "0.000321", "5.000321"]);
    expect(exactCredits([5_000_000, -1_500_000], "en")).toEqual(["5.00", "-1.50"]);
  });
});
