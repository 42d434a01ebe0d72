import { cutText } from "../text/cut-text.ts";
import { sectionSeparator } from "../text/section-path.ts";

const maxHeading = 120;
const maxPath = 200;

/** One line, with nothing in it that parts headings. */
function oneLine(heading: string): string {
  const text = heading.replace(/\s+/g, " ").replaceAll("›", ">").trim();
  return text.length > maxHeading ? `${cutText(text, maxHeading - 1)}…` : text;
}

/** Headings as one path, given from the nearest to the outermost; outer ones are left out where it grows too long. */
function joined(headings: Iterable<string>): string | null {
  let path = "";
  for (const heading of headings) {
    const longer = path ? heading + sectionSeparator + path : heading;
    if (longer.length > maxPath) break;
    path = longer;
  }
  return path || null;
}

function* linesOf(headings: Iterable<string>): Generator<string> {
  for (const heading of headings) {
    const line = oneLine(heading);
    if (line) yield line;
  }
}

/** The path of a place below headings that are given from the nearest to the outermost; only as many are asked for as it takes. */
export const sectionBelow = (nearestFirst: Iterable<string>): string | null => joined(linesOf(nearestFirst));

/** The headings that are open at a place of a document. */
export class SectionPath {
  readonly #open: { level: number; heading: string }[] = [];

  /** Begins a section. Smaller levels are further out; one ends all that are open at its level or below. */
  enter(level: number, heading: string): string | null {
    while (this.#open.length > 0 && (this.#open.at(-1)?.level ?? 0) >= level) this.#open.pop();
    const text = oneLine(heading);
    if (text) this.#open.push({ level, heading: text });
    return this.current;
  }

  /** All open headings from the outermost to the nearest; outer ones are left out where it grows too long. */
  get current(): string | null {
    return joined(this.#nearestFirst());
  }

  *#nearestFirst(): Generator<string> {
    for (let i = this.#open.length - 1; i >= 0; i--) yield this.#open[i]?.heading ?? "";
  }
}
