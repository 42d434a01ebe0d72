import { strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { latin1 } from "../testing/files.ts";
import { parseCsv } from "./parse-csv.ts";

describe("a CSV file", () => {
  it.each([
    ["commas", 'Sort,Note\nPear,"sweet, soft"\n', 'Sort | Note\nPear | "sweet, soft"'],
    ["semicolons and decimal commas", "Sort;Weight\nPear;1,5\nApple;2,5\n", "Sort | Weight\nPear | 1,5\nApple | 2,5"],
    ["tabs", "Sort\tNote\r\nPear\tsays\r\n\r\n", "Sort | Note\nPear | says"],
    ["line breaks in a cell", 'Sort,Note\nPear,"two\nlines"', "Sort | Note\nPear | two lines"],
    ["one column", "Pear\nApple\n", "Pear\nApple"],
    ["a quote that never closes", 'Sort,Note\nPear,"open\nApple,x', 'Sort | Note\nPear | "open\nApple | x'],
    ["a quote inside a cell", 'Sort,Note\nPear,"a "b" c"\n', 'Sort | Note\nPear | a "b" c'],
    ["a line that names its separator", "sep=;\r\nSort;Weight\r\nPear;1,5\r\n", "Sort | Weight\nPear | 1,5"],
    ["such a line in quotes", '"sep=|"\nSort|a,b,c\nPear|d,e,f\n', "Sort | a,b,c\nPear | d,e,f"],
    ["decimal commas everywhere", "1,5;2,5\n3,5;4,5\n", "1,5 | 2,5\n3,5 | 4,5"],
    [
      "titles before its head",
      "Prices\nMade in May, by Ann\n\nSort;Price;Plot\nPear;1,5;3\nApple;2,5;4\n",
      "Prices\nMade in May, by Ann\nSort | Price | Plot\nPear | 1,5 | 3\nApple | 2,5 | 4",
    ],
    ["another separator in its cells", 'a,b\n"x;y",2\n"z;w",3\n', "a | b\nx;y | 2\nz;w | 3"],
    [
      "a space before a quote",
      'Sort, Note, Plot\nPear, "sweet, soft", 3\n',
      'Sort | Note | Plot\nPear | "sweet, soft" | 3',
    ],
    ["white space behind a quote", '"Sort" ,"Note"\t\r\n"a,b" ,c\r\n', 'Sort | Note\n"a,b" | c'],
  ])("with %s is read", (_name, source, text) => expect(parseCsv(source).text).toBe(text));

  it("is told by its name, and read in the encoding it is in", async () => {
    const bytes = latin1("Stra\xdfe;Ort\nAm G\xe4rtchen;K\xf6ln\n");
    const { kind, mediaType } = detectType(bytes, "orte.CSV");
    expect([kind, mediaType]).toEqual(["csv", "text/csv"]);
    expect((await parseDocument(kind, bytes)).text).toBe("Straße | Ort\nAm Gärtchen | Köln");
    expect(detectType(strToU8("<!doctype html><p>x"), "page.csv").kind).toBe("html");
  });

  it("says the names of its columns again with every block of rows", () => {
    const rows = Array.from({ length: 200 }, (_, i) => `Number${i},Planted in plot ${i}`);
    const { text, blocks } = parseCsv(`Tree,Where\n${rows.join("\n")}`);
    expect(blocks.length).toBeGreaterThan(5);
    for (const { start, end } of blocks) expect(text.slice(start, end)).toMatch(/^Tree \| Where\nNumber/);
    for (const row of rows) expect(text.split("\n").filter((line) => line === row.replace(",", " | "))).toHaveLength(1);
  });

  it("does not take its first row for a head where that is data", () => {
    const { text } = parseCsv(Array.from({ length: 200 }, (_, i) => `${i},word${i}`).join("\n"));
    expect(text.match(/^0 \| word0$/gm)).toHaveLength(1);
  });

  it.each([
    ["quotes", '"'.repeat(1_000_000)],
    ["separators", ",;|\t".repeat(250_000)],
    ["one row of many cells", `a${",a".repeat(500_000)}`],
    ["many rows", "a,b\n".repeat(500_000)],
  ])("made of %s is read or refused within its bounds", (_name, source) => {
    try {
      parseCsv(source);
    } catch (error) {
      expect(error).toMatchObject({ code: "empty" });
    }
  });
});
