import { lowered, raised } from "../raised-text.ts";
import { boundTurn } from "./pdf-bounds.ts";
import { type Run, tidy } from "./pdf-runs.ts";

/** A stretch of a line without gaps that are wider than those between words. */
export interface Stretch {
  text: string;
  x: number;
  right: number;
  y: number;
  size: number;
  /** The font of most of its characters. */
  font: string;
  angle: number;
  /** Its parts, where gaps in it may be those between narrow columns. */
  parts: Part[];
}

/** A part of a stretch that was drawn by itself. */
export interface Part {
  text: string;
  x: number;
  right: number;
}

const rightToLeft = /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}]/u;
const leftToRight = /[\p{L}\p{N}]/u;

/** A gap between words is at least, and one between columns more than, so many times the size of the print. */
const wordGap = 0.13;
const columnGap = 1.1;
const narrowGap = 0.35;
/** Print is above or below the line from so many times the size of the line's print on, and smaller than so much of it, or a little smaller and far from it. */
const [rise, drop] = [0.15, 0.08];
const [smaller, slightlySmaller] = [0.86, 0.92];

function commonest<K>(counts: Map<K, number>): K | undefined {
  let best: K | undefined;
  let most = -1;
  for (const [key, count] of counts) if (count > most) [best, most] = [key, count];
  return best;
}

/** Letters that are set apart for looks (`H E A D`) as the word that they are; a row of letters in their order is none. */
function withoutTracking(text: string): string {
  if (!/^\p{L} \p{L} \p{L} \p{L}/u.test(text) || !/^(?:[\p{L}\p{M}\p{P}] )+[\p{L}\p{M}\p{P}]$/u.test(text)) return text;
  const letters = text.split(" ");
  return letters.every((letter, i) => i === 0 || letter > (letters[i - 1] ?? "")) ? text : letters.join("");
}

/** In the order of reading: from the left, and in a line of Arabic or Hebrew from the right, but for what in it is of another script. */
function ordered(runs: Run[]): { runs: Run[]; isTurned: boolean } {
  let [turned, straight] = [0, 0];
  for (const { text } of runs) {
    if (rightToLeft.test(text)) turned += text.length;
    else if (/\p{L}/u.test(text)) straight += text.length;
  }
  if (turned <= straight) {
    const isInOrder = runs.every((run, i) => i === 0 || run.x >= (runs[i - 1]?.right ?? 0) - run.size);
    return { runs: isInOrder ? runs : runs.toSorted((a, b) => a.x - b.x), isTurned: false };
  }
  const all = runs.toSorted((a, b) => b.right - a.right);
  const result: Run[] = [];
  let foreign: Run[] = [];
  for (const run of all) {
    const isForeign = !rightToLeft.test(run.text) && (leftToRight.test(run.text) || foreign.length > 0);
    if (isForeign) foreign.push(run);
    else {
      for (const other of foreign.reverse()) result.push(other);
      result.push(run);
      foreign = [];
    }
  }
  return { runs: result.concat(foreign.reverse()), isTurned: true };
}

/** A line of print under construction: runs beside each other, in the order in which they are drawn. */
export class DrawnLine {
  readonly runs: Run[] = [];
  #x = Number.POSITIVE_INFINITY;
  #right = Number.NEGATIVE_INFINITY;
  /** Of the largest print so far. */
  #y = 0;
  #size = 0;

  get x(): number {
    return this.#x;
  }
  get right(): number {
    return this.#right;
  }
  get y(): number {
    return this.#y;
  }
  get size(): number {
    return this.#size;
  }
  get angle(): number {
    return this.runs[0]?.angle ?? 0;
  }

  /** Whether a run stands on this line, before or behind what is on it. */
  continues(run: Run, isNewLine: boolean): boolean {
    if (this.runs.length === 0) return true;
    if (run.angle !== this.angle) return false;
    const largest = Math.max(run.size, this.#size);
    const apart = Math.abs(run.y - this.#y);
    const isRaised = Math.min(run.size, this.#size) < slightlySmaller * largest;
    if (apart > largest * (isRaised ? 0.62 : 0.4)) return false;
    const isBeside = run.x >= this.#right - 0.5 * largest || run.right <= this.#x + 0.5 * largest;
    return isBeside || (!isNewLine && apart < 0.3 * largest);
  }

  add(run: Run): void {
    this.runs.push(run);
    if (run.size > this.#size || this.runs.length === 1) [this.#y, this.#size] = [run.y, run.size];
    this.#x = Math.min(this.#x, run.x);
    this.#right = Math.max(this.#right, run.right);
  }

  /** Puts runs before all others. */
  begin(runs: Run[]): void {
    this.runs.unshift(...runs);
    this.#x = Math.min(this.#x, ...runs.map(({ x }) => x));
  }

  /** The line's stretches in the order of reading. */
  stretches(): Stretch[] {
    const sizes = new Map<number, number>();
    for (const { size, text } of this.runs) sizes.set(size, (sizes.get(size) ?? 0) + text.length);
    const size = commonest(sizes) ?? this.#size;
    const y = this.runs.find((run) => run.size === size)?.y ?? this.#y;
    const { runs, isTurned } = ordered(this.runs);
    const stretches: OpenStretch[] = [];
    let open: OpenStretch | undefined;
    for (const run of runs) {
      boundTurn();
      if (!open || open.isFarFrom(run)) {
        open = new OpenStretch(size, y, isTurned);
        stretches.push(open);
      }
      open.add(run);
    }
    return stretches.map((stretch) => stretch.close()).filter((stretch) => stretch.text !== "");
  }
}

/** Whether one of two characters is of a script that is written from the right, and the other of one from the left. */
const turnsBetween = (a: string, b: string): boolean =>
  rightToLeft.test(a) ? leftToRight.test(b) && !rightToLeft.test(b) : leftToRight.test(a) && rightToLeft.test(b);

/** A stretch under construction. */
class OpenStretch {
  readonly #size: number;
  readonly #y: number;
  readonly #isTurned: boolean;
  readonly #parts: string[] = [];
  readonly #fonts = new Map<string, number>();
  /** The end of what is put together so far: enough of it to see what the next run stands behind. */
  #end = "";
  #last: Run | null = null;
  #x = Number.POSITIVE_INFINITY;
  #right = Number.NEGATIVE_INFINITY;
  #largest = 0;
  #angle = 0;
  readonly #drawn: Part[] = [];

  constructor(size: number, y: number, isTurned: boolean) {
    this.#size = size;
    this.#y = y;
    this.#isTurned = isTurned;
  }

  #gap(run: Run): number {
    if (!this.#last) return 0;
    return this.#isTurned
      ? Math.max(this.#last.x - run.right, run.x - this.#last.right)
      : Math.max(run.x - this.#last.right, this.#last.x - run.right);
  }

  isFarFrom(run: Run): boolean {
    if (this.#last === null) return false;
    // What is before a value, or behind a box, is its label.
    if (run.typed === "value" && !this.#last.typed) return this.#gap(run) > 30 * this.#size;
    if (this.#last.typed === "box" && !run.typed) return this.#gap(run) > 4 * this.#size;
    return this.#gap(run) > columnGap * Math.max(run.size, this.#last.size);
  }

  /** Whether a run is a word apart from the last one. A mark above the line belongs to its word, even with a small gap between. */
  #isApart(run: Run, last: Run, isRaised: boolean): boolean {
    const gap = this.#gap(run) / Math.max(run.size, last.size);
    if (isRaised) return gap > narrowGap;
    // Where pdf.js found a space is on the other side of what is read the other way round.
    return gap > wordGap || (run.isSpaced === true && !this.#isTurned);
  }

  #heightOf(run: Run): "raised" | "lowered" | "" {
    const above = (run.y - this.#y) / this.#size;
    if (run.size > smaller * this.#size) return above > 2 * rise ? "raised" : above < -2 * rise ? "lowered" : "";
    return above > rise ? "raised" : above < -drop ? "lowered" : "";
  }

  add(run: Run): void {
    const last = this.#last;
    const text = withoutTracking(run.text);
    const turns = turnsBetween(this.#end.slice(-1), text.slice(0, 1));
    const height = this.#heightOf(run);
    // A mark before its text, as of a footnote, is a word by itself.
    const isMark = last !== null && this.#parts.length === 1 && height === "" && this.#heightOf(last) === "raised";
    if (last && (turns || isMark || this.#isApart(run, last, height === "raised"))) this.#push(" ");
    this.#push(height === "raised" ? raised(text, this.#end) : height === "lowered" ? lowered(text, this.#end) : text);
    if (run.link) this.#push(` (${run.link})`);
    const part = this.#drawn.at(-1);
    if (part && this.#gap(run) < narrowGap * this.#size) {
      part.text += run.text;
      part.right = Math.max(part.right, run.right);
    } else this.#drawn.push({ text: run.text, x: run.x, right: run.right });
    this.#last = run;
    this.#x = Math.min(this.#x, run.x);
    this.#right = Math.max(this.#right, run.right);
    this.#largest = Math.max(this.#largest, run.size);
    this.#angle = run.angle;
    this.#fonts.set(run.font, (this.#fonts.get(run.font) ?? 0) + run.text.length);
  }

  #push(text: string): void {
    this.#parts.push(text);
    this.#end = (this.#end + text).slice(-8);
  }

  close(): Stretch {
    return {
      text: tidy(this.#parts.join("")),
      x: this.#x,
      right: this.#right,
      y: this.#y,
      size: this.#largest,
      font: commonest(this.#fonts) ?? "",
      angle: this.#angle,
      parts: this.#drawn,
    };
  }
}

/** Marks of a list's items that were drawn by themselves, before or after all text, as what begins the lines that they stand before. */
export function withMarks(lines: DrawnLine[]): DrawnLine[] {
  const isMark = ({ runs }: DrawnLine) => runs.length === 1 && /^[•◦▪‣●○■□·]$/.test(tidy(runs[0]?.text ?? ""));
  const marks = lines.filter(isMark);
  if (marks.length === 0) return lines;
  const byHeight = Map.groupBy(
    lines.filter((line) => !isMark(line)),
    ({ y }) => Math.round(y / 4),
  );
  const lone = new Set<DrawnLine>();
  for (const mark of marks) {
    const height = Math.round(mark.y / 4);
    const near = [height - 1, height, height + 1].flatMap((at) => byHeight.get(at) ?? []);
    const line = near.find(({ x, y, size, angle }) => {
      boundTurn();
      return angle === mark.angle && Math.abs(y - mark.y) < 0.4 * size && x > mark.x && x < mark.x + 4 * size;
    });
    if (line) line.begin(mark.runs);
    else lone.add(mark);
  }
  return lines.filter((line) => !isMark(line) || lone.has(line));
}

/** A run that is drawn so often at one place is drawn bold, or with a shadow. */
const mostStrokes = 4;

/** Makes lines of the runs of a page, in the order in which they are drawn. */
export class DrawnLines {
  readonly lines: DrawnLine[] = [];
  #open = new DrawnLine();
  #isNewLine = false;
  #isSpaced = false;
  readonly #seen = new Map<string, { x: number; y: number; times: number }>();

  add(run: Run, endsLine: boolean): void {
    if (run.text.trim() === "") this.#isSpaced = true;
    else if (!this.#isDrawnAgain(run)) {
      if (!this.#open.continues(run, this.#isNewLine)) this.#open = new DrawnLine();
      if (this.#open.runs.length === 0) this.lines.push(this.#open);
      run.isSpaced = this.#isSpaced;
      this.#open.add(run);
      [this.#isNewLine, this.#isSpaced] = [false, false];
    }
    this.#isNewLine ||= endsLine;
  }

  #isDrawnAgain({ text, x, y, size }: Run): boolean {
    const before = this.#seen.get(text);
    const near = 0.2 * size;
    if (before && Math.abs(before.x - x) < near && Math.abs(before.y - y) < near) return ++before.times <= mostStrokes;
    this.#seen.set(text, { x, y, times: 1 });
    return false;
  }
}
