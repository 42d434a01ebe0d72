import { sectionSeparator } from "../models/section-path.ts";
import { cutText } from "./cut-text.ts";

const maxHeading = 120;
const maxPath = 200;

/** One line, with nothing in it that parts headings. */
function oneLine(heading: string): string {
  const text = heading.replace(/\s+/g, " ").replaceAll("›", ">").trim();
  return text.length > maxHeading ? `${cutText(text, maxHeading - 1)}…` : text;
}

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
    let path = "";
    for (const { heading } of this.#open.toReversed()) {
      const longer = path ? heading + sectionSeparator + path : heading;
      if (longer.length > maxPath) break;
      path = longer;
    }
    return path || null;
  }
}
