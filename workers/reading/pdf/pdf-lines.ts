/** A line of print on a page; coordinates in points from the bottom left. */
export interface Line {
  text: string;
  page: number;
  x: number;
  y: number;
  right: number;
  size: number;
  /** The font of most of its characters; an opaque name. */
  font: string;
}

/** What pdf.js says of one run of text. */
export interface TextRun {
  str: string;
  transform: number[];
  width: number;
  hasEOL: boolean;
  fontName: string;
}

const ligatures = /[\ufb00-\ufb06]/g;
/** pdf.js turns the lam-alef ligature round; with a hamza the wrong order is impossible in Arabic, so it can be mended. */
const turnedLamAlef = /ا([أإآ])ل/g;
const rightToLeft = /[\p{sc=Arabic}\p{sc=Hebrew}]/u;
/** Of text whose white space is single spaces: any number of them would be looked at once for each. */
const dotLeaders = /(?: ?[.·_]){6,} ?/g;
/** No print is larger; what claims to be is, and headings of ever smaller print would lie in one another without end. */
const largestPrint = 400;

function tidy(text: string): string {
  return text
    .replace(ligatures, (ligature) => ligature.normalize("NFKC"))
    .replace(turnedLamAlef, "ال$1")
    .replace(/[\u200b\ufeff\p{Cc}]/gu, " ")
    .replace(/\s+/g, " ")
    .replace(dotLeaders, " … ")
    .normalize("NFC")
    .trim();
}

/** A line under construction: its runs so far and how many characters each font has. */
class OpenLine {
  readonly #parts: string[] = [];
  #last = "";
  #x = Number.POSITIVE_INFINITY;
  #y = 0;
  #right = Number.NEGATIVE_INFINITY;
  #size = 0;
  #lastStart = 0;
  #lastEnd = 0;
  readonly #fonts = new Map<string, number>();

  add(run: TextRun): void {
    const [a = 0, b = 0, , , x = 0, y = 0] = run.transform;
    const size = Math.min(Math.hypot(a, b), largestPrint);
    const gap = Math.max(x - this.#lastEnd, this.#lastStart - (x + run.width));
    const turns = rightToLeft.test(run.str.slice(0, 1)) !== rightToLeft.test(this.#last);
    if (this.#last && (turns || gap > Math.max(size, this.#size) * 0.13)) this.#parts.push(" ");
    if (run.str.trim()) {
      if (size > this.#size) this.#y = y;
      this.#size = Math.max(this.#size, size);
      this.#x = Math.min(this.#x, x);
      this.#right = Math.max(this.#right, x + run.width);
      this.#fonts.set(run.fontName, (this.#fonts.get(run.fontName) ?? 0) + run.str.length);
    }
    this.#parts.push(run.str);
    this.#last = run.str.slice(-1);
    this.#lastStart = x;
    this.#lastEnd = x + run.width;
  }

  close(page: number): Line | null {
    const text = tidy(this.#parts.join(""));
    if (!text) return null;
    let font = "";
    let most = 0;
    for (const [name, count] of this.#fonts) if (count > most) [font, most] = [name, count];
    return { text, page, x: this.#x, y: this.#y, right: this.#right, size: this.#size, font };
  }
}

/** Makes lines of the runs of one page, in the order in which they are drawn. */
export class PageLines {
  readonly #page: number;
  #open = new OpenLine();

  constructor(page: number) {
    this.#page = page;
  }

  /** The line that ends with this run, if one does. */
  add(run: TextRun): Line | null {
    if (run.str) this.#open.add(run);
    return run.hasEOL ? this.end() : null;
  }

  /** The line that is open, if there is text in it. */
  end(): Line | null {
    const line = this.#open.close(this.#page);
    this.#open = new OpenLine();
    return line;
  }
}
