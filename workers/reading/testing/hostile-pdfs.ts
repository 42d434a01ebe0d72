import { helvetica, onePage, pdfStream, text } from "./pdf.ts";

/** A font of characters of two bytes, with entries of its own in its descendant, and a map of its characters. */
export const composite = (entries: string, map = ""): string[] => [
  `<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] ${map && "/ToUnicode 8 0 R"} >>`,
  `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 7 0 R ${entries} >>`,
  "<< /Type /FontDescriptor /FontName /A /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
  map && pdfStream(map, "", 2),
];
/** A PDF of one page that shows two characters of a font. */
export const ofFont = (font: string[]) => onePage(pdfStream(text("AB"), "", 1), "/Font << /F1 5 0 R >>", font);
const mapOf = (ranges: string) =>
  `/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange ${ranges} endcmap end end`;

/** Forms that each draw the next one `times` over, `depth` deep. */
function forms(depth: number, times: number): string[] {
  const draw = (level: number) => (level < depth ? "/X Do ".repeat(times) : text("Ha"));
  const resources = (level: number) =>
    `/Font << /F1 5 0 R >> ${level < depth ? `/XObject << /X ${6 + level} 0 R >>` : ""}`;
  const nested = Array.from({ length: depth }, (_, i) =>
    pdfStream(draw(i + 1), `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << ${resources(i + 1)} >>`, 1),
  );
  return onePage(pdfStream(draw(0), "", 1), resources(0), [helvetica, ...nested]);
}

const ofContent = (content: string, packed = 1) =>
  onePage(pdfStream(content, "", packed), "/Font << /F1 5 0 R >>", [helvetica]);
const code = (number: number) => `<${number.toString(16).padStart(8, "0")}>`;
const ranges = Array.from({ length: 100 }, (_, i) => `${code(i * 65_536)} ${code(i * 65_536 + 65_535)} <0041>`);
const vertical = composite("/W2 [0 2147483647 500 1 1]").map((object) => object.replace("Identity-H", "Identity-V"));

/** PDFs that make much work of few bytes, by what they do: the objects of each. */
export const hostilePdfs: Record<string, () => string[]> = {
  "a range of widths without end": () => ofFont(composite("/DW 1000 /W [0 2147483647 500]")),
  "the same by other names": () => ofFont(composite("/#57%\n[ 7 %x\n 2000000000 .5]")),
  "vertical widths without end": () => ofFont(vertical),
  "a map of one huge range": () =>
    ofFont(composite("", mapOf("1 beginbfrange <00000000> <00FFFFFE> <0041> endbfrange"))),
  "a map of many large ranges": () => ofFont(composite("", mapOf(`100 beginbfrange ${ranges.join("\n")} endbfrange`))),
  "a map of huge ranges of codes": () =>
    ofFont(composite("", mapOf("1 begincidrange <00000000> <00FFFFFE> 0 endcidrange"))),
  "forms in forms": () => forms(9, 10),
  "few forms very deep in forms": () => forms(60, 2),
  "a stream that unpacks to far more": () => ofContent(`${" ".repeat(60_000_000)}${text("AB")}`, 2),
  "lists in lists": () => ofContent(`${"[".repeat(1_000_000)} ${text("AB")}`),
  "dictionaries in dictionaries": () => ofContent(`${"<</A".repeat(300_000)} ${text("AB")}`),
  "a million small texts at one place": () => ofContent(`BT /F1 9 Tf ${"(a)'".repeat(1_000_000)} ET`),
  "pages that are their own parents": () => [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Count 9000 /Kids [2 0 R 2 0 R 2 0 R] >>",
  ],
  "ten thousand pages that are one": () => [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count 10000 /Kids [${"3 0 R ".repeat(10_000)}] >>`,
    ...forms(3, 10).slice(2),
  ],
};
