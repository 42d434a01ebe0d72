import { describe, expect, it } from "vitest";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { ReadingBudget } from "../budget.ts";
import type { DocumentKind } from "../formats.ts";
import { parseOdf } from "../open-document/parse-odf.ts";
import type { ParsedDocument } from "../parsed-document.ts";
import { makeDocx, paragraph } from "../testing/files.ts";
import { makeOdf, makePptx, makeRelations, makeXlsx, makeZip, shape } from "../testing/office.ts";
import { parseDocx } from "../word/parse-docx.ts";
import { parsePptx } from "./parse-pptx.ts";
import { parseXlsx } from "./parse-xlsx.ts";

type Read = (bytes: Uint8Array, budget: ReadingBudget) => ParsedDocument;
const readers: Partial<Record<DocumentKind, Read>> = {
  docx: parseDocx,
  xlsx: parseXlsx,
  pptx: parsePptx,
  odt: parseOdf,
  ods: parseOdf,
};

/** What a file says, or why it is refused, and what that cost. */
function read(kind: keyof typeof readers, file: Uint8Array) {
  const budget = new ReadingBudget(kind, file.length);
  try {
    return { said: readers[kind]?.(file, budget).text ?? "", spent: budget.spent };
  } catch (error) {
    expect(error).toMatchObject({ name: "UnreadableDocument" });
    return { said: (error as { code: string }).code, spent: budget.spent };
  }
}

const cellOf = (inside: string) => `<w:tbl><w:tr><w:tc>${inside}</w:tc></w:tr></w:tbl>`;
const odfCell = "<table:table-cell><text:p>a</text:p></table:table-cell>";
const odfRow = `<table:table-row>${odfCell}</table:table-row>`;
const sheet = (rows: string) => `<table:table table:name="S">${rows}</table:table>`;
const xlsxCell = (reference: string, value: string) => `<c r="${reference}" t="str"><v>${value}</v></c>`;

describe("twice as much takes twice the work", () => {
  it.each<[string, keyof typeof readers, (n: number) => Uint8Array]>([
    ["paragraphs in a cell", "docx", (n) => makeDocx(cellOf(paragraph("pear").repeat(n)))],
    ["tables in tables", "docx", (n) => makeDocx(cellOf(cellOf(paragraph("pear")).repeat(n)))],
    ["runs of a paragraph", "docx", (n) => makeDocx(`<w:p>${"<w:r><w:t>a </w:t></w:r>".repeat(n)}</w:p>`)],
    ["rows", "docx", (n) => makeDocx(`<w:tbl>${`<w:tr><w:tc>${paragraph("a")}</w:tc></w:tr>`.repeat(n)}</w:tbl>`)],
    ["rows", "xlsx", (n) => makeXlsx([{ name: "S", rows: `<row>${xlsxCell("C1", "a")}</row>`.repeat(n) }])],
    [
      "shared strings",
      "xlsx",
      (n) =>
        makeXlsx([{ name: "S", rows: '<row><c t="s"><v>0</v></c></row>'.repeat(n) }], {
          "xl/sharedStrings.xml": `<sst>${"<si><r><t>a</t></r><r><t> b</t></r></si>".repeat(n)}</sst>`,
        }),
    ],
    ["slides", "pptx", (n) => makePptx(Array.from({ length: n / 20 }, () => ({ shapes: shape(["pear"], "title") })))],
    ["rows", "ods", (n) => makeOdf("spreadsheet", sheet(odfRow.repeat(n)))],
    ["headings", "odt", (n) => makeOdf("text", '<text:h text:outline-level="3">a</text:h>'.repeat(n))],
    [
      "paragraphs in a cell",
      "ods",
      (n) =>
        makeOdf(
          "spreadsheet",
          sheet(
            `<table:table-row><table:table-cell>${"<text:p>a</text:p>".repeat(n)}</table:table-cell></table:table-row>`,
          ),
        ),
    ],
  ])("%s (%s)", (_name, kind, make) => {
    const [once, twice] = [read(kind, make(10_000)), read(kind, make(20_000))];
    expect(twice.said.length / once.said.length).toBeCloseTo(2, 1);
    expect(twice.spent / once.spent).toBeGreaterThan(1.5);
    expect(twice.spent / once.spent).toBeLessThan(2.2);
  });
});

const oneSheet = { name: "S", rows: `<row>${xlsxCell("A1", "pear")}</row>` };
/** A workbook whose sheets are all one. */
const sheetsOfOne = (count: number) =>
  makeXlsx([oneSheet], {
    "xl/workbook.xml": `<workbook><sheets>${'<sheet name="S" r:id="r0"/>'.repeat(count)}</sheets></workbook>`,
  });
const slidesOfOne = (count: number) =>
  makeZip({
    "ppt/presentation.xml": `<p:presentation>${'<p:sldId r:id="r"/>'.repeat(count)}</p:presentation>`,
    "ppt/_rels/presentation.xml.rels": makeRelations([["r", "slide", "slides/s.xml"]]),
    "ppt/slides/s.xml": `<p:sld>${shape(["pear ".repeat(10_000)])}</p:sld>`,
  });

describe("what makes much of little", () => {
  it.each<[string, keyof typeof readers, () => Uint8Array, said: RegExp]>([
    [
      "cells at the far end of many rows",
      "xlsx",
      () => makeXlsx([{ name: "S", rows: `<row>${xlsxCell("XFD1048576", "a")}</row>`.repeat(100_000) }]),
      /^too_much_text$/,
    ],
    [
      "the same in many sheets",
      "xlsx",
      () =>
        makeXlsx(
          Array.from({ length: 400 }, (_, i) => ({
            name: `S${i}`,
            rows: `<row>${xlsxCell("XFD1", "a")}</row>`.repeat(100),
          })),
        ),
      /^too_much_text$/,
    ],
    ["sheets that are one", "xlsx", () => sheetsOfOne(30_000), /^S\n\npear$/],
    [
      "one long string of nothing in many cells",
      "xlsx",
      () =>
        makeXlsx([{ name: "S", rows: '<row><c t="s"><v>0</v></c></row>'.repeat(200_000) }], {
          "xl/sharedStrings.xml": `<sst><si><t>a${" ".repeat(1_000_000)}b</t></si></sst>`,
        }),
      /^S\n\na b\na b\n/,
    ],
    [
      "a format that is none in many cells",
      "xlsx",
      () =>
        makeXlsx([{ name: "S", rows: '<row><c s="0"><v>7</v></c></row>'.repeat(100_000) }], {
          "xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="${"[".repeat(255)}"/></numFmts><cellXfs><xf numFmtId="170"/></cellXfs></styleSheet>`,
        }),
      /^S\n\n7\n7\n/,
    ],
    [
      "thousands of formats that are none",
      "xlsx",
      () =>
        makeXlsx(
          [
            {
              name: "S",
              rows: `<row>${Array.from({ length: 9_000 }, (_, i) => `<c s="${i}"><v>7</v></c>`).join("")}</row>`,
            },
          ],
          {
            "xl/styles.xml": `<styleSheet>${Array.from({ length: 9_000 }, (_, i) => `<numFmt numFmtId="${170 + i}" formatCode="${i}${"[".repeat(250)}"/>`).join("")}<cellXfs>${Array.from({ length: 9_000 }, (_, i) => `<xf numFmtId="${170 + i}"/>`).join("")}</cellXfs></styleSheet>`,
          },
        ),
      /^too_complex$/,
    ],
    [
      "rows and columns that say how often they stand there",
      "ods",
      () =>
        makeOdf(
          "spreadsheet",
          sheet(
            `<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000"/>${odfCell}</table:table-row>`.repeat(
              1_000,
            ),
          ),
        ),
      /^too_much_text$/,
    ],
    [
      "spaces that say how many they are",
      "odt",
      () => makeOdf("text", `<text:p>a${'<text:s text:c="1000000000"/>'.repeat(300_000)}b</text:p>`),
      /^too_much_text$/,
    ],
    [
      "headings ever deeper in one another",
      "odt",
      () =>
        makeOdf(
          "text",
          Array.from({ length: 30_000 }, (_, i) => `<text:h text:outline-level="${i}">a</text:h>`).join(""),
        ),
      /^a\n\na/,
    ],
    [
      "headings of levels below none",
      "docx",
      () =>
        makeDocx(
          Array.from(
            { length: 30_000 },
            (_, i) => `<w:p><w:pPr><w:outlineLvl w:val="${i - 40_000}"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`,
          ).join(""),
        ),
      /^a\n\na/,
    ],
    [
      "styles that derive from each other",
      "docx",
      () =>
        makeDocx(paragraph("pear", "S1"), {
          "word/styles.xml": `<w:styles>${Array.from({ length: 5_000 }, (_, i) => `<w:style w:type="paragraph" w:styleId="S${i}"><w:basedOn w:val="S${(i + 1) % 5_000}"/></w:style>`).join("")}</w:styles>`,
        }),
      /^pear$/,
    ],
    ["slides that are one", "pptx", () => slidesOfOne(10_000), /^(?:too_much_text|expands_too_far)$/],
    ["more paragraphs than a call takes", "docx", () => makeDocx(paragraph("a").repeat(200_000)), /^a\n\na/],
  ])("%s (%s)", (_name, kind, make, said) => {
    expect(read(kind, make()).said.slice(0, 100)).toMatch(said);
  });
});

describe.skipIf(!corpus)("an attack that was seen", () => {
  it("cell20000.docx", async () => {
    const { said, spent } = read("docx", await readCorpusFile("attacks/cell20000.docx"));
    expect(said.length).toBeGreaterThan(20_000);
    expect(spent).toBeLessThan(20_000_000);
  });
});
