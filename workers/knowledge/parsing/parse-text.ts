import { assembleDocument, type Block, type ParsedDocument } from "./parsed-document.ts";

const underline = /^(?:={3,}|-{3,}|~{3,}|\*{3,})$/;
const named =
  /^(?:chapter|part|section|book|appendix|act|scene|kapitel|teil|chapitre|capítulo)\s+(?:\d+|[ivxlcdm]+)\b/i;
const numbered = /^\d{1,2}(?:\.\d{1,2})*\.?\s+\p{Lu}/u;
const maxHeading = 80;

/** Whether a paragraph is a heading: plain text marks them only by how they look. */
function headingOf(paragraph: string): string | null {
  const [first = "", second, third] = paragraph.split("\n").map((line) => line.trim());
  if (third !== undefined || first.length > maxHeading || !/\p{L}{2}/u.test(first)) return null;
  if (second !== undefined) return underline.test(second) ? first : null;
  if (/[.,;:!]$/.test(first)) return null;
  const isCapitals = first.length >= 4 && first === first.toUpperCase() && first !== first.toLowerCase();
  return isCapitals || named.test(first) || numbered.test(first) ? first : null;
}

/** Reads plain text: paragraphs are what empty lines part. Throws `UnreadableDocument`. */
export function parseText(text: string): ParsedDocument {
  let section: string | null = null;
  const blocks: Block[] = text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n+|\f/)
    .map((paragraph) => {
      const heading = headingOf(paragraph.trim());
      section = heading ?? section;
      return { text: paragraph, page: null, section, heading: heading !== null };
    });
  return assembleDocument(blocks, null);
}
