import { ReadingBudget } from "../budget.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";

const underline = /^(?:={3,}|-{3,}|~{3,}|\*{3,})$/;
const named =
  /^(?:chapter|part|section|book|appendix|act|scene|kapitel|teil|chapitre|capítulo)\s+(?:\d+|[ivxlcdm]+)\b/i;
const numbered = /^(\d{1,2}(?:\.\d{1,2})*)\.?\s+\p{Lu}/u;
const maxHeading = 80;
/** A heading with the line below it, however far that is indented. */
const longest = 1_000;

interface Heading {
  text: string;
  level: number;
}

/** What kind of heading a paragraph is, if one: plain text marks them only by how they look. */
function headingOf(paragraph: string): Heading | null {
  // What is longer is not taken apart: it may have a million lines.
  if (paragraph.length > longest) return null;
  const [first = "", second, third] = paragraph.split("\n", 3).map((line) => line.trim());
  if (third !== undefined || first.length > maxHeading || !/\p{L}{2}/u.test(first)) return null;
  if (second !== undefined) return underline.test(second) ? { text: first, level: second[0] === "=" ? 1 : 2 } : null;
  if (/[.,;:!]$/.test(first)) return null;
  const isCapitals = first.length >= 4 && first === first.toUpperCase() && first !== first.toLowerCase();
  if (isCapitals || named.test(first)) return { text: first, level: 1 };
  const number = numbered.exec(first)?.[1];
  return number ? { text: first, level: 2 + number.split(".").length } : null;
}

/** The paragraphs of a plain text, which are what empty lines part, one by one. */
export function* blocksOfText(text: string, budget: ReadingBudget): Generator<Block> {
  const path = new SectionPath();
  const unix = text.replace(/\r\n?/g, "\n");
  const parting = /\n[ \t]*\n+|\f/g;
  for (let from = 0; from < unix.length; from = parting.lastIndex || unix.length) {
    const paragraph = unix.slice(from, parting.exec(unix)?.index);
    budget.spend(paragraph.length + 1);
    const heading = headingOf(paragraph.trim());
    const section = heading ? path.enter(heading.level, heading.text) : path.current;
    yield { text: paragraph, page: null, section, heading: heading !== null };
  }
}

/** Reads plain text. Throws `UnreadableDocument`. */
export function parseText(text: string, budget = new ReadingBudget("text", text.length)): ParsedDocument {
  return assembleDocument(blocksOfText(text, budget), null);
}
