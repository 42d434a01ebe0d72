import { expect, it } from "vitest";
import { WordsInMemory } from "./passage-words.ts";

it("gives each word a number, and keeps passages by them until anything changes", () => {
  const words = new WordsInMemory();
  const { doc, stems: numbers } = words.keep(7, 3, "quince tree quince");
  expect(doc).toBe(3);
  expect([...numbers].map((number) => words.wordOf(number))).toEqual(["quince", "tree", "quince"]);
  expect(words.numberOf("quince")).toBe(numbers[0]);
  expect(words.size).toBe(2);
  expect(words.keep(8, 3, "").stems).toHaveLength(0);
  expect(words.of(7)?.stems).toBe(numbers);
  words.makeRoom();
  expect(words.of(7)?.stems).toBe(numbers);
  words.forget();
  expect(words.of(7)).toBeUndefined();
  // Numbers that somebody holds still mean the same.
  expect(words.wordOf(numbers[1] ?? -1)).toBe("tree");
});

it("does not grow without end, be it by passages or by what is asked", () => {
  const words = new WordsInMemory();
  const long = "word ".repeat(100_000).trim();
  for (let id = 0; id < 21; id++) words.keep(id, 1, long);
  expect(words.of(0)).toBeDefined();
  words.makeRoom();
  expect(words.of(20)).toBeUndefined();
  for (let i = 0; i <= 200_001; i++) words.numberOf(`word${i}`);
  words.makeRoom();
  expect(words.size).toBe(0);
});
