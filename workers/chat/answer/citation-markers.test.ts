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

  it.each([
    ["A range [1-3], one with a dash [2–3].", "A range [1][2][3], one with a dash [2][3].", [1, 2, 3]],
    ["A range that goes too far [2-9].", "A range that goes too far [1][2].", [2, 3]],
    [
      "By name [citation:1] or [Source 2] or (Source 3) or [Quelle 1; Quelle 2].",
      "By name [1] or [2] or [3] or [1][2].",
      [1, 2, 3],
    ],
    ["As footnotes [^1^], [^2].", "As footnotes [1], [2].", [1, 2]],
    ["With a place [1, p. 3] or [2, S. 14].", "With a place [1] or [2].", [1, 2]],
    ["As links [[1]](#cite) or [2](#source-2).", "As links [1] or [2].", [1, 2]],
    ["In parentheses ([1]), ([2], [3]).", "In parentheses [1], [2][3].", [1, 2, 3]],
    ["Full-width【1】以及【2†source】［３］。", "Full-width[1]以及[2][3]。", [1, 2, 3]],
    ["Twice [1][1], [1, 1].", "Twice [1].", [1]],
    ["Right behind the words[1][2].", "Right behind the words[1][2].", [1, 2]],
    ["日本語です[2]。", "日本語です[1]。", [2]],
    ["Dashes [1‑2], so [1−2], so [1~2], so [1 to 2].", "Dashes [1][2], so [1][2], so [1][2], so [1][2].", [1, 2]],
    ["By [Sources 1 and 2], by [docs 1-2], by [source_1] (Sources 1, 2).", "By [1][2], by [1][2], by [1] [2].", [1, 2]],
    ["Говорится [Источник 1], 답 [출처 2].", "Говорится [1], 답 [2].", [1, 2]],
    ["في النص [١، ٢] और [३]。文〔1〕（出典2）", "في النص [1][2] और [3]。文[1][2]", [1, 2, 3]],
    [
      "With a title [Source 1: a.pdf], so [2†source] and so [1, and 2].",
      "With a title [1], so [2] and so [1][2].",
      [1, 2],
    ],
    [
      "Behind a [link](https://example.org)[2] or $x^2$[1].",
      "Behind a [link](https://example.org)[1] or $x^2$[2].",
      [2, 1],
    ],
    ["None of them ([9]) and (Source 8).", "None of them and.", []],
  ])("are understood: %s", (input, text, cited) => {
    expect(filter(input, [1, 2, 3])).toEqual({ text, cited });
  });

  it.each([
    "An index: arr[0], a[1] or matrix[1][2], x[12], items[1].name, foo_bar[2], total[1] = 3.",
    "Formulas: $a[1]$, $x \\in [1, 2]$, \\(A_{[1]}\\), $$ v [1] $$, \\[ w [1] \\].",
    "Intervals: [0, 1], [1-100], [2019-2023], [1.5].",
    "Expressions: [1-9][0-9]*, ^[1-9]\\d*$, [1-3]+.",
    "~~~python\nfirst = arr[1]\n[1]\n~~~\n",
    "````\n```\n[1]\n```\n[2]\n````\n",
    "Like this:\n\n    first [1]\n    second [2]\n\n\tthird [3]\n",
    "> ```\n> code [1]\n> ```\n",
    "- In a list:\n\n      code [1]\n",
    "`code [1]`, ``code ` [1]``, `code\n[1]`.",
    "A link [1](https://example.org), an image ![2](https://example.org/i.png), escaped \\[1\\].",
    "[1]: https://example.org\n[^2]: A footnote.\n",
  ])("are not what stands in %j", (input) => {
    expect(filter(input, [1, 2, 3])).toEqual({ text: input, cited: [] });
  });

  it.each([
    ["Press the ` key [2].", "Press the ` key [1]."],
    ["The ``array'' of cranes [2].", "The ``array'' of cranes [1]."],
    ["An `open end [2]\n\nand `another` [3].", "An `open end [1]\n\nand `another` [2]."],
    ["It costs $25 [2] and $30 [3].", "It costs $25 [1] and $30 [2]."],
    ["1. A step:\n\n    Its end [2].\n", "1. A step:\n\n    Its end [1].\n"],
    ["words\n    that go on [2].", "words\n    that go on [1]."],
    ["```\ncode [1]\n```\nthen [2].", "```\ncode [1]\n```\nthen [1]."],
    ["\\`no code [2]\\`", "\\`no code [1]\\`"],
  ])("are found beside what is no code: %j", (input, text) => {
    expect(filter(input, [1, 2, 3]).text).toBe(text);
  });

  it("are left alone where nothing was offered", () => {
    expect(filter("As it says [1] and 【2】, [citation:3].", [])).toEqual({
      text: "As it says [1] and 【2】, [citation:3].",
      cited: [],
    });
  });

  it("mean the same wherever the text is cut, whatever it is made of", () => {
    const parts =
      "[1]|[2-3]|[^1^]|[citation:2]|【3†s】|［１］|([1])|[[2]](#c)|(Source 1)|[Source_2: a.pdf]|〔1〕|[1-9]|[0-9]*| |\n|\n\n|    |`|``|```|~~~|$|$$|\\(|\\)|\\[|\\]|a|arr|word|. |, |- |1. |> |[9]|[|]|(|)|x = [1|$5|[1](u)|[1]:".split(
        "|",
      );
    let seed = 7;
    const next = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    const pieces = (texts: string[]) => {
      const markers = new CitationMarkers([1, 2, 3], find);
      const all = [...texts.flatMap((text) => markers.push(text)), ...markers.end()];
      const cited = all.filter((piece) => piece.kind === "cite");
      return { cited, text: all.map((piece) => (piece.kind === "text" ? piece.text : "")).join("") };
    };
    for (let round = 0; round < 400; round++) {
      const input = Array.from({ length: 3 + next(14) }, () => parts[next(parts.length)]).join("");
      const whole = pieces([input]);
      const cut = next(input.length);
      expect(pieces([input.slice(0, cut), input.slice(cut)]), JSON.stringify([input, cut])).toEqual(whole);
      expect(pieces([...input]), JSON.stringify(input)).toEqual(whole);
    }
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
