import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
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
