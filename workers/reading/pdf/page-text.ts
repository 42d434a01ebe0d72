import { DrawnLine, DrawnLines } from "./drawn-lines.ts";
import type { Link, PageAnnotations, Rect, TypedText } from "./page-annotations.ts";
import { boundTurn } from "./pdf-bounds.ts";
import { type Run, runOf, type TextRun, turned } from "./pdf-runs.ts";

/** The rectangle as it lies for text of an angle. */
function turnedRect([left, bottom, right, top]: Rect, angle: number): Rect {
  if (angle === 0) return [left, bottom, right, top];
  const [[a, b], [c, d]] = [turned(left, bottom, angle), turned(right, top, angle)];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** The place in a text nearest to a share of it, where a word ends if one does near by. */
function wordEnd(text: string, share: number): number {
  const at = Math.round(text.length * share);
  for (let step = 0; step <= 3; step++)
    for (const place of [at + step, at - step])
      if (place > 0 && (place >= text.length || text[place] === " ")) return Math.min(place, text.length);
  return Math.min(Math.max(at, 1), text.length);
}

/** A link whose text is looked for, and the last run of it so far. */
interface OpenLink {
  link: Link;
  text: string;
  last: Run | null;
}

/** The text of a page with what stands in it and beside it, in lines as they are drawn. */
export class PageText {
  readonly #drawn = new DrawnLines();
  readonly #annotations: PageAnnotations;
  readonly #links: OpenLink[];
  /** Which way each share of the text is written. */
  readonly #angles = new Map<number, number>();

  constructor(annotations: PageAnnotations) {
    this.#annotations = annotations;
    this.#links = annotations.links.map((link) => ({ link, text: "", last: null }));
  }

  add(item: TextRun): void {
    const run = runOf(item);
    this.#angles.set(run.angle, (this.#angles.get(run.angle) ?? 0) + run.text.length);
    this.#put(run, item.hasEOL);
  }

  /** Takes a run, in pieces where a link ends within it. */
  #put(run: Run, endsLine: boolean): void {
    let rest: Run | null = run;
    while (rest) {
      const [open, right]: [OpenLink | null, number] = this.#linkOf(rest) ?? [null, rest.right];
      const share = (right - rest.x) / (rest.right - rest.x);
      const end: number = right >= rest.right - 0.4 * rest.size ? rest.text.length : wordEnd(rest.text, share);
      const piece: Run = { ...rest, text: rest.text.slice(0, end), right: Math.min(rest.right, right) };
      rest = end < rest.text.length ? { ...rest, text: rest.text.slice(end), x: piece.right } : null;
      if (open) {
        open.text += piece.text;
        open.last = piece;
      }
      this.#drawn.add(piece, rest === null && endsLine);
    }
  }

  /** The link that begins with a run or goes on in it, and how far to the right it reaches. */
  #linkOf(run: Run): [OpenLink, number] | null {
    let first: [OpenLink, number] | null = null;
    let leftmost = Number.POSITIVE_INFINITY;
    for (const open of this.#links)
      for (const rect of open.link.rects) {
        boundTurn();
        const [left, bottom, right, top] = turnedRect(rect, run.angle);
        if (run.y < bottom - 1 || run.y > top) continue;
        const shared = Math.min(right, run.right) - Math.max(left, run.x);
        if (shared < Math.min(0.4 * run.size, 0.5 * (run.right - run.x)) || left >= leftmost) continue;
        // What stands before the link in the same run stays before it: the address goes behind.
        [first, leftmost] = [[open, right], left];
      }
    return first;
  }

  /** All lines of the page. */
  end(): DrawnLine[] {
    for (const { link, text, last } of this.#links) {
      const said = text.replace(/\s+/g, "").toLowerCase();
      const address = link.url.replace(/^(?:https?:\/\/|mailto:|tel:)/i, "").replace(/\/$/, "");
      if (last && !said.includes(address.toLowerCase())) last.link = link.url;
    }
    const angle = [...this.#angles].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? 0;
    const { lines } = this.#drawn;
    const printed = [...lines];
    for (const typed of this.#annotations.typed.toSorted((a, b) => b.rect[3] - a.rect[3] || a.rect[0] - b.rect[0]))
      placeTyped(lines, printed, { ...typed, rect: turnedRect(typed.rect, angle) }, angle);
    return lines;
  }
}

/** How far a value may be from its label, in points. */
const farthest = 300;

/** The line beside a rectangle, if there is one: that with the nearest end. */
function lineBeside(lines: DrawnLine[], [left, bottom, right, top]: Rect, angle: number): DrawnLine | null {
  let nearest: DrawnLine | null = null;
  let least = farthest;
  const slack = 0.3 * Math.min(top - bottom, 14);
  for (const line of lines) {
    boundTurn();
    if (line.angle !== angle || line.y < bottom - slack || line.y > top - slack) continue;
    const away = line.runs.reduce(
      (shortest, run) => Math.min(shortest, Math.max(left - run.right, run.x - right, 0)),
      farthest,
    );
    if (away < least) [nearest, least] = [line, away];
  }
  return nearest;
}

/** The place in the order of reading for a line that begins there: behind the one that is nearest above it. */
function placeBelow(lines: DrawnLine[], y: number): number {
  let place = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, line] of lines.entries()) {
    boundTurn();
    const away = line.y - y;
    if (away >= 0 && away <= least) [place, least] = [i + 1, away];
  }
  return place;
}

/** Whether a line is the label of what stands right under it. */
function isLabel({ x, y, size }: DrawnLine, [left, , right, top]: Rect): boolean {
  boundTurn();
  return y > top - size && y - top < 1.5 * size && x > left - 2 * size && x < right;
}

/** A value that is longer speaks for itself. */
const longValue = 60;

/** Puts what somebody typed into the printed line of its label, or into a line of its own where it stands. */
function placeTyped(lines: DrawnLine[], printed: DrawnLine[], typed: TypedText, angle: number): void {
  const { lines: texts, name, isBox, isFilled, isTelling } = typed;
  const [x, bottom, right, top] = typed.rect;
  const [first = ""] = texts;
  const line = texts.length === 1 ? lineBeside(printed, typed.rect, angle) : null;
  const font = "typed";
  if (line) {
    line.add({ text: first, x, right, y: line.y, size: line.size, font, angle, typed: isBox ? "box" : "value" });
    return;
  }
  if (!isFilled && !isTelling) return;
  const isLabelled = printed.some((above) => isLabel(above, typed.rect));
  const isNamed =
    name !== "" && !isLabelled && (isTelling || printed.length === 0) && texts.length === 1 && first.length < longValue;
  const said = !isNamed ? first : isBox ? `${first} ${name}` : `${name}: ${first}`;
  const size = Math.min(11, Math.max(4, ((top - bottom) / texts.length) * 0.7));
  let place = placeBelow(lines, bottom);
  for (const [i, text] of [said, ...texts.slice(1)].entries()) {
    const own = new DrawnLine();
    own.add({ text, x, right, y: top - (i + 1) * size * 1.2, size, font, angle });
    lines.splice(place++, 0, own);
  }
}
