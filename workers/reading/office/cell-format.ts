import { format, getFormatFromId } from "numfmt";

/** Built-in formats that show a date in the way of the reader's country, which no file knows. */
const ofTheCountry: Record<number, string> = { 14: "yyyy-mm-dd", 22: "yyyy-mm-dd hh:mm" };
const longestPattern = 255;
const maxStyles = 65_536;

/** A number with the digits that a person typed, not the noise behind them. */
const general = (value: number) => String(Number(value.toPrecision(15)));

/** How a workbook shows its numbers. Formats are referred to by the index of the cell's style. */
export class CellFormats {
  readonly #patterns = new Map<number, string>();
  readonly #styles: number[] = [];
  /** Workbooks of old Macs count days from 1904. */
  shiftsDates = false;

  /** A format of the workbook's own. */
  define(id: number, pattern: string): void {
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
    if (!pattern || pattern === "General" || !Number.isFinite(value)) return general(value);
    const isDate = this.shiftsDates && /[dmyhs]/i.test(pattern.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ""));
    // A date that no calendar has, or a pattern that is none, leaves the number as it is.
    const shown = format(pattern, isDate ? value + 1_462 : value, { throws: false, invalid: "" });
    return shown.trim() || general(value);
  }
}
