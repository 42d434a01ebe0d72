import { romanValue } from "../../text/roman-numeral.ts";
import type { Line } from "./page-layout.ts";

/** Lines at the top and at the foot of a page that may be the page's own. */
const depth = 3;
/** A line of a page that may stand on others as well: what is the same on all of them, and its numbers. */
interface Candidate {
  line: Line;
  key: string;
  numbers: number[];
  /** Whether a gap, or its smaller print, sets it apart from the page's text. */
  isOutside: boolean;
  /** Whether it is the first or last line, far from all others. */
  isAlone: boolean;
}

function candidateOf(line: Line): Pick<Candidate, "line" | "key" | "numbers"> {
  const numbers: number[] = [];
  const put = (value: number) => {
    numbers.push(value);
    return "#";
  };
  const text = line.text.normalize("NFKC");
  const key = /^[-–—\s]*[ivxlc]{1,7}[-–—\s.]*$/i.test(text)
    ? text.replace(/[ivxlc]+/i, (roman) => put(romanValue(roman)))
    : text.replace(/\d{1,6}/g, (digits) => put(Number(digits)));
  return { line, key, numbers };
}

/** How many of some lines, from a page's edge on, stand apart from the rest of the page. */
function apartFrom(lines: Line[]): number {
  for (let i = 0; i < depth; i++) {
    const [line, next] = [lines[i], lines[i + 1]];
    if (line && next && Math.abs(line.y - next.y) > 1.7 * Math.max(line.size, next.size)) return i + 1;
  }
  return 0;
}

/** The lines of a page that are nearest to its edges. `usual` is the size of most print. */
function edgesOf(lines: Line[], usual: number): Candidate[] {
  const down = lines.filter(({ cells }) => !cells).sort((a, b) => b.y - a.y);
  const up = down.toReversed();
  const parts: [head: number, foot: number] = [apartFrom(down), apartFrom(up)];
  // What is more than head and foot is the page's text; without that, they are.
  const [head, foot] = parts[0] + parts[1] < down.length ? parts : [0, 0];
  const edges = new Set([...down.slice(0, depth), ...up.slice(0, depth)]);
  const isAlone = (line: Line, next: Line | undefined) => !!next && Math.abs(line.y - next.y) > 2.5 * line.size;
  return [...edges]
    .filter(({ size, text }) => size < usual * 1.15 && text.length <= 200)
    .map((line) => ({
      ...candidateOf(line),
      isOutside: line.size < 0.95 * usual || down.indexOf(line) < head || up.indexOf(line) < foot,
      isAlone: line === down[0] ? isAlone(line, down[1]) : line === up[0] && isAlone(line, up[1]),
    }));
}

/** Whether two lines stand where a page has what is its own: at one height, or far from all others. */
const isNear = (a: Candidate, b: Candidate): boolean =>
  (Math.abs(a.line.y - b.line.y) <= 3 || (a.isAlone && b.isAlone)) &&
  Math.abs(a.line.size - b.line.size) < 0.5 &&
  a.line.angle === b.line.angle;

/** A number that may be a year, and is one unless many pages count on. */
const isYear = (number: number): boolean => number >= 1900 && number <= 2100;

/**
 * The number of a line that counts with the pages, as another shows. undefined where none does, or where another number than these is not
 * the same in both: that is what the text is about.
 */
function counting(a: Candidate, b: Candidate): number | undefined {
  const pages = a.line.page - b.line.page;
  const steps = a.numbers.map((number, i) => number - (b.numbers[i] ?? Number.NaN));
  return steps.every((step) => step === 0 || step === pages) ? a.numbers[steps.indexOf(pages)] : undefined;
}

const isBare = ({ key }: Candidate): boolean => !/\p{L}/u.test(key.replace(pageWords, ""));

/** What people write beside the number of a page. */
const pageWords =
  /page|seite|pagina|página|strona|sida|side|стр|第|頁|页|ページ|쪽|of|von|de|di|sur|van|из|(?<!\p{L})[ps](?!\p{L})/giu;

/** How many pages a line must stand on to be a head or foot of them. */
const fewest = 3;
/** Pages that count on from year to year by chance are fewer. */
const fewestYears = 5;

/** Those of lines with one wording that are their pages' own: they stand at one height, and count with the pages or say the same. */
function ownOf(alike: Candidate[]): { own: Candidate[]; counted: number[] } {
  const counted: number[] = [];
  const own = alike.filter((candidate, i) => {
    const others = [alike[i - 1], alike[i + 1], alike[i - 2], alike[i + 2]].filter(
      (other) => other && other.line.page !== candidate.line.page && isNear(other, candidate),
    ) as Candidate[];
    if (!candidate.isOutside && !isBare(candidate)) return false;
    const number = others.map((other) => counting(candidate, other)).find((found) => found !== undefined);
    if (number !== undefined) counted.push(number);
    return (
      number !== undefined || (candidate.isOutside && others.some(({ line }) => line.text === candidate.line.text))
    );
  });
  const needed = counted.length < 2 ? fewest : counted.some(isYear) ? fewestYears : 2;
  return new Set(own.map(({ line }) => line.page)).size >= needed ? { own, counted } : { own: [], counted: [] };
}

/**
 * Lines without the numbers of pages, and with what stands at the head or foot of many pages only once. Numbers that do not count
 * with the pages are the text's own, wherever they stand. `usual` is the size of most print: what is larger is a heading.
 */
export function withoutFurniture(lines: Line[], usual: number): Line[] {
  const byPage = Map.groupBy(lines, ({ page }) => page);
  const candidates = [...byPage.values()].flatMap((page) => edgesOf(page, usual));
  const gone = new Set<Line>();
  for (const alike of Map.groupBy(candidates, ({ key }) => key).values()) {
    const { own, counted } = ownOf(alike);
    for (const [i, candidate] of own.entries()) {
      if (i > 0 || (counted.length > 1 && isBare(candidate))) gone.add(candidate.line);
      else candidate.line.isAside = true;
    }
  }
  const isLeft = (line: Line) => !gone.has(line);
  return [...byPage.values()].flatMap((page) => (page.some(isLeft) ? page.filter(isLeft) : page));
}
