import { format, getFormatFromId, isValidFormat } from "numfmt";
import type { ReadingBudget } from "../budget.ts";

/** Built-in formats that show a date in the way of the reader's country, which no file knows. */
const ofTheCountry: Record<number, string> = { 14: "yyyy-mm-dd", 22: "yyyy-mm-dd hh:mm" };
const longestPattern = 255;
const maxStyles = 65_536;

/** A number with the digits that a person typed, not the noise behind them. */
const general = (value: number) => String(Number(value.toPrecision(15)));

/** What is known of a pattern once it was looked at. */
interface Pattern {
  /** Null where it is none: numfmt would look at it anew for every cell. */
  text: string | null;
  isDate: boolean;
}

/** How a workbook shows its numbers. Formats are referred to by the index of the cell's style. */
export class CellFormats {
  readonly #patterns = new Map<number, string>();
  readonly #styles: number[] = [];
  readonly #known = new Map<string, Pattern>();
  readonly #budget: ReadingBudget;
  /** Workbooks of old Macs count days from 1904. */
  shiftsDates = false;

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
  }

  /** A format of the workbook's own. */
  define(id: number, pattern: string): void {
    this.#budget.keep();
    this.#patterns.set(id, pattern.slice(0, longestPattern));
  }

  /** The next style in order, by the id of its format. */
  addStyle(formatId: number): void {
    if (this.#styles.length < maxStyles) this.#styles.push(formatId);
  }

  /** A cell's number as the workbook shows it. */
  show(value: number, style: number): string {
    const id = this.#styles[style] ?? 0;
    const pattern = this.#patterns.get(id) ?? ofTheCountry[id] ?? getFormatFromId(id);
    return !pattern || pattern === "General" ? general(value) : this.showAs(value, pattern);
  }

  /** A number as a pattern shows it. */
  showAs(value: number, whole: string): string {
    const pattern = whole.slice(0, longestPattern);
    if (!Number.isFinite(value)) return general(value);
    const { text, isDate } = this.#look(pattern);
    if (text === null) return general(value);
    this.#budget.spend(100 + 10 * text.length);
    // A date that no calendar has leaves the number as it is.
    const shown = format(text, this.shiftsDates && isDate ? value + 1_462 : value, { throws: false, invalid: "" });
    return shown.trim() || general(value);
  }

  #look(pattern: string): Pattern {
    const known = this.#known.get(pattern);
    if (known) return known;
    // Of what is no pattern it takes that long to find out.
    this.#budget.spend(30 * pattern.length ** 2);
    const isDate = /[dmyhs]/i.test(pattern.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ""));
    const looked = { text: isValidFormat(pattern) ? pattern : null, isDate };
    this.#known.set(pattern, looked);
    return looked;
  }
}
