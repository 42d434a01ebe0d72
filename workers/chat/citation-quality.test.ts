import { describe, expect, it } from "vitest";
import { citationQuality, citedNumbers } from "./citation-quality.ts";

const quoted = (index: number, quote: string) => ({ index, source: "pump.md", page: null, section: null, quote });
const warranty = quoted(1, "The warranty of the pump lasts 24 months.");
const weight = quoted(2, "The pump weighs 30 kg.");
const of = (answer: string) => citationQuality(answer, [warranty, weight], "What of the pump?");

describe("an answer", () => {
  it.each([
    ["The warranty lasts 24 months [1]. The pump weighs 30 kg [2].", [2, 2, 2, 2]],
    ["The warranty lasts 36 months [1]. The pump weighs 30 kg [2].", [2, 1, 2, 1]],
    ["The warranty lasts 24 months. The pump weighs 30 kg [2].", [1, 1, 2, 1]],
    ["The pump weighs 30 kg. Its weight is 30 kg. [2]", [1, 1, 2, 2]],
    ["It is the pump:\n\n- The warranty lasts 24 months [1]\n- The weight is 40 kg", [1, 1, 2, 1]],
    ["The documents do not say who won.", [0, 0, 0, 0]],
    ["```\narr[1]\n```\nUse `x[2]` there. The pump weighs 30 kg [2].", [1, 1, 1, 1]],
  ])("cites: %j", (answer, [citations, supportedCitations, statements, citedStatements]) => {
    expect(of(answer)).toEqual({ citations, supportedCitations, statements, citedStatements });
  });

  it("refers to citations outside of code and indices", () => {
    expect(citedNumbers("Use arr[1] and `x [2]` as said [3].")).toEqual(new Set([3]));
  });
});
