import { describe, expect, it } from "vitest";
import { lowered, raised, unglueRaised } from "./raised-text.ts";

describe("text above the line", () => {
  it.each([
    ["6", "10", "^6"],
    ["1", "$25", "^1"],
    ["-3", "10", "^-3"],
    ["a, b", "yield", "^(a, b)"],
    ["st", "1", "st"],
    ["2", "", "2"],
    ["2", "see ", "2"],
    [" ", "10", " "],
  ])("%o behind %o is %o", (text, before, said) => expect(raised(text, before)).toBe(said));

  it("runs on below the line where figures do not meet", () => {
    expect(lowered("2", "H")).toBe("2");
    expect(lowered("8", "12")).toBe("_8");
  });

  it("is told from figures where its characters are of that kind", () => {
    expect(unglueRaised("$25¹, 10⁻⁶, 5 m², ¹")).toBe("$25^1, 10^-6, 5 m², ¹");
  });
});
