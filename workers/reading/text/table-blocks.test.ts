import { describe, expect, it } from "vitest";
import { chunkDocument } from "../chunk-document.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { parseCsv } from "./parse-csv.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { tableBlocksOf } from "./table-blocks.ts";

const passagesOf = (document: ParsedDocument) => chunkDocument(document).map(({ text }) => text);
const passages = (rows: string[][]) =>
  passagesOf(assembleDocument(tableBlocksOf(rows, { page: null, section: null }), null));
const many = (row: (i: number) => string[]) => Array.from({ length: 200 }, (_, i) => row(i));
const prices = many((i) => [`Bracket B-${1000 + i}`, `${i}.5`, `${3000 + i}`]);

describe("every passage of a long table", () => {
  it.each<[string, string[][], string]>([
    ["words", [["Article", "Weight", "Price"], ...prices], "Article | Weight | Price"],
    [
      "a title above words",
      [["Stock list", "", ""], ["Article", "Weight", "Price"], ...prices],
      "Stock list\nArticle | Weight | Price",
    ],
    [
      "lines about the table and an empty one",
      [["Price list"], ["Made on 2024-03-05"], [], ["Article", "Weight", "Price"], ...prices],
      "Price list\nMade on 2024-03-05\nArticle | Weight | Price",
    ],
    ["years", [["Region", "2021", "2022"], ...prices], "Region | 2021 | 2022"],
    ["years above wares", [["", "2021", "2022"], ...prices], " | 2021 | 2022"],
    ["months of dates", [["Region", "2024-01", "2024-02"], ...prices], "Region | 2024-01 | 2024-02"],
    [
      "days by number",
      [["Ward", "1", "2", "3", "4"], ...many((i) => [`Ward ${i}`, `${i * 7}`, "9", `${i}`, "4"])],
      "Ward | 1 | 2 | 3 | 4",
    ],
    ["an empty corner", [["", "January", "February"], ...prices], "| January | February"],
    [
      "two rows with spans",
      [["Plan", "Price", ""], ["", "Monthly", "Yearly"], ...prices],
      "Plan | Price\n | Monthly | Yearly",
    ],
    [
      "two rows with a cell over both",
      [["Plan", "Price", ""], ["Plan", "Monthly", "Yearly"], ...prices],
      "Plan | Price\nPlan | Monthly | Yearly",
    ],
    [
      "Chinese",
      [["品名", "重量", "价格"], ...many((i) => [`支架${i}号产品`, `${i}`, `${i}元人民币`])],
      "品名 | 重量 | 价格",
    ],
  ])("says its head: %s", (_, rows, head) => {
    const found = passages(rows);
    expect(found.length).toBeGreaterThan(3);
    for (const passage of found) expect(`\n${passage}`).toContain(head.trim());
  });

  it("has the head of its own table where several stand in one sheet", () => {
    const found = passages([
      ["Article", "Weight", "Price"],
      ...prices,
      [],
      ["Branches"],
      ["Branch", "Opened", "Staff"],
      ...many((i) => [`Branch ${i}`, `${1900 + (i % 99)}`, `${i}`]),
    ]);
    for (const passage of found) {
      expect(passage.includes("Bracket B-") && passage.includes("Branch | Opened")).toBe(false);
      expect(passage).toContain(passage.includes("Bracket B-") ? "Article | Weight" : "Branch | Opened | Staff");
    }
  });

  it("has no head where the first row is values", () => {
    expect(passages(many((i) => [`${i}`, `${i * 2}`, "5"]))[1]?.split("\n")[0]).not.toBe("0 | 0 | 5");
    expect(passages(many((i) => [`Founded in ${i}`, `${1900 + (i % 99)}`]))[1]).not.toContain("Founded in 0 ");
  });

  it("names each value where the row or the head is too long to stand together", () => {
    const names = Array.from({ length: 40 }, (_, i) => `Column number ${i}`);
    const found = passages([names, ...many((i) => names.map((_, j) => `value ${i} of ${j}`))]);
    expect(found.join("\n")).toContain("Column number 39: value 199 of 39");
  });

  it("is told in CSV below lines of title, and in Markdown below its head", () => {
    const rows = prices.map((row) => row.join(",")).join("\n");
    for (const passage of passagesOf(
      parseCsv(`Quarterly list\nGenerated 2024-03-05\nArticle,Weight kg,Price\n${rows}`),
    ))
      expect(passage).toContain("Article | Weight kg | Price");
    const table = prices.map((row) => `| ${row.join(" | ")} |`).join("\n");
    for (const passage of passagesOf(parseMarkdown(`# Stock\n\n| 2021 | Weight |\n|---|---|\n${table}`)))
      expect(passage).toContain("2021 | Weight");
  });
});
