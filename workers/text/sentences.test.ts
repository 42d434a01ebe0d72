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
  expect(texts("The plan[^1] costs 9 euros.[^terms]\n\n[^1]: It is discontinued.")).toEqual([
    "The plan costs 9 euros.",
    "It is discontinued.",
  ]);
});

test("splits scripts that close sentences without a space", () => {
  expect(texts("東京は首都です。人口は多い。")).toEqual(["東京は首都です。", "人口は多い。"]);
});

test.each([
  ["Arabic", "هل المكتب مفتوح؟ نعم، من التاسعة. الرسوم ثلاثة دنانير.", 3],
  ["Hindi", "दिल्ली भारत की राजधानी है। यहाँ बहुत लोग रहते हैं।", 2],
  ["Greek", "Πού είναι το γραφείο; Είναι στον πρώτο όροφο.", 2],
  ["Korean", "환불은 14일 이내에 됩니다. 주차료는 시간당 3000원입니다.", 2],
  ["Chinese", "退款将在十四天内到账。停车费是多少？每小时三元。", 3],
  ["Hebrew", "היכן המשרד? בקומה הראשונה. הוא פתוח.", 3],
  ["Armenian", "Երևանը մայրաքաղաքն է։ Այն մեծ է։", 2],
  ["German ordinals", "Die Frist endet am 3. Oktober 2024. Danach gilt z. B. nichts.", 2],
])("splits sentences of %s", (_script, text, count) => {
  expect(texts(text)).toHaveLength(count);
});

test("a line of a script without marks is a sentence, whole as it stands", () => {
  const [sentence] = sentencesOf("ค่าจอดรถชั่วโมงละสามสิบบาท");
  expect(sentence).toMatchObject({ kind: "sentence", whole: true });
});

test("says a row with its head, and takes no head where the first row is one like the others", () => {
  const rows = (text: string) => sentencesOf(text).map(({ kind, text: said }) => [kind, said]);
  expect(rows("Plan | Seats | Price per month\nBasic | 5 | 40 EUR\nPro | 20 | 120 EUR")).toEqual([
    ["heading", "Plan | Seats | Price per month"],
    ["row", "Plan: Basic · Seats: 5 · Price per month: 40 EUR"],
    ["row", "Plan: Pro · Seats: 20 · Price per month: 120 EUR"],
  ]);
  expect(rows("Name | Peter\nTown | Bonn")).toEqual([
    ["row", "Name: Peter"],
    ["row", "Town: Bonn"],
  ]);
  expect(rows("| Kind | Limit |\n|---|---|\n| auth | five |")).toEqual([
    ["heading", "Kind | Limit"],
    ["row", "Kind: auth · Limit: five"],
  ]);
});
