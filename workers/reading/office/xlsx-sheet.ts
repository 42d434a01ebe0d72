import type { ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { localName, type XmlReader } from "../markup/read-xml.ts";
import { rowLine, type TableBlocks } from "../text/table-blocks.ts";
import type { CellFormats } from "./cell-format.ts";
import { cellOf, maxColumns } from "./cell-reference.ts";
import type { LeftOut } from "./left-out.ts";
import { addressBeside } from "./link-text.ts";
import type { BesideCells, MergedCell } from "./xlsx-beside.ts";
import { RichText, unescapeText } from "./xlsx-workbook.ts";

/** What the cells of a sheet are shown by. */
interface Shown {
  strings: string[];
  formats: CellFormats;
  beside: BesideCells;
  budget: ReadingBudget;
  leftOut: LeftOut;
}

/** The letters of a column from 0. */
function lettersOf(column: number): string {
  let letters = "";
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26))
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return letters;
}

/** Reads the rows of one worksheet as it is unpacked. */
export class SheetReader implements XmlReader {
  /** Notes with the rows that they are about. */
  readonly notes: string[] = [];
  readonly #table: TableBlocks;
  readonly #shown: Shown;
  #cells: string[] = [];
  #row = -1;
  /** Where the next cell is that does not say it. */
  #next = 0;
  #column = 0;
  #kind = "";
  #style = 0;
  #value = "";
  #formula: string | null = null;
  #inside = "";
  readonly #rich = new RichText();
  /** Cells that go on in this row, and what they say. */
  #going: (MergedCell & { text: string })[] = [];

  constructor(table: TableBlocks, shown: Shown) {
    this.#table = table;
    this.#shown = shown;
  }

  open(qualified: string, attributes: Record<string, string>): void {
    const name = localName(qualified);
    if (name === "row") this.#openRow(Number(attributes.r));
    else if (name === "c") {
      this.#column = cellOf(attributes.r)?.column ?? Math.min(this.#next, maxColumns - 1);
      this.#next = this.#column + 1;
      this.#kind = attributes.t ?? "n";
      this.#style = Number(attributes.s ?? 0);
      [this.#value, this.#formula] = ["", null];
    } else if (name === "f") this.#formula = "";
    this.#inside = name;
    this.#rich.open(name, attributes);
  }

  close(qualified: string): void {
    const name = localName(qualified);
    this.#rich.close(name);
    this.#inside = "";
    if (name === "c") this.#closeCell();
    else if (name === "row") this.#closeRow();
  }

  text(text: string): void {
    if (this.#inside === "v") this.#value += text;
    else if (this.#inside === "f") this.#formula += text;
    else this.#rich.text(text);
  }

  /** Tells what was noted of cells that are not there. */
  end(): void {
    for (const [row, notes] of this.#shown.beside.notes)
      for (const [column, text] of notes) this.notes.push(`Note on ${lettersOf(column)}${row + 1}: ${text}`);
  }

  #openRow(number: number): void {
    const row = number > 0 ? number - 1 : this.#row + 1;
    if (row > this.#row + 1) this.#table.gap();
    [this.#row, this.#cells, this.#next] = [row, [], 0];
  }

  #closeCell(): void {
    const inline = this.#rich.take();
    const { leftOut, beside } = this.#shown;
    const value = this.#kind === "inlineStr" ? inline : this.#value;
    if (value === "" && this.#formula !== null) leftOut.count("formula");
    const shown = value === "" ? "" : oneLine(this.#shownAs(value));
    if (shown === "") return;
    const formula = this.#formula && /^\s*(?:_xlfn\.)?HYPERLINK\(\s*"([^"]+)"/i.exec(this.#formula)?.[1];
    const address = formula || (beside.links.get(this.#row)?.get(this.#column) ?? null);
    while (this.#cells.length < this.#column) this.#cells.push("");
    this.#cells[this.#column] = shown + addressBeside(shown, address);
  }

  #closeRow(): void {
    const { beside, budget } = this.#shown;
    this.#going = this.#going.filter(({ to }) => to >= this.#row);
    budget.spend(this.#cells.length + this.#going.length);
    // A row of nothing else stays one of nothing.
    if (this.#cells.length > 0)
      for (const { column, text } of this.#going) {
        while (this.#cells.length <= column) this.#cells.push("");
        this.#cells[column] ||= text;
      }
    for (const cell of beside.merged.get(this.#row) ?? [])
      this.#going.push({ ...cell, text: this.#cells[cell.column] ?? "" });
    const notes = beside.notes.get(this.#row);
    beside.notes.delete(this.#row);
    const line = notes ? rowLine(this.#cells) : "";
    for (const [column, text] of notes ?? [])
      this.notes.push(`Note on ${lettersOf(column)}${this.#row + 1}${line && ` (${line})`}: ${text}`);
    this.#table.add(this.#cells);
  }

  #shownAs(value: string): string {
    if (this.#kind === "s") return this.#shown.strings[Number(value)] ?? "";
    if (this.#kind === "b") return /^(?:1|true)$/.test(value) ? "TRUE" : "FALSE";
    if (this.#kind === "str") return unescapeText(value);
    if (this.#kind !== "n" || Number.isNaN(Number(value))) return value;
    return this.#shown.formats.show(Number(value), this.#style);
  }
}
