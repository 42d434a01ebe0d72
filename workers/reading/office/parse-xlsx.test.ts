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
