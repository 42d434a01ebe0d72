import { expect, test } from "vitest";
import { toUnit } from "../unit-vector.ts";
import { embedText, offlineHash, offlineHashDimensions } from "./hash-embedder.ts";

function likeness(a: string, b: string): number {
  const [u, v] = [embedText(a), embedText(b)];
  return u.reduce((sum, value, i) => sum + value * (v[i] ?? 0), 0);
}

test("gives unit vectors of the stated length, in order", async () => {
  const vectors = await offlineHash.embed(["one text", "another"], { purpose: "document" });
  expect(vectors).toHaveLength(2);
  for (const vector of vectors) {
    expect(vector).toHaveLength(offlineHashDimensions);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  }
  expect(vectors[1]).toEqual(embedText("another"));
});

test("likens other forms, misspellings and accents of the same words", () => {
  const text = "Advertising brings customers to the café";
  expect(likeness(text, "how to advertise for a customer")).toBeGreaterThan(0.4);
  expect(likeness(text, "advertisng custmers")).toBeGreaterThan(likeness(text, "the weather in the mountains") + 0.2);
  expect(likeness("café crème", "cafe creme")).toBeCloseTo(1, 5);
  expect(likeness("東京の天気", "東京都")).toBeGreaterThan(0.2);
});

test("a text without words gives the zero vector, not NaN", () => {
  for (const text of ["", "  …!? ", "the of and"]) expect(Math.hypot(...embedText(text)), text).toBe(0);
  expect(toUnit(new Float32Array(3))).toEqual(new Float32Array(3));
});

test("stops where the caller has", async () => {
  const signal = AbortSignal.abort(new Error("gone"));
  await expect(offlineHash.embed(["text"], { purpose: "query", signal })).rejects.toThrow("gone");
});
