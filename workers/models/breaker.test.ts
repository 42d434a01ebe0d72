import { expect, test } from "vitest";
import { restAfter } from "./breaker.ts";

test("a model rests as long as its provider says, else longer with every failure, up to a minute", () => {
  expect(restAfter("busy", 1, 14)).toBe(14_000);
  expect([1, 2, 3, 9].map((failures) => restAfter("busy", failures, undefined))).toEqual([
    5_000, 10_000, 20_000, 60_000,
  ]);
  expect(restAfter("busy", 1, 86_400)).toBe(600_000);
});

test("one break of a connection may be chance; a refused key does not pass in seconds", () => {
  expect([1, 2, 3].map((failures) => restAfter("down", failures, undefined))).toEqual([0, 5_000, 10_000]);
  expect(restAfter("refused", 1, undefined)).toBe(60_000);
});

test("a question that is too long says nothing of the next", () => {
  expect(restAfter("context", 5, 30)).toBe(0);
  expect(restAfter("cut_prompt", 5, undefined)).toBe(0);
});
