import { describe, expect, it } from "vitest";
import { parseDocument } from "../parse-document.ts";
import { makePages, placed } from "../testing/pdf.ts";

/** The blocks of a PDF, each with its page. */
async function blocksOf(...pages: string[]): Promise<string[]> {
  const { text, blocks } = await parseDocument("pdf", makePages(pages));
  return blocks.map(({ page, start, end }) => `${page}: ${text.slice(start, end)}`);
}

type Cell = [x: number, text: string];
const rows = (top: number, step: number, ...cells: Cell[][]): string =>
  placed(...cells.flatMap((row, i) => row.map(([x, text]): [number, number, string] => [x, top - i * step, text])));
const lines = (x: number, top: number, ...texts: string[]): string =>
  rows(top, 12, ...texts.map((text): Cell[] => [[x, text]]));

describe("a table in a PDF", () => {
  it.each([
    [
      "figures on the right",
      [
        [72, "Plan"],
        [150, "Seats"],
        [220, "Price"],
      ],
      [
        [72, "Max"],
        [223, "900"],
      ],
      "Max |  | 900",
    ],
    [
      "figures in the middle",
      [
        [72, "Land"],
        [140, "2022"],
        [230, "2023"],
      ],
      [
        [72, "Peru"],
        [234, "7"],
      ],
      "Peru |  | 7",
    ],
    [
      "a first cell that is empty",
      [
        [72, "Plan"],
        [150, "Seats"],
        [220, "Price"],
      ],
      [
        [150, "12"],
        [220, "30"],
      ],
      "| 12 | 30",
    ],
  ] as [string, Cell[], Cell[], string][])("with %s keeps each cell in its column", async (_name, head, last, said) => {
    const names = head.map(([, text]) => text).join(" | ");
    const [x = 0, y = 0] = [head[1]?.[0], head[2]?.[0]];
    const [block] = await blocksOf(
      rows(
        700,
        14,
        head,
        [
          [72, "Basic"],
          [x, "5"],
          [y, "40"],
        ],
        last,
      ),
    );
    expect(block?.split("\n").map((line) => line.trim())).toEqual([`1: ${names}`, "Basic | 5 | 40", said]);
  });

  it("is read row by row where its cells are drawn one after the other, and go on in several lines", async () => {
    const cell = (x: number, top: number, ...texts: string[]) => lines(x, top, ...texts);
    const page = [
      ...[cell(72, 700, "Clause"), cell(150, 700, "Says"), cell(400, 700, "Since")],
      ...[cell(72, 680, "Rent"), cell(150, 680, "Paid on the third day", "of each month."), cell(400, 680, "2021")],
      ...[cell(72, 640, "Heating and", "water"), cell(150, 634, "Paid by use"), cell(400, 634, "2022")],
    ];
    expect(await blocksOf(page.join("\n"))).toEqual([
      "1: Clause | Says | Since\nRent | Paid on the third day of each month. | 2021\nHeating and water | Paid by use | 2022",
    ]);
  });

  it("that goes on over a page's end has its head said again", async () => {
    const row = (i: number): Cell[] => [
      [72, `Item ${i}`],
      [200, `${i * 7}`],
    ];
    const first = rows(
      700,
      14,
      [
        [72, "Part"],
        [200, "Price"],
      ],
      row(1),
      row(2),
    );
    expect(await blocksOf(first, rows(700, 14, row(3), row(4)))).toEqual([
      "1: Part | Price\nItem 1 | 7\nItem 2 | 14",
      "2: Part | Price\nItem 3 | 21\nItem 4 | 28",
    ]);
  });

  it("is not seen in items of a list, nor in a table of contents", async () => {
    const list = rows(
      700,
      14,
      [
        [72, "1."],
        [90, "Pears are ripe"],
      ],
      [
        [72, "2."],
        [90, "Plums are not"],
      ],
    );
    expect(await blocksOf(list)).toEqual(["1: 1. Pears are ripe", "1: 2. Plums are not"]);
    const contents = rows(
      700,
      14,
      [
        [72, "Pears"],
        [150, ". . . . . . . . ."],
        [300, "5"],
      ],
      [
        [72, "Plums"],
        [150, ". . . . . . . . ."],
        [300, "9"],
      ],
    );
    expect((await blocksOf(contents)).join(" ")).not.toContain("|");
  });
});

describe("print in columns", () => {
  const left = ["The left column tells how", "the pump is primed before", "the first start of the day."];
  const right = ["The right column tells of", "the warranty, which lasts", "for twenty-four months."];
  const said = [`1: ${left.join(" ")}`, `1: ${right.join(" ")}`];

  it("is read column by column where it was drawn line by line across", async () => {
    expect(
      await blocksOf(
        rows(
          700,
          12,
          ...left.map((text, i): Cell[] => [
            [72, text],
            [320, right[i] ?? ""],
          ]),
        ),
      ),
    ).toEqual(said);
  });

  it("is read as it was drawn where one column was drawn after the other", async () => {
    expect(await blocksOf([lines(72, 700, ...left), lines(320, 700, ...right)].join("\n"))).toEqual(said);
  });
});

describe("numbers at the edges of pages", () => {
  const body = (i: number) => lines(72, 700, `Page text ${"abc"[i]} tells of pears.`, "They keep well.");

  it("stay where they are the text's own", async () => {
    expect((await blocksOf(placed([72, 700, "Amount due"], [72, 660, "4750"]))).join(" ")).toContain("4750");
    const years = await blocksOf(...["2022", "2023"].map((year, i) => [body(i), placed([290, 40, year])].join("\n")));
    expect(years.join(" ")).toMatch(/2022.*2023/);
  });

  it.each([
    ["figures", ["1", "2", "3"]],
    ["words beside them", ["Page 7 of 9", "Page 8 of 9", "Page 9 of 9"]],
    ["Roman figures", ["iv", "v", "vi"]],
    ["dashes", ["- 12 -", "- 13 -", "- 14 -"]],
  ])("are left out where they count the pages, with %s", async (_name, numbers) => {
    const blocks = await blocksOf(...numbers.map((number, i) => [body(i), placed([290, 40, number])].join("\n")));
    expect(blocks).toEqual(numbers.map((_, i) => `${i + 1}: Page text ${"abc"[i]} tells of pears. They keep well.`));
  });

  it("are left out with the head of all pages, which is said once", async () => {
    const blocks = await blocksOf(
      ...[0, 1, 2].map((i) => [placed([72, 800, `Pear Report 2023 | ${i + 4}`, 8]), body(i)].join("\n")),
    );
    expect(blocks.join(" ").match(/Pear Report/g)).toHaveLength(1);
    expect(blocks).toHaveLength(4);
  });
});

describe("a word or sentence that is divided", () => {
  it.each([
    ["mainte-", "nance plans.", "maintenance plans."],
    ["a long-", "term lease.", "a long-term lease."],
    ["the year 2019-", "2020 was dry.", "the year 2019-2020 was dry."],
    ["the pre-", "and post-war years.", "the pre- and post-war years."],
    ["the Müller-", "Lyer effect.", "the Müller-Lyer effect."],
  ])("at the end of a line, %s%s", async (line, next, said) => {
    const latin = (text: string) => text.replace("ü", "\\374");
    const page = lines(72, 700, latin(`They speak of ${line}`), latin(next));
    const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    expect((await parseDocument("pdf", makePages([page], [], font))).text).toBe(`They speak of ${said}`);
  });

  it("by a page's end is whole where it begins, and stays on its own page as well", async () => {
    const foot = (i: number) => placed([290, 40, `${i}`]);
    const blocks = await blocksOf(
      [lines(72, 700, "The warranty covers all mainte-"), foot(1)].join("\n"),
      [lines(72, 700, "nance in the first year. Later years cost more."), foot(2)].join("\n"),
    );
    expect(blocks).toEqual([
      "1: The warranty covers all maintenance in the first year.",
      "2: maintenance in the first year. Later years cost more.",
    ]);
  });

  it("is none where the next page begins anew", async () => {
    expect(await blocksOf(lines(72, 700, "Amount due"), lines(72, 700, "Terms of payment"))).toEqual([
      "1: Amount due",
      "2: Terms of payment",
    ]);
  });
});

describe("print of another height or place", () => {
  it.each([
    [
      "a footnote's mark",
      placed([72, 700, "It costs $25"], [123.5, 704, "1", 6], [130, 700, "a month."]),
      "It costs $25^1 a month.",
    ],
    [
      "a power in print hardly smaller",
      placed([72, 700, "10"], [83.2, 704.4, "6", 8.9], [92, 700, "cells"]),
      "10^6 cells",
    ],
    ["a power", placed([72, 700, "10"], [83.2, 704, "6", 6], [90, 700, "cells"]), "10^6 cells"],
    ["an index", placed([72, 700, "H"], [79.3, 698, "2", 6], [82.7, 700, "O"]), "H2O"],
    ["an ordinal", placed([72, 700, "1"], [77.6, 704, "st", 6], [84, 700, "of May"]), "1st of May"],
    ["a mark before its note", placed([72, 704, "1", 6], [75.4, 700, "Plus tax."]), "1 Plus tax."],
    ["letters that are set apart", "BT /F1 10 Tf 4 Tc 72 700 Td (ANNUAL REPORT) Tj ET", "ANNUAL REPORT"],
    ["print that is drawn twice to be bold", placed([72, 700, "Bold pears"], [72.3, 700, "Bold pears"]), "Bold pears"],
    [
      "print that is turned",
      "BT /F1 10 Tf 0 1 -1 0 300 300 Tm (Upwards goes) Tj 0 1 -1 0 312 300 Tm (this text.) Tj ET",
      "Upwards goes this text.",
    ],
  ])("%s is read as it is meant", async (_name, page, said) => {
    expect((await parseDocument("pdf", makePages([page]))).text).toBe(said);
  });
});
