import { expect, it } from "vitest";
import { citedRange, cutAtCitation } from "./cited-range.ts";
import { readerPages, sectionsOf } from "./reader-pages.ts";

it("reads a range from the address, and nothing from a bad one", () => {
  expect(citedRange(new URLSearchParams("start=3&end=9"))).toEqual({ start: 3, end: 9 });
  for (const bad of ["", "start=9&end=3", "start=a&end=9", "start=-1&end=4", "end=4"]) {
    expect(citedRange(new URLSearchParams(bad))).toBeNull();
  }
});

it("marks the cited part of each piece of text that it runs through", () => {
  const cited = { start: 8, end: 14 };
  expect(cutAtCitation("0123456789", 0, cited)).toEqual(["01234567", "89", ""]);
  expect(cutAtCitation("abcdefghij", 10, cited)).toEqual(["", "abcd", "efghij"]);
  expect(cutAtCitation("klm", 20, cited)).toEqual(["klm", "", ""]);
  expect(cutAtCitation("klm", 20, null)).toEqual(["klm", "", ""]);
});

it("gathers parts by page and lists sections once", () => {
  const parts = [
    { page: 1, section: "Start", start: 0, text: "a" },
    { page: 1, section: "Start", start: 2, text: "b" },
    { page: 2, section: "Start › End", start: 4, text: "c" },
  ];
  expect(readerPages(parts).map(({ anchor, parts }) => [anchor, parts.length])).toEqual([
    ["page-1", 2],
    ["page-2", 1],
  ]);
  expect(sectionsOf(parts)).toEqual([
    { title: "Start", depth: 0, anchor: "at-0" },
    { title: "End", depth: 1, anchor: "at-4" },
  ]);
});
