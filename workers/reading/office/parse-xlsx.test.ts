import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { makeXlsx, makeZip } from "../testing/office.ts";
import { parseXlsx } from "./parse-xlsx.ts";

const strings = "<sst><si><t>Sort</t></si><si><r><t>We</t></r><r><t>ight</t></r><rPh><t>x</t></rPh></si></sst>";
const styles = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="mmmm\\ yyyy"/><numFmt numFmtId="165" formatCode="#,##0.00\\ [$€-407]"/>
  <numFmt numFmtId="166" formatCode="]]broken[["/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
  <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="166"/></cellXfs></styleSheet>`;
const parts = { "xl/sharedStrings.xml": strings, "xl/styles.xml": styles };

describe("an Excel workbook", () => {
  it("is told by its parts, and read sheet by sheet", () => {
    const bytes = makeXlsx(
      [
        {
          name: "Pears",
          rows: '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c r="B2"><v>2</v></c></row>',
        },
        { name: "Secret", rows: '<row><c t="inlineStr"><is><t>hidden</t></is></c></row>', state: "veryHidden" },
        { name: "Empty", rows: "" },
        { name: "Apples", rows: '<row><c t="str"><f>A1</f><v>Boskoop</v></c><c t="b"><v>1</v></c></row>' },
      ],
      parts,
    );
    expect(detectType(bytes, "x.bin").kind).toBe("xlsx");
    const { text, blocks } = parseXlsx(bytes);
    expect(text).toBe("Pears\n\nSort | Weight\n | 2\n\nApples\n\nBoskoop | TRUE");
    expect(blocks.map(({ section, heading }) => [section, heading])).toEqual([
      ["Pears", true],
      ["Pears", false],
      ["Apples", true],
      ["Apples", false],
    ]);
  });

  it.each([
    [0, "0.30000000000000004", "0.3"],
    [0, "1.5E-7", "1.5e-7"],
    [1, "44322", "2021-05-06"],
    [2, "44322", "May 2021"],
    [3, "1234.5", "1.234,50 €"],
    [4, "0.125", "13%"],
    [5, "7", "7"],
    [99, "7", "7"],
    [0, "text", "text"],
  ])("shows numbers of style %s that are %s as %s", (style, value, shown) => {
    const rows = `<row><c s="${style}"><v>${value}</v></c><c t="inlineStr"><is><t>x</t></is></c></row>`;
    expect(parseXlsx(makeXlsx([{ name: "S", rows }], parts)).text).toBe(`S\n\n${shown} | x`);
  });

  it("counts days from 1904 where it says so", () => {
    const rows = '<row><c s="1"><v>42860</v></c></row>';
    const bytes = makeXlsx([{ name: "S", rows }], {
      ...parts,
      "xl/workbook.xml":
        '<x:workbook xmlns:x="y"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="S" r:id="r0"/></x:sheets></x:workbook>',
    });
    expect(parseXlsx(bytes).text).toBe("S\n\n2021-05-06");
  });
});

describe("an Excel workbook of another program", () => {
  const text = (value: string, reference = "") => `<c ${reference && `r="${reference}"`} t="str"><v>${value}</v></c>`;
  const textOf = (rows: string, members: Record<string, string> = {}) =>
    parseXlsx(makeXlsx([{ name: "S", rows }], members)).text.replace(/^S\n\n/, "");

  it.each([
    ["cells without a reference, some empty", `<row>${text("Bolt")}<c/>${text("7")}</row>`, "Bolt |  | 7"],
    ["references in lower case", `<row r="1">${text("Bolt", "a1")}${text("7", "c1")}</row>`, "Bolt |  | 7"],
    ["characters by their numbers", `<row>${text("a_x000D_\nb _x005F_x000D_")}</row>`, "a b _x000D_"],
    [
      "readings of words",
      '<row><c t="inlineStr"><is><r><t>東京</t></r><rPh><t>トウキョウ</t></rPh></is></c></row>',
      "東京",
    ],
    [
      "raised text",
      '<row><c t="inlineStr"><is><r><t>$25</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></is></c></row>',
      "$25^1",
    ],
    [
      "a link by a formula",
      '<row><c t="str"><f>HYPERLINK("https://example.org/a","there")</f><v>there</v></c></row>',
      "there (https://example.org/a)",
    ],
  ])("is read with %s", (_, rows, expected) => {
    expect(textOf(rows)).toBe(expected);
  });

  it("has merged cells in each row, addresses, notes, heads of pages and what is drawn", () => {
    const behind = `</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells><hyperlinks><hyperlink ref="B3" r:id="l"/></hyperlinks><headerFooter><oddHeader>&amp;C&amp;"Arial,Bold"Harbour &amp;P</oddHeader></headerFooter><sheetData>`;
    const rows = `<row r="1">${text("Plan")}${text("Price")}</row><row r="2">${text("Pro")}${text("40")}</row><row r="3"><c/>${text("45")}</row>${behind}`;
    const external = '<Relationship Id="l" Type="x/hyperlink" TargetMode="External" Target="https://example.org/p"/>';
    const members = {
      "xl/worksheets/_rels/s0.xml.rels": `<Relationships>${external}<Relationship Id="c" Type="x/comments" Target="../Comments1.xml"/><Relationship Id="d" Type="x/drawing" Target="../drawings/d.xml"/></Relationships>`,
      "xl/comments1.xml":
        '<comments><comment ref="B2"><text><r><t>only on weekdays</t></r></text></comment></comments>',
      "xl/drawings/d.xml":
        "<xdr:wsDr><xdr:sp><xdr:txBody><a:p><a:r><a:t>In a box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>",
    };
    expect(textOf(rows, members).split("\n\n")).toEqual([
      "Plan | Price\nPro | 40\nPro | 45 (https://example.org/p)",
      "Note on B2 (Pro | 40): only on weekdays",
      "Harbour",
      "In a box",
    ]);
  });
});

describe("a hostile workbook", () => {
  const row = (cell: string) => `<row>${cell}</row>`;
  it.each([
    ["one cell at the end of many rows", "too_much_text", row('<c r="XFD1"><v>1</v></c>').repeat(200_000)],
    ["blanks at the end of many rows", "empty", row('<c r="XFD1" t="str"><v> </v></c>').repeat(200_000)],
    ["references to nowhere", "empty", row('<c r="ZZZ9" t="s"><v>12</v></c>').repeat(200_000)],
    ["nothing in many rows", "empty", "<row/>".repeat(1_000_000)],
    ["elements in elements", "damaged", "<row>".repeat(1_000_000)],
  ])("with %s is refused within its bounds", (_name, code, rows) => {
    expect(() => parseXlsx(makeXlsx([{ name: " ", rows }], parts))).toThrow(expect.objectContaining({ code }));
  });

  it("whose one string stands in every cell is refused before it fills the memory", () => {
    const long = `<sst><si><t>${"pear ".repeat(10_000)}</t></si></sst>`;
    const bytes = makeXlsx([{ name: "S", rows: row('<c t="s"><v>0</v></c>').repeat(100_000) }], {
      "xl/sharedStrings.xml": long,
    });
    expect(() => parseXlsx(bytes)).toThrow(expect.objectContaining({ code: "too_much_text" }));
  });

  it("with a document type declaration is refused", () => {
    const bytes = makeXlsx([{ name: "S", rows: "" }], {
      "xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst/>',
    });
    expect(() => parseXlsx(bytes)).toThrow(expect.objectContaining({ code: "unsafe_xml" }));
  });

  it("that points out of itself reads nothing from there", () => {
    const bytes = makeZip({
      "xl/workbook.xml": '<workbook><sheets><sheet name="S" r:id="a"/><sheet name="T" r:id="b"/></sheets></workbook>',
      "xl/_rels/workbook.xml.rels":
        '<Relationships><Relationship Id="a" Type="x" Target="file:///etc/passwd"/><Relationship Id="b" Type="x" TargetMode="External" Target="https://example.com/s.xml"/></Relationships>',
    });
    expect(() => parseXlsx(bytes)).toThrow(expect.objectContaining({ code: "empty" }));
  });

  it("that is cut off is refused with what to do", () => {
    const bytes = makeXlsx([{ name: "S", rows: row("<c><v>1</v></c>").repeat(5_000) }]);
    bytes.fill(0, bytes.length / 4, bytes.length / 2);
    expect(() => parseXlsx(bytes)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/save it anew/i) }),
    );
  });
});
