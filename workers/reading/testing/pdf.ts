import { zlibSync } from "fflate";

/** Bytes of a text in an 8-bit encoding: every character is its code. */
export function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function characters(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return text;
}

/** A stream of a PDF with the entries of its dictionary; packed, if wanted several times. */
export function pdfStream(content: string, entries = "", packed = 0): string {
  let data = content;
  for (let i = 0; i < packed; i++) data = characters(zlibSync(latin1(data), { level: 9 }));
  const filter = packed ? `/Filter [${"/FlateDecode ".repeat(packed)}]` : "";
  return `<< /Length ${data.length} ${filter} ${entries} >>\nstream\n${data}\nendstream`;
}

const object = (number: number, content: string) => `${number} 0 obj\n${content}\nendobj\n`;
const bytesOf = (number: number, size: number) =>
  Array.from({ length: size }, (_, i) => String.fromCharCode((number >>> (8 * (size - 1 - i))) & 255)).join("");

/** A PDF of these objects, of which the first is number 1 and the catalogue, with a table of where they are. */
export function makePdfOf(objects: readonly string[]): Uint8Array {
  let file = "%PDF-1.4\n";
  const offsets = objects.map((content, i) => {
    const offset = file.length;
    file += object(i + 1, content);
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return latin1(
    `${file}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF`,
  );
}

/** A PDF as newer programs write it: what is no stream stands packed in one, and so does the table. */
export function makePackedPdfOf(objects: readonly string[]): Uint8Array {
  const [loose, streams] = [false, true].map((isStream) =>
    [...objects.entries()].filter(([, content]) => content.includes("\nstream\n") === isStream),
  ) as [[number, string][], [number, string][]];
  let inside = "";
  const places = loose.map(([i, content]) => {
    const place = `${i + 1} ${inside.length}`;
    inside += `${content}\n`;
    return place;
  });
  const list = places.join(" ");
  const [holder, table] = [objects.length + 1, objects.length + 2];
  let file = "%PDF-1.5\n";
  const entries = new Map(loose.map(([i], at) => [i + 1, [2, holder, at]]));
  const put = (number: number, content: string) => {
    entries.set(number, [1, file.length, 0]);
    file += object(number, content);
  };
  for (const [i, content] of streams) put(i + 1, content);
  put(holder, pdfStream(`${list} ${inside}`, `/Type /ObjStm /N ${loose.length} /First ${list.length + 1}`, 1));
  const start = file.length;
  entries.set(0, [0, 0, 0]).set(table, [1, start, 0]);
  const rows = Array.from({ length: table + 1 }, (_, number) => {
    const [type = 0, at = 0, index = 0] = entries.get(number) ?? [];
    return bytesOf(type, 1) + bytesOf(at, 4) + bytesOf(index, 2);
  });
  const head = `/Type /XRef /Size ${table + 1} /W [1 4 2] /Root 1 0 R`;
  return latin1(`${file}${object(table, pdfStream(rows.join(""), head, 1))}startxref\n${start}\n%%EOF`);
}

/** The objects of a PDF of one page with this content, the resources that it names, and objects that these name, from number 5 on. */
export const onePage = (content: string, resources: string, more: readonly string[] = []): string[] => [
  "<< /Type /Catalog /Pages 2 0 R >>",
  "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resources} >> /Contents 4 0 R >>`,
  content,
  ...more,
];

/** What shows a line of text in the font F1. */
export const text = (line: string) => `BT /F1 12 Tf 72 700 Td (${line}) Tj ET`;

export const helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/** What shows texts at places, in the font F1 and a size, 10 points if none is given. */
export const placed = (...texts: [x: number, y: number, text: string, size?: number][]): string =>
  texts.map(([x, y, shown, size = 10]) => `BT /F1 ${size} Tf 1 0 0 1 ${x} ${y} Tm (${shown}) Tj ET`).join("\n");

/** A PDF of pages with this content each, in the font F1; and on its first page, annotations of these entries. */
export function makePages(
  contents: readonly string[],
  annotations: readonly string[] = [],
  font = helvetica,
): Uint8Array {
  const first = 4 + 2 * contents.length;
  const ids = (from: number, count: number, step: number) =>
    Array.from({ length: count }, (_, i) => `${from + step * i} 0 R`).join(" ");
  const fields = ids(first, annotations.length, 1);
  return makePdfOf([
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${annotations.some((entry) => entry.includes("/FT")) ? fields : ""}] >> >>`,
    `<< /Type /Pages /Count ${contents.length} /Kids [${ids(4, contents.length, 2)}] >>`,
    font,
    ...contents.flatMap((content, i) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R ${i === 0 ? `/Annots [${fields}]` : ""} >>`,
      pdfStream(content),
    ]),
    ...annotations.map((entries) => `<< /Type /Annot ${entries} >>`),
  ]);
}
