import { expect, test } from "vitest";
import { stem } from "./stem.ts";
import { askedPart, fold, isFunctionWord, stemOf, wordsOf } from "./words.ts";

const stemsOf = (text: string) => wordsOf(text).map((word) => word.stem);

test("stems as Porter's algorithm does", () => {
  const expected = {
    caresses: "caress",
    ponies: "poni",
    agreed: "agre",
    hopping: "hop",
    filing: "file",
    relational: "relat",
    vietnamization: "vietnam",
    electrical: "electr",
    adjustment: "adjust",
    adoption: "adopt",
    controlling: "control",
    probate: "probat",
    sky: "sky",
  };
  for (const [word, wanted] of Object.entries(expected)) expect(stem(word), word).toBe(wanted);
});

test("irregular forms meet their base", () => {
  expect(stemOf("paid")).toBe(stemOf("pay"));
  expect(stemOf("children")).toBe(stemOf("child"));
});

test("folds case, accents and compatibility forms, and keeps Hangul whole", () => {
  expect(fold("Éclair ﬁne Ærø")).toBe("eclair fine ærø");
  expect(fold("한국어")).toBe("한국어");
});

test("no character becomes many when it is folded", () => {
  const longest = { character: "", length: 0 };
  for (let code = 0; code < 0x110000; code++) {
    const character = String.fromCodePoint(code);
    const { length } = fold(character);
    if (length > longest.length) Object.assign(longest, { character, length });
  }
  expect(longest.length).toBeLessThanOrEqual(7);
  expect(wordsOf("\ufdfa".repeat(31_900))).toEqual([]);
  expect(stemsOf("Muhammad\ufdfa said")).toEqual(["muhammad", "said"].map(stemOf));
});

test("of a question, its beginning is what words are taken of", () => {
  expect(askedPart("x".repeat(32_000))).toHaveLength(4_000);
  expect(askedPart(`${"x".repeat(3_999)}😀`)).toBe("x".repeat(3_999));
});

test("takes numbers without their commas and scripts without spaces by pairs", () => {
  expect(stemsOf("cost 30,000 or 9.50")).toEqual(["cost", "30000", "or", "9.50"]);
  expect(stemsOf("東京都に")).toEqual(["東京", "京都", "都に"]);
  expect(stemsOf("हिन्दी भाषा")).toHaveLength(2);
});

test("knows function words of several languages", () => {
  for (const word of ["the", "der", "les", "por"]) expect(isFunctionWord(word), word).toBe(true);
  expect(isFunctionWord("debt")).toBe(false);
});
