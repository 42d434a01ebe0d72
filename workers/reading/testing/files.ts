import { strToU8, zipSync } from "fflate";
import { latin1, makePdfOf } from "./pdf.ts";

export { latin1 };

export function utf16(text: string, order: "little" | "big"): Uint8Array {
  const bytes = new Uint8Array(2 + 2 * text.length);
  const view = new DataView(bytes.buffer);
  for (const [i, unit] of [0xfeff, ...Array.from(text, (_, at) => text.charCodeAt(at))].entries())
    view.setUint16(2 * i, unit, order === "little");
  return bytes;
}

/** A line of print: its size in points, and how far below the line before it stands. */
export interface PrintedLine {
  text: string;
  size?: number;
  gap?: number;
}

function pageContent(lines: PrintedLine[]): string {
  let y = 780;
  const shown = lines.map(({ text, size = 11, gap = 14 }) => {
    y -= gap;
    return `BT /F1 ${size} Tf 1 0 0 1 72 ${y} Tm (${text.replace(/[\\()]/g, "\\$&")}) Tj ET`;
  });
  return shown.join("\n");
}

/** A PDF of pages with lines of Latin text, as a printer driver would write it. */
export function makePdf(pages: PrintedLine[][]): Uint8Array {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${4 + 2 * i} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  for (const [i, lines] of pages.entries()) {
    const content = pageContent(lines);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  return makePdfOf(objects);
}

const wordNamespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const styles = `<w:styles ${wordNamespace}>
  <w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>
  <w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My heading"/><w:basedOn w:val="H1"/></w:style>
  <w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
</w:styles>`;

/** A Word document with the given WordprocessingML in its body, and other members besides. */
export function makeDocx(body: string, members: Record<string, string> = {}): Uint8Array {
  const files: Record<string, string> = {
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": `<?xml version="1.0"?><w:document ${wordNamespace}><w:body>${body}</w:body></w:document>`,
    "word/styles.xml": styles,
    ...members,
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

/** A paragraph of a Word document in a style, if one is given. */
export const paragraph = (text: string, style?: string) =>
  `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ""}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
