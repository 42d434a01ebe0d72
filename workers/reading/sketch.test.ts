import { describe, expect, it } from "vitest";
import { alikePairs, likeness, sketchOf } from "./sketch.ts";

const sentences = (from: number, to: number) =>
  Array.from(
    { length: to - from },
    (_, i) => `Rule ${(from + i) * 7919} says that pear ${from + i} is picked on day ${(from + i) * 31}. `,
  );
const sketch = (text: string) => sketchOf(text) as string;

describe("a sketch", () => {
  it("tells how much of two texts is the same, wherever it stands", () => {
    const all = sketch(sentences(0, 400).join(""));
    const turned = [sentences(200, 400), sentences(100, 200), sentences(0, 100)].flat().join("\n\n").toUpperCase();
    expect(likeness(all, sketch(turned))).toBeGreaterThan(0.85);
    // Three quarters are the same: 300 of 500 sentences of both together.
    const partly = likeness(all, sketch(sentences(100, 500).join("")));
    expect(partly).toBeGreaterThan(0.4);
    expect(partly).toBeLessThan(0.8);
    expect(likeness(all, sketch(sentences(5_000, 5_400).join("")))).toBeLessThan(0.25);
  });

  it("does not need spaces between words", () => {
    const text = Array.from({ length: 300 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 5_000))).join("");
    expect(likeness(sketch(text), sketch(`${text.slice(0, 150)}。${text.slice(150)}`))).toBeGreaterThan(0.95);
  });

  it("is not made of what is too short to tell", () => {
    expect(sketchOf("All rights reserved.")).toBeNull();
  });

  it("finds alike ones among many, once each", () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      id: `doc_${i}`,
      sketch: sketch(sentences(i * 1_000, i * 1_000 + 60).join("")),
    }));
    const copy = { id: "copy", sketch: sketch(`${sentences(7_000, 7_060).join("")} And one more.`) };
    const found = alikePairs([...many, copy], 0.7);
    expect(found.map(({ a, b }) => [a, b])).toEqual([["doc_7", "copy"]]);
    expect(found[0]?.similarity).toBeGreaterThan(0.9);
  });
});
