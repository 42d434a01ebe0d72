import type { Line } from "./page-layout.ts";

/** Lines at the top and at the foot of a page that may be the page's own. */
const depth = 3;
/** A line of a page that may stand on others as well: what is the same on all of them, and its numbers. */
interface Candidate {
  line: Line;
  key: string;
  numbers: number[];
  /** Whether it is the first or last line, far from all others. */
  isApart: boolean;
}

const romanDigits: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

function romanNumber(text: string): number {
  const values = [...text.toLowerCase()].map((digit) => romanDigits[digit] ?? 0);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}

function candidateOf(line: Line): Omit<Candidate, "isApart"> {
  const numbers: number[] = [];
  const put = (value: number) => {
    numbers.push(value);
    return "#";
  };
  const text = line.text.normalize("NFKC");
  const key = /^[-–—\s]*[ivxlc]{1,7}[-–—\s.]*$/i.test(text)
    ? text.replace(/[ivxlc]+/i, (roman) => put(romanNumber(roman)))
    : text.replace(/\d{1,6}/g, (digits) => put(Number(digits)));
  return { line, key, numbers };
}

/** The lines of a page that are nearest to its edges. */
function edgesOf(lines: Line[]): Candidate[] {
  const sorted = lines.filter(({ cells }) => !cells).sort((a, b) => b.y - a.y);
  const isApart = (line: Line, i: number) => {
    const [above, below] = [sorted[i - 1], sorted[i + 1]];
    const gap = above && below ? 0 : Math.abs(line.y - (above ?? below ?? line).y);
    return gap > 2.5 * line.size;
  };
  const candidates = sorted.map((line, i) => ({ ...candidateOf(line), isApart: isApart(line, i) }));
  return candidates.length <= 2 * depth ? candidates : [...candidates.slice(0, depth), ...candidates.slice(-depth)];
}

/** Whether two lines stand where a page has what is its own: at one height, or far from all others. */
const isNear = (a: Candidate, b: Candidate): boolean =>
  (Math.abs(a.line.y - b.line.y) <= 3 || (a.isApart && b.isApart)) &&
  Math.abs(a.line.size - b.line.size) < 0.5 &&
  a.line.angle === b.line.angle;

/** A number that may be a year, and is one unless many pages count on. */
const isYear = (number: number): boolean => number >= 1900 && number <= 2100;

/** Whether two lines differ in numbers that count with their pages, and in nothing else: other numbers are what the text is about. */
function counts(a: Candidate, b: Candidate): boolean {
  const pages = a.line.page - b.line.page;
  const steps = a.numbers.map((number, i) => number - (b.numbers[i] ?? Number.NaN));
  return steps.includes(pages) && steps.every((step) => step === 0 || step === pages);
}

const isCounting = (own: Candidate[]): boolean =>
  own.some((candidate, i) => i > 0 && counts(candidate, own[i - 1] as Candidate));

/** What people write beside the number of a page. */
const pageWords = /page|seite|pagina|página|strona|sida|side|стр|第|頁|页|ページ|쪽|of|von|de|di|sur|van|из|p|s/gi;

/** How many pages a line must stand on to be a head or foot of them. */
const fewest = 3;
/** Pages that count on from year to year by chance are fewer. */
const fewestYears = 5;

/** Those of lines with one wording that are their pages' own: they stand at one height, and count with the pages or say the same. */
function ownOf(alike: Candidate[]): Candidate[] {
  const own = alike.filter((candidate, i) =>
    [alike[i - 1], alike[i + 1], alike[i - 2], alike[i + 2]].some(
      (other) =>
        other &&
        other.line.page !== candidate.line.page &&
        isNear(other, candidate) &&
        (counts(other, candidate) || other.line.text === candidate.line.text),
    ),
  );
  const needed = !isCounting(own) ? fewest : own.some(({ numbers }) => numbers.some(isYear)) ? fewestYears : 2;
  return new Set(own.map(({ line }) => line.page)).size >= needed ? own : [];
}

/**
 * Lines without the numbers of pages, and with what stands at the head or foot of many pages only once. Numbers that do not count
 * with the pages are the text's own, wherever they stand. `usual` is the size of most print: what is larger is a heading.
 */
export function withoutFurniture(lines: Line[], usual: number): Line[] {
  const byPage = Map.groupBy(lines, ({ page }) => page);
  const candidates = [...byPage.values()]
    .flatMap(edgesOf)
    .filter(({ line: { size, text } }) => size < usual * 1.15 && text.length <= 200);
  const gone = new Set<Line>();
  for (const alike of Map.groupBy(candidates, ({ key }) => key).values()) {
    const own = ownOf(alike);
    const isNumber = isCounting(own) && !/\p{L}/u.test((own[0]?.key ?? "").replace(pageWords, ""));
    for (const [i, { line }] of own.entries()) {
      if (i > 0 || isNumber) gone.add(line);
      else line.isAside = true;
    }
  }
  const isLeft = (line: Line) => !gone.has(line);
  return [...byPage.values()].flatMap((page) => (page.some(isLeft) ? page.filter(isLeft) : page));
}
