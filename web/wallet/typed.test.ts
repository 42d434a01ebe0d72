import { describe, expect, it } from "vitest";
import { basisPointsOf, microCreditsOf, typedCredits, typedPercents } from "./typed.ts";

describe("credits as they are typed", () => {
  it.each([
    ["5", 5_000_000],
    ["0.25", 250_000],
    ["1,000", 1_000_000_000],
    ["12 345.000001", 12_345_000_001],
    ["5.", 5_000_000],
    ["", null],
  ])("“%s” are %s micro-credits", (typed, microCredits) => {
    expect(microCreditsOf(typed, "amount")).toBe(microCredits);
  });

  it.each(["five", "-1", "1,5", "0.1234567", "1e3", "1234567890"])("“%s” are refused, with what to do", (typed) => {
    expect(() => microCreditsOf(typed, "amount")).toThrow("Use a number of credits such as 5 or 0.25");
  });

  it.each([
    [0, "0"],
    [250_000, "0.25"],
    [12_345_000_001, "12345.000001"],
    [null, ""],
  ])("%s micro-credits are typed “%s”", (microCredits, typed) => {
    expect(typedCredits(microCredits)).toBe(typed);
  });
});

it("takes percents for ten-thousandths, and back", () => {
  expect(basisPointsOf("2.5", "share")).toBe(250);
  expect(typedPercents(250)).toBe("2.5");
  expect(typedPercents(8_000)).toBe("80");
});
