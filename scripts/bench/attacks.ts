import { existsSync, readdirSync, readFileSync } from "node:fs";
import { zipSync } from "fflate";

const corpus = "../shared/corpus/attacks";

/** A file that was made to stop whoever reads it. */
export interface AttackFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** A PDF of objects from 1 on, the first of them the catalogue; without a cross-reference table, which readers make themselves. */
function pdfOf(objects: string[]): Uint8Array<ArrayBuffer> {
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join("");
  return bytesOf(`%PDF-1.7\n${body}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n0\n%%EOF\n`);
}

const stream = (text: string, entries = "") => `<< ${entries} /Length ${text.length} >>\nstream\n${text}\nendstream`;

/** A page with one composite font, which the fourth entry of its dictionary and the objects behind it may spoil. */
function fontPdf({ font = "", descendant = "", more = [] as string[] }): Uint8Array<ArrayBuffer> {
  return pdfOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    stream("BT /F1 12 Tf 72 700 Td <00410042> Tj ET"),
    `<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] ${font} >>`,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 ${descendant} >>`,
    ...more,
  ]);
}

function xref(count: number): Uint8Array<ArrayBuffer> {
  const head = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
  const table = `<< /Type /XRef /Size ${count} /W [0 0 0] /Index [0 ${count}] /Root 1 0 R /Length 0 >>`;
  return bytesOf(`${head}5 0 obj\n${table}\nstream\n\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF\n`);
}

function charMap(last: string): Uint8Array<ArrayBuffer> {
  const map = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange 1 beginbfrange <00000000> <${last}> <0041> endbfrange endcmap end end`;
  return fontPdf({ font: "/ToUnicode 7 0 R", more: [stream(map)] });
}

/** Forms that draw the next one `width` times each, `levels` deep. */
function laughs(levels: number, width: number): Uint8Array<ArrayBuffer> {
  const draw = "/X Do ".repeat(width);
  const forms = Array.from({ length: levels }, (_, i) => {
    const isLast = i === levels - 1;
    const resources = isLast ? "/Font << /F1 5 0 R >>" : `/XObject << /X ${7 + i} 0 R >>`;
    const text = isLast ? "BT /F1 12 Tf 72 700 Td (ha) Tj ET" : draw;
    return stream(text, `/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << ${resources} >>`);
  });
  return pdfOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>",
    stream(draw),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...forms,
  ]);
}

/** Lines on one page, in few bytes where they are compressed; here as they are. */
function manyLines(count: number): Uint8Array<ArrayBuffer> {
  const lines = Array.from({ length: count }, (_, i) => `0 -${(i % 9) + 1} Td (l${i}) Tj`).join("\n");
  return pdfOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    stream(`BT /F1 12 Tf 72 700 Td ${lines} ET`),
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ]);
}

function cellOf(paragraphs: number): Uint8Array<ArrayBuffer> {
  const inside = "<w:p><w:r><w:t>a</w:t></w:r></w:p>".repeat(paragraphs);
  const main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  const files = {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `<w:document xmlns:w="${main}"><w:body><w:tbl><w:tr><w:tc>${inside}</w:tc></w:tr></w:tbl></w:body></w:document>`,
  };
  const entries = Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
  return new Uint8Array(zipSync(Object.fromEntries(entries)));
}

const word = (i: number) => `w${(i * 7_919) % 5_003}`;
const sentences = (count: number) =>
  Array.from({ length: count }, (_, i) => `${word(i)} ${word(i + 1)} holds ${i} ${word(i + 2)}.`).join(" ");

/** Attacks of the kinds that once stopped the product, made anew with other numbers, and those of the corpus where it is there. */
export function attackFiles(): AttackFile[] {
  const rows = Array.from({ length: 6_500 }, (_, i) => `<tr>${`<td>${i}</td>`.repeat(5)}</tr>`).join("");
  const nested = (depth: number) => `${'{"k":['.repeat(depth)}1${"]}".repeat(depth)}`;
  const made: Record<string, Uint8Array<ArrayBuffer>> = {
    "xref.pdf": xref(700_000_000),
    "widths.pdf": fontPdf({ descendant: "/W [3 1999999999 400]" }),
    "map.pdf": charMap("00FFFFF0"),
    "laughs.pdf": laughs(6, 9),
    "lines.pdf": manyLines(80_000),
    "cell.docx": cellOf(25_000),
    "table.html": bytesOf(`<html><body><table>${rows}</table></body></html>`),
    "from.txt": bytesOf(`From b ${"2222:222222:".repeat(1_300)}\n`),
    "front.md": bytesOf(`---\ntitle: b${" ".repeat(60_000)}\n\tx`),
    "records.json": bytesOf(nested(9_000)),
    "ordinary.txt": bytesOf(sentences(330_000)),
    "no-space.txt": bytesOf("abcdefghij".repeat(300_000)),
    "open-quote.csv": bytesOf(`a,b,c\n"${"x,y\n".repeat(1_000_000)}`),
    "nested.md": bytesOf(`${"> - ".repeat(12_000)}end of it`),
    "groups.rtf": bytesOf(`{\\rtf1 ${"{\\b ".repeat(80_000)}deep${"}".repeat(80_000)}}`),
  };
  const given = existsSync(corpus)
    ? readdirSync(corpus)
        .filter((name) => /\.(pdf|docx|txt|md|json)$/.test(name) && name !== "index.json")
        .map((name) => ({ name: `corpus-${name}`, bytes: new Uint8Array(readFileSync(`${corpus}/${name}`)) }))
    : [];
  return [...Object.entries(made).map(([name, bytes]) => ({ name, bytes })), ...given];
}

/** Texts that were made to stop whoever shows or sets them, as answers of a conversation that is brought in. */
export const attackTexts = (): Record<string, string> => ({
  underscores: "_a*".repeat(7_000),
  lists: "- ".repeat(3_000),
  quotes: "> ".repeat(4_000),
  word: "q".repeat(32_000),
  brackets: "[".repeat(12_000),
  links: "[a](".repeat(4_000),
  pictures: "![".repeat(8_000),
  ticks: Array.from({ length: 200 }, (_, i) => "`".repeat(i)).join(" "),
  table: `|a|b|\n|-|-|\n${"|c|d|\n".repeat(4_000)}`,
});
