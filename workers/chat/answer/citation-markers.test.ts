import { describe, expect, it } from "vitest";
import { CitationMarkers, type FindQuote } from "./citation-markers.ts";

/** Every passage is quoted whole, but for what speaks of the moon. */
const quote = { start: 0, end: 9 };
const find: FindQuote = (_, said) => (said.trimEnd().endsWith("moon") ? null : quote);

function filter(text: string, offered: number[], cuts: number[] = []): { text: string; cited: number[] } {
  const markers = new CitationMarkers(offered, find);
  const parts = [...cuts, text.length].map((cut, i, all) => text.slice(i === 0 ? 0 : all[i - 1], cut));
  const pieces = [...parts.flatMap((part) => markers.push(part)), ...markers.end()];
  const cited: number[] = [];
  let out = "";
  for (const piece of pieces) {
    if (piece.kind === "text") out += piece.text;
    else {
      cited.push(piece.offered);
      const prose = out.replace(/(`+)[^`]*\1/g, "");
      expect(prose, "a citation comes before its number").not.toContain(`[${piece.index}]`);
    }
  }
  return { text: out, cited };
}

describe("citation markers", () => {
  it.each([
    ["Plain [3] and [1], again [3].", "Plain [1] and [2], again [1].", [3, 1]],
    ["Several [1, 2] or [2][3].", "Several [1][2] or [2][3].", [1, 2, 3]],
    ["Other brackets 【2†source】.", "Other brackets [1].", [2]],
    ["Nothing [9] of the kind [12].", "Nothing of the kind.", []],
    ["Some of it [9, 2].", "Some of it [1].", [2]],
    [
      "Not markers: [a], [link](x), array[] and [2026 was a year].",
      "Not markers: [a], [link](x), array[] and [2026 was a year].",
      [],
    ],
    ["Code `a[1]` stays, [1] counts.", "Code `a[1]` stays, [1] counts.", [1]],
    ["```js\nx[2] = y[1]\n```\nThen [2].", "```js\nx[2] = y[1]\n```\nThen [1].", [2]],
    ["An open end [1", "An open end [1", []],
    ["Cheese is the moon [1]. Pears [1].", "Cheese is the moon. Pears [1].", [1]],
    ["All of it is the moon [1][2].", "All of it is the moon.", []],
  ])("%s", (input, text, cited) => {
    expect(filter(input, [1, 2, 3])).toEqual({ text, cited });
  });

  it("mean the same wherever the text is cut", () => {
    const input = "A [2] b [1, 3] `c[1]` 【2†x】 d [9]. [1][2] end [";
    const whole = filter(input, [1, 2, 3]);
    for (let first = 0; first <= input.length; first++) {
      for (let second = first; second <= input.length; second++) {
        expect(filter(input, [1, 2, 3], [first, second])).toEqual(whole);
      }
    }
  });

  it("of two parts of one passage are two, and one where both are the same part", () => {
    const parts: FindQuote = (_, said) => (said.includes("late") ? { start: 10, end: 20 } : quote);
    const markers = new CitationMarkers([1], parts);
    expect(markers.push("Early [1], early again [1], late [1]. ")).toEqual([
      { kind: "text", text: "Early " },
      { kind: "cite", offered: 1, index: 1, quote },
      { kind: "text", text: "[1], early again [1], late " },
      { kind: "cite", offered: 1, index: 2, quote: { start: 10, end: 20 } },
      { kind: "text", text: "[2]." },
    ]);
  });

  it("go on counting where an answer is continued", () => {
    const markers = new CitationMarkers([1, 2], find, [{ offered: 2, index: 1, quote }]);
    expect(markers.push("so [2] and [1].")).toEqual([
      { kind: "text", text: "so [1] and " },
      { kind: "cite", offered: 1, index: 2, quote },
      { kind: "text", text: "[2]." },
    ]);
  });
});

describe("an answer in one piece", () => {
  it("is looked at no further back than a sentence, for each of its markers", () => {
    for (const count of [2_000, 4_000]) {
      let looked = 0;
      const markers = new CitationMarkers([1], (_, said) => {
        looked += said.length;
        return { start: 0, end: 1 };
      });
      const pieces = [...markers.push("word [1] ".repeat(count)), ...markers.end()];
      expect(looked).toBeLessThan(count * 2_500);
      expect(pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("")).toBe("word [1] ".repeat(count));
    }
  });

  it("gives out what is too long for a marker, rather than to wait for its end", () => {
    const markers = new CitationMarkers([1], () => null);
    let given = 0;
    markers.push("[1");
    for (let i = 0; i < 200; i++)
      for (const piece of markers.push(",1")) given += piece.kind === "text" ? piece.text.length : 0;
    expect(given).toBeGreaterThan(150);
  });
});
