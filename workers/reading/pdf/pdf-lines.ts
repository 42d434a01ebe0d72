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
const dotLeaders = /(?:\s*[.·_]){6,}\s*/g;

function tidy(text: string): string {
  return text
    .replace(ligatures, (ligature) => ligature.normalize("NFKC"))
    .replace(turnedLamAlef, "ال$1")
    .replace(dotLeaders, " … ")
    .replace(/[\u200b\ufeff\p{Cc}]/gu, " ")
    .replace(/\s+/g, " ")
    .normalize("NFC")
    .trim();
}

/** A line under construction: its runs so far and how many characters each font has. */
class OpenLine {
  text = "";
  x = Number.POSITIVE_INFINITY;
  y = 0;
  right = Number.NEGATIVE_INFINITY;
  size = 0;
  private lastStart = 0;
  private lastEnd = 0;
  private readonly fonts = new Map<string, number>();

  add(run: TextRun): void {
    const [a = 0, b = 0, , , x = 0, y = 0] = run.transform;
    const size = Math.hypot(a, b);
    const gap = Math.max(x - this.lastEnd, this.lastStart - (x + run.width));
    const turns = rightToLeft.test(run.str.slice(0, 1)) !== rightToLeft.test(this.text.slice(-1));
    if (this.text && (turns || gap > Math.max(size, this.size) * 0.13)) this.text += " ";
    if (run.str.trim()) {
      if (size > this.size) this.y = y;
      this.size = Math.max(this.size, size);
      this.x = Math.min(this.x, x);
      this.right = Math.max(this.right, x + run.width);
      this.fonts.set(run.fontName, (this.fonts.get(run.fontName) ?? 0) + run.str.length);
    }
    this.text += run.str;
    this.lastStart = x;
    this.lastEnd = x + run.width;
  }

  close(page: number): Line | null {
    const text = tidy(this.text);
    if (!text) return null;
    let font = "";
    let most = 0;
    for (const [name, count] of this.fonts) if (count > most) [font, most] = [name, count];
    return { text, page, x: this.x, y: this.y, right: this.right, size: this.size, font };
  }
}

/** The lines of one page, in the order in which they are drawn. */
export function linesOf(runs: TextRun[], page: number): Line[] {
  const lines: Line[] = [];
  let open = new OpenLine();
  for (const run of runs) {
    if (run.str) open.add(run);
    if (!run.hasEOL) continue;
    const line = open.close(page);
    if (line) lines.push(line);
    open = new OpenLine();
  }
  const last = open.close(page);
  if (last) lines.push(last);
  return lines;
}
