import { expect, it } from "vitest";
import { type Candidate, type LikenessWeight, rank } from "./rank.ts";

const asked = 0;
const statistics = { passages: 100, averageLength: 4, passagesWith: () => 10 };
const much: LikenessWeight = { weight: 2, counts: "where it tells" };

/** Passage 0 has the word that is asked for, passage 1 is likest; the others are as like as `others`. */
const passages = (others: number): Candidate[] =>
  Array.from({ length: 30 }, (_, id) => ({
    id,
    keys: Uint32Array.from(id === 0 ? [asked, 1, 2, 3] : [4, 5, 6, 7]),
    parts: id === 0 ? 1 : 0,
    likeness: id === 1 ? 1 : id === 0 ? 0 : others,
  }));

const first = (others: number, weight: LikenessWeight) => rank([asked], passages(others), statistics, weight, 8)[0]?.id;

it("believes likeness where it tells passages apart, and words where everything is about as like", () => {
  expect(first(0.1, much)).toBe(1);
  expect(first(0.9, much)).toBe(0);
  expect(first(0.9, { ...much, counts: "always" })).toBe(1);
});
