import type { ReadingBudget } from "../budget.ts";
import { listNumber } from "../office/list-number.ts";

interface Level {
  /** Null for a level of marks. */
  format: string | null;
  before: string;
  after: string;
  /** How many levels its label says. */
  shown: number;
  start: number;
  /** The whole label, with `%1%` for the number of the outermost level, where it is given so. */
  label: string;
}

interface List {
  style: string;
  counts: (number | undefined)[];
  /** It begins anew for an item that says where. */
  next: number | null;
}

const mostLevels = 10;
const ways: Record<string, string> = {
  I: "upperRoman",
  i: "lowerRoman",
  A: "upperLetter",
  a: "lowerLetter",
  "": "none",
};
const outline = "\0outline";

/** The lists of an OpenDocument text, which count their items as these are met in order. */
export class OdfLists {
  readonly #styles = new Map<string, Level[]>();
  #defined: Level[] | null = null;
  /** The lists that are open, in one another. */
  readonly #open: (List & { isItem: boolean })[] = [];
  /** How far lists have counted, by their style or their own name, for those that go on with them. */
  readonly #counted = new Map<string, (number | undefined)[]>();
  readonly #outline: (number | undefined)[] = [];

  /** Takes note of an element of the styles. */
  define(name: string, attributes: Record<string, string>, budget: ReadingBudget): void {
    if (name === "text:list-style" || name === "text:outline-style") {
      budget.keep();
      this.#defined = [];
      this.#styles.set(name === "text:outline-style" ? outline : (attributes["style:name"] ?? ""), this.#defined);
    } else if (/^text:(?:list-level-style-|outline-level-style)/.test(name) && this.#defined) {
      const level = Math.max(1, Math.min(Number(attributes["text:level"]) || 1, mostLevels));
      this.#defined[level - 1] = {
        format: /-(?:bullet|image)$/.test(name) ? null : (attributes["style:num-format"] ?? ""),
        before: attributes["style:num-prefix"] ?? "",
        after: attributes["style:num-suffix"] ?? "",
        shown: Math.max(1, Number(attributes["text:display-levels"]) || 1),
        start: Number(attributes["text:start-value"] ?? 1) || 0,
        label: attributes["style:num-list-format"] ?? attributes["loext:num-list-format"] ?? "",
      };
    }
  }

  open(attributes: Record<string, string>): void {
    const outer = this.#open.at(-1);
    const style = attributes["text:style-name"] ?? outer?.style ?? "";
    const goesOn =
      attributes["text:continue-list"] ?? (attributes["text:continue-numbering"] === "true" ? style : null);
    const counts = outer ? outer.counts : (goesOn !== null && this.#counted.get(goesOn)) || [];
    this.#open.push({ style, counts, next: null, isItem: false });
    if (outer) return;
    this.#counted.set(style, counts);
    const name = attributes["xml:id"] ?? attributes["text:id"];
    if (name) this.#counted.set(name, counts);
  }

  close(): void {
    this.#open.pop();
  }

  /** An item begins. */
  item(attributes: Record<string, string>): void {
    const list = this.#open.at(-1);
    if (!list) return;
    list.isItem = true;
    const start = Number(attributes["text:start-value"]);
    list.next = attributes["text:start-value"] === undefined || Number.isNaN(start) ? null : start;
  }

  /** The label of the paragraph that is met, where it begins an item: its number, or a hyphen. */
  label(): string | null {
    const list = this.#open.at(-1);
    if (!list?.isItem) return null;
    list.isItem = false;
    return this.#next(list.style, list.counts, this.#open.length - 1, list.next);
  }

  /** The number of a heading of a level from 1; null where headings have none, or it stands in a list. */
  headingLabel(level: number, attributes: Record<string, string>): string | null {
    if (this.#open.length > 0 || attributes["text:is-list-header"] === "true") return null;
    if (!this.#styles.get(outline)?.[level - 1]?.format) return null;
    const isAnew = attributes["text:restart-numbering"] === "true";
    const start = isAnew ? Number(attributes["text:start-value"] ?? 1) || 1 : null;
    return this.#next(outline, this.#outline, level - 1, start);
  }

  #next(style: string, counts: (number | undefined)[], at: number, start: number | null): string | null {
    const levels = this.#styles.get(style);
    const own = levels?.[at];
    if (!own || own.format === null) return "-";
    counts.length = Math.min(counts.length, at + 1);
    counts[at] = start ?? (counts[at] ?? own.start - 1) + 1;
    const numberAt = (i: number) => {
      const level = levels?.[i];
      if (!level || level.format === null) return "";
      return listNumber(counts[i] ?? level.start, ways[level.format] ?? "decimal");
    };
    if (own.label)
      return own.label.replace(/%(\d+)%/g, (_, level: string) => numberAt(Number(level) - 1)).trim() || null;
    const numbers = Array.from({ length: Math.min(own.shown, at + 1) }, (_, i) =>
      numberAt(at + 1 - Math.min(own.shown, at + 1) + i),
    );
    const said = numbers.filter(Boolean).join(".");
    return said && `${own.before}${said}${own.after}`.trim();
  }
}
