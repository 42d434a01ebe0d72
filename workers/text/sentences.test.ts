import { expect, test } from "vitest";
import { sentencesOf } from "./sentences.ts";

const texts = (passage: string) => sentencesOf(passage).map(({ text }) => text);

test("keeps titles, initials, figures and abbreviations inside their sentence", () => {
  expect(texts("Mr. A. T. Stewart paid $9.50 at No. 5 St. Mark's. Then he left, e.g. by train.")).toEqual([
    "Mr. A. T. Stewart paid $9.50 at No. 5 St. Mark's.",
    "Then he left, e.g. by train.",
  ]);
});

test("closes a sentence behind its quotation marks", () => {
  expect(texts("“It cost me thirty!” He sighed. “Why?” she asked.")).toEqual([
    "“It cost me thirty!”",
    "He sighed.",
    "“Why?” she asked.",
  ]);
});

test("joins the broken lines of a page and keeps paragraphs apart", () => {
  const page = "The foundation of success in life is good\nhealth: that is the substratum of fortune.\n\nNext one.";
  expect(texts(page)).toEqual([
    "The foundation of success in life is good health: that is the substratum of fortune.",
    "Next one.",
  ]);
});

test("tells headings and list entries from sentences", () => {
  const kinds = sentencesOf("## Limits\n\nThese hold:\n\n- PDF up to 50 MB\n- Text: 2 MB\n\nThat is all.").map(
    ({ kind, text }) => [kind, text],
  );
  expect(kinds).toEqual([
    ["heading", "Limits"],
    ["sentence", "These hold:"],
    ["item", "PDF up to 50 MB"],
    ["item", "Text: 2 MB"],
    ["sentence", "That is all."],
  ]);
});

test("marks what the passage's edges cut off", () => {
  const [first, middle, last] = sentencesOf("and so it went on. The middle is whole. The last one was never");
  expect([first?.whole, middle?.whole, last?.whole]).toEqual([false, true, false]);
});

test("drops a document's own reference numbers, which would read as citations", () => {
  expect(texts("Dey invented the dial recorder (1888).[18] Flint came later.[1][21]")).toEqual([
    "Dey invented the dial recorder (1888).",
    "Flint came later.",
  ]);
});

test("splits scripts that close sentences without a space", () => {
  expect(texts("東京は首都です。人口は多い。")).toEqual(["東京は首都です。", "人口は多い。"]);
});
