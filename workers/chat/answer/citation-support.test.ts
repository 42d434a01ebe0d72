import { describe, expect, it, test } from "vitest";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { supportOf } from "./citation-support.ts";
import { QuoteFinder } from "./find-quote.ts";
import { claimBefore } from "./support/claims.ts";

const pump =
  "The warranty of the blue pump lasts 24 months from the day of delivery. It covers the motor, the seals and the cable. Worn seals are replaced free of charge. Returns are taken within 30 days.";

describe("a passage", () => {
  it.each([
    "The pump has a warranty of 24 months.",
    "You may return it within thirty days? Returns: 30 days.",
    "Seals that are worn will be replaced for free.",
  ])("supports: %s", (claim) => {
    expect(supportOf(claim, pump)).toBe("yes");
  });

  it.each([
    "The warranty of the blue pump lasts 36 months.",
    "The moon is made of a very old cheese.",
    "It is not known who won the championship in the end.",
  ])("does not support: %s", (claim) => {
    expect(supportOf(claim, pump)).toBe("no");
  });

  it.each([
    ["too short a claim", "Yes."],
    [
      "one in another language",
      "Verschlissene Dichtungen werden ohne Berechnung ersetzt, und das ist mit der Lieferung gesagt.",
    ],
    ["one in another script", "青い梨は夏に収穫されます。"],
  ])("cannot be held against %s", (_, claim) => {
    expect(supportOf(claim, pump)).toBe("unknown");
  });

  it("may be asked with numbers that it does not say", () => {
    const claim = "In your 17 cases the warranty of the pump lasts 24 months.";
    expect(supportOf(claim, pump)).toBe("no");
    expect(supportOf(claim, pump, "What of my 17 cases?")).toBe("yes");
  });
});

test("a marker closes the sentence before it", () => {
  expect(claimBefore("First one. The second is here ").sentence).toBe("The second is here");
  expect(claimBefore("First one. The second is here. ").sentence).toBe("The second is here.");
  expect(claimBefore("First one. The **second** is here [1][2] ").sentence).toBe("The second is here");
  expect(claimBefore("# Title\n\n1. First item\n2. The _second_ item ").sentence).toBe("The second item");
  expect(claimBefore("").sentence).toBe("");
});

describe("the quotes of an answer", () => {
  const passage = (text: string): FoundPassage => ({
    ...{ documentId: "doc_1", filename: "pump.md", page: 1, section: "Pump", score: 0.9 },
    ...{ text, start: 0, end: text.length },
  });
  const filler = "Nothing of interest stands in this sentence, which is here to be long. ".repeat(6);
  const long = `${pump} ${filler}The spare parts are kept in drawer 51 of the workshop. ${filler}`;

  it("are the part that says what the sentence says, another one for another sentence", () => {
    const quotes = new QuoteFinder([passage(long)], "What of the pump?");
    const first = quotes.find(1, "The warranty lasts 24 months ", []);
    expect(long.slice(first?.start, first?.end)).toContain("24 months");
    const second = quotes.find(1, "The warranty lasts 24 months [1]. Spare parts are in drawer 51 ", [
      first ?? { start: 0, end: 0 },
    ]);
    expect(long.slice(second?.start, second?.end)).toContain("drawer 51");
    const again = quotes.find(1, "Worn seals are replaced ", [first ?? { start: 0, end: 0 }]);
    expect(again).toEqual(first);
    expect(quotes.dropped).toBe(0);
  });

  it("that there are none of are counted", () => {
    const quotes = new QuoteFinder([passage(pump)], "What of the pump?");
    expect(quotes.find(1, "The warranty of the pump lasts 99 months ", [])).toBeNull();
    expect(quotes.find(1, "The moon is made of old cheese and of milk ", [])).toBeNull();
    expect(quotes.dropped).toBe(2);
  });
});
