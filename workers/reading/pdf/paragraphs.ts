import type { LineSeams } from "./line-seams.ts";
import type { Line } from "./page-layout.ts";

/** Lines that are read together. */
export interface Paragraph {
  kind: "text" | "heading" | "aside" | "table";
  lines: [Line, ...Line[]];
  text: string;
}

/** What is ordinary in a document: the size, font and line spacing that most of its characters have. */
export interface Ordinary {
  size: number;
  font: string;
  spacing: number;
}

export const bullet = /^(?:[•◦▪‣●○■□☐☑✓–—*·]|\[[x ]\]|\d{1,3}[.)]|[a-z][.)])\s+\S/u;
const ended = /[.!?:;。！？؟…]["'”’»)\]]*$/u;

function commonest<K>(counts: Map<K, number>, fallback: K): K {
  let best = fallback;
  let most = 0;
  for (const [key, count] of counts) if (count > most) [best, most] = [key, count];
  return best;
}

/** What is ordinary among these lines. */
export function ordinary(lines: Line[]): Ordinary {
  const sizes = new Map<number, number>();
  const fonts = new Map<string, number>();
  const spacings = new Map<number, number>();
  for (const [i, line] of lines.entries()) {
    const size = Math.round(line.size * 2) / 2;
    sizes.set(size, (sizes.get(size) ?? 0) + line.text.length);
    fonts.set(line.font, (fonts.get(line.font) ?? 0) + line.text.length);
    const next = lines[i + 1];
    const apart = next?.page === line.page ? line.y - next.y : 0;
    if (apart > 0 && apart < 3 * line.size) {
      const spacing = Math.round(apart * 2) / 2;
      spacings.set(spacing, (spacings.get(spacing) ?? 0) + 1);
    }
  }
  const size = commonest(sizes, 10);
  return { size, font: commonest(fonts, ""), spacing: commonest(spacings, size * 1.2) };
}

/** Whether `next` begins a new paragraph after `line`. */
function breaksAfter(line: Line, next: Line, usual: Ordinary): boolean {
  if (next.page !== line.page || next.angle !== line.angle || bullet.test(next.text)) return true;
  if (line.cells || next.cells) return !line.cells || !next.cells || next.isFirstRow === true;
  if (line.isAside || next.isAside) return true;
  if (Math.abs(next.size - line.size) > line.size * 0.12) return true;
  const gap = line.y - next.y;
  // Upwards is the next column: the sentence may well go on there.
  if (gap < -line.size) return ended.test(line.text);
  if (gap > Math.max(usual.spacing, line.size * 1.05) * 1.3) return true;
  if (line.font !== next.font && line.font !== usual.font && !ended.test(line.text) && gap > usual.spacing * 1.1)
    return true;
  return ended.test(line.text) && next.x > line.x + line.size * 0.8;
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

/** Lines as paragraphs, of which none spans two pages. */
export function paragraphsOf(lines: Line[], usual: Ordinary, seams: LineSeams): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let parts: string[] = [];
  let members: Line[] = [];
  for (const [i, line] of lines.entries()) {
    members.push(line);
    const next = lines[i + 1];
    if (next && !breaksAfter(line, next, usual)) {
      const { cut, between } = seams.between(line.text, next.text);
      parts.push(line.text.slice(0, line.text.length - cut), between);
      continue;
    }
    parts.push(line.text);
    const text = parts.join("");
    const kind = line.cells ? "table" : line.isAside ? "aside" : isHeading(text, members, usual) ? "heading" : "text";
    paragraphs.push({ kind, lines: members as [Line, ...Line[]], text });
    parts = [];
    members = [];
  }
  return paragraphs;
}

/** A sentence's rest on the next page is not longer. */
const longestRest = 1_500;
/** A foot's notes are printed smaller than so much of the ordinary. */
const smallPrint = 0.93;

/** Whether a paragraph at the end of a page may go on in one at the beginning of the next. */
function mayGoOn(before: Paragraph, after: Paragraph): boolean {
  const [line, next] = [before.lines.at(-1) as Line, after.lines[0]];
  if (ended.test(before.text) || bullet.test(after.text) || line.angle !== next.angle) return false;
  if (Math.abs(line.size - next.size) > 0.06 * line.size || line.font !== next.font) return false;
  if (/^\p{Ll}/u.test(after.text)) return true;
  const width = [...before.lines, ...after.lines].reduce((most, { x, right }) => Math.max(most, right - x), 0);
  return before.lines.length > 1 && line.right - line.x > 0.9 * width;
}

/** The part of `after` that ends the last sentence of `head`; empty where none ends near by. */
function restOfSentence(head: string, after: string, segmenter: Intl.Segmenter): string {
  const start = Math.max(0, head.length - longestRest);
  let end = start;
  for (const { segment } of segmenter.segment(head.slice(start) + after.slice(0, longestRest))) {
    end += segment.length;
    if (end > head.length) break;
  }
  const rest = after.slice(0, end - head.length).trimEnd();
  return rest.length < longestRest ? rest : "";
}

/**
 * Ends a sentence that goes on over a page's end on the page where it begins, so that it can be found and cited as what it says. Its
 * rest stays on its own page as well, from the beginning of a word.
 */
export function joinOverPages(paragraphs: Paragraph[], usual: Ordinary, seams: LineSeams): void {
  const pages = [...Map.groupBy(paragraphs, ({ lines }) => lines[0].page).values()];
  const isBody = ({ kind, lines }: Paragraph) => kind !== "aside" && lines[0].size >= usual.size * smallPrint;
  const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  for (const [i, page] of pages.entries()) {
    const before = page.findLast(isBody);
    const after = pages[i + 1]?.find(isBody);
    if (before?.kind !== "text" || after?.kind !== "text" || !mayGoOn(before, after)) continue;
    const { cut, between } = seams.between(before.text, after.text);
    const head = before.text.slice(0, before.text.length - cut) + between;
    before.text = head + restOfSentence(head, after.text, segmenter);
    if (between === "") after.text = (/[\p{L}\p{M}\p{N}-]{1,100}$/u.exec(head.slice(-100))?.[0] ?? "") + after.text;
  }
}
