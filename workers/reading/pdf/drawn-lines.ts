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
}

const rightToLeft = /[\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Syriac}\p{sc=Thaana}]/u;
const leftToRight = /[\p{L}\p{N}]/u;

/** A gap between words is at least, and one between columns more than, so many times the size of the print. */
const wordGap = 0.13;
const columnGap = 1.1;
/** Print is above or below the line from so many times the size of the line's print on, and smaller than so much of it. */
const rise = 0.15;
const drop = 0.08;
const smaller = 0.86;

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
    const isRaised = Math.min(run.size, this.#size) < smaller * largest;
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

  #heightOf(run: Run): "raised" | "lowered" | "" {
    const above = (run.y - this.#y) / this.#size;
    if (run.size > smaller * this.#size) return above > 2 * rise ? "raised" : "";
    return above > rise ? "raised" : above < -drop ? "lowered" : "";
  }

  add(run: Run): void {
    const last = this.#last;
    const text = withoutTracking(run.text);
    const turns = rightToLeft.test(text.slice(0, 1)) !== rightToLeft.test(this.#end.slice(-1));
    const height = this.#heightOf(run);
    // A mark before its text, as of a footnote, is a word by itself.
    const isMark = last !== null && this.#parts.length === 1 && height === "" && this.#heightOf(last) === "raised";
    if (last && (turns || isMark || run.isSpaced || this.#gap(run) > Math.max(run.size, last.size) * wordGap))
      this.#push(" ");
    this.#push(height === "raised" ? raised(text, this.#end) : height === "lowered" ? lowered(text, this.#end) : text);
    if (run.link) this.#push(` (${run.link})`);
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
    };
  }
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
