import { strToU8, zipSync } from "fflate";
import { describe, expect, it, vi } from "vitest";
import { ReadingBudget } from "../budget.ts";
import type { ParsedDocument } from "../parsed-document.ts";
import { makeDocx, paragraph } from "../testing/files.ts";
import { parseDocx } from "./parse-docx.ts";

const texts = ({ text, blocks }: ParsedDocument) =>
  blocks.map(({ start, end, section }) => [section, text.slice(start, end)]);
const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`;

describe("a Word document", () => {
  it("is read into paragraphs, lists and tables under its headings, whatever their styles are called", () => {
    const body = [
      paragraph("Watering ........ 3", "TOC1"),
      paragraph("Watering", "H1"),
      paragraph("Two litres a day."),
      `<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>morning</w:t></w:r></w:p>`,
      paragraph("Pruning", "Mine"),
      `<w:tbl><w:tr>${cell("Tree")}${cell("Month")}</w:tr><w:tr>${cell("Apple")}${cell("February")}</w:tr></w:tbl>`,
      `<w:p><w:r><w:t>Soft&#173;ly, line</w:t><w:br/><w:t>by&amp;line</w:t></w:r></w:p>`,
    ];
    expect(texts(parseDocx(makeDocx(body.join(""))))).toEqual([
      ["Watering", "Watering"],
      ["Watering", "Two litres a day."],
      ["Watering", "- morning"],
      ["Pruning", "Pruning"],
      ["Pruning", "Tree | Month\nApple | February"],
      ["Pruning", "Softly, line\nby&line"],
    ]);
  });

  it("gives what stands on the page: nothing deleted, hidden, computed or repeated", () => {
    const body = `<w:p>
      <w:del><w:r><w:delText>deleted</w:delText></w:r></w:del><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>
      <w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:instrText>HYPERLINK</w:instrText></w:r>
      <w:r><mc:AlternateContent><mc:Choice><w:t> chosen</w:t></mc:Choice><mc:Fallback><w:t>fallback</w:t></mc:Fallback></mc:AlternateContent></w:r>
    </w:p>`;
    const footnotes = `<w:footnotes><w:footnote>${paragraph("A note at the foot.")}</w:footnote></w:footnotes>`;
    expect(texts(parseDocx(makeDocx(body, { "word/footnotes.xml": footnotes })))).toEqual([
      [null, "inserted chosen"],
      [null, "A note at the foot."],
    ]);
  });

  const run = (text: string, properties = "") =>
    `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;
  const level = (i: number, format: string, label: string, more = "") =>
    `<w:lvl w:ilvl="${i}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${label}"/>${more}</w:lvl>`;
  const item = (text: string, list: number, at = 0) =>
    `<w:p><w:pPr><w:numPr><w:ilvl w:val="${at}"/><w:numId w:val="${list}"/></w:numPr></w:pPr>${run(text)}</w:p>`;

  it("has its numbers as they are counted: levels, lists that go on, and those that begin anew", () => {
    const numbering = `<w:numbering><w:abstractNum w:abstractNumId="1">${level(0, "decimal", "%1.", '<w:pStyle w:val="H1"/>')}${level(1, "lowerLetter", "%1.%2)")}${level(2, "lowerRoman", "(%3)")}</w:abstractNum>
      <w:abstractNum w:abstractNumId="2">${level(0, "bullet", "•")}</w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
      <w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>`;
    const styles = `<w:styles><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`;
    const body = [
      paragraph("Scope", "H1"),
      item("a", 1, 1),
      item("deep", 1, 2),
      item("b", 1, 1),
      item("mark", 2),
      paragraph("Terms", "H1"),
      item("a", 1, 1),
      item("five", 3),
      item("six", 1),
    ];
    const document = parseDocx(makeDocx(body.join(""), { "word/numbering.xml": numbering, "word/styles.xml": styles }));
    expect(document.text.split("\n\n")).toEqual([
      "1. Scope",
      "1.a) a",
      "(i) deep",
      "1.b) b",
      "- mark",
      "2. Terms",
      "2.a) a",
      "5. five",
      "6. six",
    ]);
    expect(document.blocks[1]?.section).toBe("1. Scope");
  });

  it("sets apart raised text, tells addresses, symbols, formulas and fields", () => {
    const raised = '<w:vertAlign w:val="superscript"/>';
    const field = (code: string, result: string) =>
      `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>${code}</w:instrText></w:r>${result && `<w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(result)}`}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
    const body = [
      `<w:p>${run("Fee $25")}${run("1", raised)}${run(", 10")}${run("-", raised)}${run("6", raised)}${run(" H")}${run("2", '<w:vertAlign w:val="subscript"/>')}${run("O")}</w:p>`,
      `<w:p><w:hyperlink r:id="l">${run("Register")}</w:hyperlink> ${field('HYPERLINK "https://example.org/b"', "there")}${field("EQ \\* jc2 \\o\\ad(\\s\\up 9(とうきょう),東京)", "")}</w:p>`,
      `<w:p><w:r><w:sym w:font="Symbol" w:char="F061"/></w:r><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>`,
    ];
    const relations = `<Relationships><Relationship Id="l" Type="x/hyperlink" TargetMode="External" Target="https://example.org/register"/></Relationships>`;
    expect(
      parseDocx(makeDocx(body.join(""), { "word/_rels/document.xml.rels": relations })).text.split("\n\n"),
    ).toEqual([
      "Fee $25^1, 10^-6 H2O",
      "Register (https://example.org/register)there (https://example.org/b)東京",
      "α 1/2",
    ]);
  });

  it("says merged cells in each row, tables in tables behind them, and notes behind what they are about", () => {
    const merged = (text: string, properties: string) =>
      `<w:tc><w:tcPr>${properties}</w:tcPr>${paragraph(text)}</w:tc>`;
    const inner = `<w:tbl><w:tr>${cell("a")}${cell("b")}</w:tr></w:tbl>`;
    const body = `<w:tbl><w:tr>${cell("Plan")}${merged("Price", '<w:gridSpan w:val="2"/>')}</w:tr>
      <w:tr>${merged("Pro", '<w:vMerge w:val="restart"/>')}${cell("40")}<w:tc>${inner}${paragraph("400")}</w:tc></w:tr>
      <w:tr>${merged("", "<w:vMerge/>")}${cell("45")}${cell("450")}</w:tr></w:tbl>
      <w:p>${run("Marked")}<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>${paragraph("Last.")}`;
    const members = {
      "word/footnotes.xml": `<w:footnotes><w:footnote w:id="1">${paragraph("Unused.")}</w:footnote><w:footnote w:id="2">${paragraph("A note.")}</w:footnote></w:footnotes>`,
      "word/comments.xml": `<w:comments><w:comment w:id="0" w:author="Ann">${paragraph("Why?")}</w:comment></w:comments>`,
    };
    expect(parseDocx(makeDocx(body, members)).text.split("\n\n")).toEqual([
      "Plan | Price\nPro | 40 | 400\nPro | 45 | 450",
      "a | b",
      "Marked",
      "A note.",
      "Comment by Ann: Why?",
      "Last.",
      "Unused.",
    ]);
  });

  it("tells heads and feet once without numbers of pages, and says how many pictures nobody described", () => {
    const page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple>';
    const drawing = (descr: string) =>
      `<w:r><w:drawing><wp:docPr id="1" name="Picture 1" descr="${descr}"/><a:blip/></w:drawing></w:r>`;
    const relations = `<Relationships><Relationship Id="a" Type="x/header" Target="header1.xml"/><Relationship Id="b" Type="x/header" Target="header2.xml"/><Relationship Id="c" Type="x/footer" Target="footer1.xml"/></Relationships>`;
    const header = `<w:hdr>${paragraph("Policy QM-4711")}</w:hdr>`;
    const bytes = makeDocx(
      `<w:p>${run("Body.")}${drawing("Plan of the yard")}${drawing("")}${drawing("image1.png")}</w:p>`,
      {
        "word/_rels/document.xml.rels": relations,
        "word/header1.xml": header,
        "word/header2.xml": header,
        "word/footer1.xml": `<w:ftr><w:p>${run("Page ")}${page}</w:p></w:ftr>`,
      },
    );
    const leaveOut = vi.fn();
    expect(parseDocx(bytes, new ReadingBudget("docx", bytes.length), { leaveOut }).text).toBe(
      "Policy QM-4711\n\nBody.\n\nPicture: Plan of the yard",
    );
    expect(leaveOut.mock.calls).toEqual([["2 pictures", expect.any(String)]]);
  });

  it("is read whatever prefixes its namespaces have, in strict files too, and wherever its main part is", () => {
    const main = (namespace: string, prefix: string) => {
      const [before, declared] = prefix ? [`${prefix}:`, `xmlns:${prefix}`] : ["", "xmlns"];
      return `<${before}document ${declared}="${namespace}"><${before}p><${before}r><${before}t>The limit.</${before}t></${before}r></${before}p></${before}document>`;
    };
    for (const namespace of [
      "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
      "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ])
      for (const prefix of ["ns0", "x", ""])
        expect(parseDocx(makeDocx("", { "word/document.xml": main(namespace, prefix) })).text).toBe("The limit.");
    const moved = {
      "Word\\Main.XML": `<w:document>${paragraph("Moved.")}</w:document>`,
      "_rels/.rels":
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/word/main.xml"/></Relationships>',
    };
    expect(
      parseDocx(zipSync(Object.fromEntries(Object.entries(moved).map(([name, text]) => [name, strToU8(text)])))).text,
    ).toBe("Moved.");
  });

  it("has the documents that are put into it", () => {
    const chunk = (target: string) =>
      `<Relationships><Relationship Id="c" Type="x/aFChunk" Target="${target}"/></Relationships>`;
    const mhtml =
      'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Caf=C3=A9 open=\r\ns</p>\r\n--b--';
    for (const [name, content, said] of [
      ["a.html", "<html><body><p>From a page.</p></body></html>", "From a page."],
      ["a.rtf", "{\\rtf1 From rich text.}", "From rich text."],
      ["a.mht", mhtml, "Café opens"],
      ["a.txt", "Plain words.", "Plain words."],
    ] as const)
      expect(
        parseDocx(
          makeDocx(`${paragraph("One.")}<w:altChunk r:id="c"/>`, {
            "word/_rels/document.xml.rels": chunk(name),
            [`word/${name}`]: content,
          }),
        ).text,
      ).toBe(`One.\n\n${said}`);
  });

  it("with macros is read without them", () => {
    const macros = { "word/vbaProject.bin": "Sub AutoOpen() Shell", "word/vbaData.xml": "<x>Shell</x>" };
    expect(parseDocx(makeDocx(paragraph("Only this."), macros)).text).toBe("Only this.");
  });

  it("that declares a document type is refused before anything of it is expanded", () => {
    const document =
      '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:document>';
    expect(() => parseDocx(makeDocx("", { "word/document.xml": document }))).toThrow(
      expect.objectContaining({ code: "unsafe_xml" }),
    );
  });

  it("that unpacks to far more than it weighs is refused by the bytes that really come out", () => {
    const zeros = zipSync({ "word/document.xml": new Uint8Array(66 * 1024 * 1024) }, { level: 1 });
    expect(zeros.length).toBeLessThan(1_000_000);
    // The directory lies about the size, as a bomb's would.
    const view = new DataView(zeros.buffer);
    for (let at = 0; at + 28 < zeros.length; at++)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1_000, true);
    expect(() => parseDocx(zeros)).toThrow(expect.objectContaining({ code: "expands_too_far" }));
  });

  it.each([
    ["cut off", makeDocx(paragraph("x")).slice(0, 200), "damaged"],
    ["without a document", zipSync({ "word/styles.xml": strToU8("<w:styles/>") }), "damaged"],
    ["with nothing in it", makeDocx(paragraph("  ")), "empty"],
    ["nested without end", makeDocx("<w:sdt>".repeat(3_000)), "damaged"],
  ])("%s is refused with a reason", (_name, bytes, code) => {
    expect(() => parseDocx(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it("with a password on its members is refused as such", () => {
    const bytes = makeDocx(paragraph("secret"));
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 10 < bytes.length; at++)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 8, 1, true);
    expect(() => parseDocx(bytes)).toThrow(expect.objectContaining({ code: "encrypted" }));
  });
});
