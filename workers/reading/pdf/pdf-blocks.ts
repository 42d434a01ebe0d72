import { type Block, BlockList } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import type { Line } from "./pdf-lines.ts";

const bullet = /^(?:[•◦▪‣●○■□–—*·]|\d{1,3}[.)]|[a-z][.)])\s+\S/u;
const ended = /[.!?:;。！？؟…]["'”’»)\]]*$/u;

/** What is ordinary in a document: the size, font and line spacing that most of its characters have. */
interface Ordinary {
  size: number;
  font: string;
  spacing: number;
}

function commonest<K>(counts: Map<K, number>, fallback: K): K {
  let best = fallback;
  let most = 0;
  for (const [key, count] of counts) if (count > most) [best, most] = [key, count];
  return best;
}

function ordinary(lines: Line[]): Ordinary {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  const spacings = new Map<number, number>();
  for (const [i, line] of lines.entries()) {
    const size = Math.round(line.size * 2) / 2;
    sizes.set(size, (sizes.get(size) ?? 0) + line.text.length);
    fonts.set(line.font, (fonts.get(line.font) ?? 0) + line.text.length);
    const next = lines[i + 1];
    if (next && next.page === line.page && next.y < line.y) {
      const spacing = Math.round((line.y - next.y) * 2) / 2;
      spacings.set(spacing, (spacings.get(spacing) ?? 0) + 1);
    }
  }
  const size = commonest(sizes, 10);
  return { size, font: commonest(fonts, ""), spacing: commonest(spacings, size * 1.2) };
}

/** Whether `next` begins a new paragraph after `line`. */
function breaksAfter(line: Line, next: Line, usual: Ordinary): boolean {
  if (next.page !== line.page || bullet.test(next.text)) return true;
  if (Math.abs(next.size - line.size) > line.size * 0.12) return true;
  const gap = line.y - next.y;
  // Upwards is the next column: the sentence may well go on there.
  if (gap < -line.size) return ended.test(line.text);
  if (gap > Math.max(usual.spacing, line.size * 1.05) * 1.3) return true;
  if (line.font !== next.font && line.font !== usual.font && !ended.test(line.text) && gap > usual.spacing * 1.1)
    return true;
  return ended.test(line.text) && next.x > line.x + line.size * 0.8;
}

/** No word is longer that a line's end divides. */
const longestWord = 100;

/** A word that is divided at the end of a line, as it is written with its hyphen and without; null where none is. */
function dividedWord(line: string, next: string): { divided: string; whole: string } | null {
  if (!line.endsWith("-")) return null;
  const head = /(?<!\p{L})\p{L}[\p{L}-]*$/u.exec(line.slice(-longestWord, -1))?.[0];
  const tail = head && /^\p{Ll}\p{L}*/u.exec(next.slice(0, longestWord))?.[0];
  return head && tail ? { divided: `${head}-${tail}`.toLowerCase(), whole: `${head}${tail}`.toLowerCase() } : null;
}

/** Those of the words in question that stand somewhere within a line. */
function wordsWithin(lines: Line[]): Set<string> {
  const asked = new Set<string>();
  for (const [i, { text }] of lines.entries()) {
    const word = dividedWord(text, lines[i + 1]?.text ?? "");
    if (word) asked.add(word.divided).add(word.whole);
  }
  const found = new Set<string>();
  if (asked.size === 0) return found;
  for (const { text } of lines)
    for (const [word] of text.toLowerCase().matchAll(/\p{L}[\p{L}-]+\p{L}/gu)) if (asked.has(word)) found.add(word);
  return found;
}

/** What stands between two lines of a paragraph, and how much of the first is left out: a divided word is put together again. */
function seam(line: string, next: string, words: Set<string>): { cut: number; between: string } {
  if (line.endsWith("\u00ad")) return { cut: 1, between: "" };
  const word = dividedWord(line, next);
  if (!word) return { cut: 0, between: " " };
  return { cut: words.has(word.divided) && !words.has(word.whole) ? 0 : 1, between: "" };
}

const largest = (lines: Line[]) => lines.reduce((most, { size }) => Math.max(most, size), 0);

function isHeading(text: string, lines: Line[], usual: Ordinary): boolean {
  if (text.length > 160 || lines.length > 3 || !/\p{L}{2}/u.test(text) || bullet.test(text)) return false;
  const size = largest(lines);
  if (size >= usual.size * 1.15) return true;
  const ownFont = lines.every((line) => line.font !== usual.font);
  return (
    ownFont && size >= usual.size * 0.98 && text.length <= 90 && !/[.,;]$/.test(text) && /^[\p{Lu}\p{N}]/u.test(text)
  );
}

/** A number alone at the top or the foot of a page is the page's own, not the document's text. */
function isPageNumber(line: Line, before: Line | undefined, after: Line | undefined): boolean {
  return /^[-–—\s]*\d{1,4}[-–—\s]*$/.test(line.text) && (before?.page !== line.page || after?.page !== line.page);
}

/** Joins lines into paragraphs and headings; a block never spans two pages. */
export function blocksOfLines(allLines: Line[]): Block[] {
  const lines = allLines.filter((line, i) => !isPageNumber(line, allLines[i - 1], allLines[i + 1]));
  const usual = ordinary(lines);
  const words = wordsWithin(lines);
  const blocks = new BlockList();
  const path = new SectionPath();
  let parts: string[] = [];
  let members: Line[] = [];
  for (const [i, line] of lines.entries()) {
    members.push(line);
    const next = lines[i + 1];
    if (next && !breaksAfter(line, next, usual)) {
      const { cut, between } = seam(line.text, next.text, words);
      parts.push(line.text.slice(0, line.text.length - cut), between);
      continue;
    }
    parts.push(line.text);
    const plain = parts.join("").replaceAll("\u00ad", "");
    const heading = isHeading(plain, members, usual);
    // Larger print is further out.
    const size = Math.round(largest(members) * 2) / 2;
    const section = heading ? path.enter(-size, plain) : path.current;
    blocks.push({ text: plain, page: line.page, section, heading });
    parts = [];
    members = [];
  }
  return blocks;
}
