import type { ReadingBudget } from "../budget.ts";
import type { Block } from "../parsed-document.ts";
import { TableBlocks } from "../text/table-blocks.ts";

const maxRepeat = 1_000;
const maxColumns = 16_384;

export const repeatOf = (attributes: Record<string, string>, name: string) =>
  Math.max(1, Number(attributes[name]) || 1);

/** What a cell holds, as people see it, where its text is not in the file. */
function shownValue(attributes: Record<string, string>): string {
  const value = attributes["office:value"] ?? "";
  const kind = attributes["office:value-type"];
  if (kind === "percentage" && value !== "") return `${Number((Number(value) * 100).toPrecision(15))}%`;
  if (kind === "boolean") return (attributes["office:boolean-value"] ?? "").toUpperCase();
  if (kind === "currency") return `${value} ${attributes["office:currency"] ?? ""}`.trim();
  return (
    attributes["office:string-value"] ?? attributes["office:date-value"] ?? attributes["office:time-value"] ?? value
  );
}

/** A table while it is read: cells and rows that say how often they stand there, and cells that lie over several rows. */
export class OdfTable {
  /** The paragraphs of the cell that is open; null where none is, or one that another lies over. */
  cell: string[] | null = null;
  /** What stands in the table and is told behind it. */
  readonly behind: Block[] = [];
  isHead = false;
  readonly #rows: TableBlocks;
  readonly #budget: ReadingBudget;
  #row: string[] | null = null;
  /** Empty cells since the last one that is not: those at the end of a row are very many. */
  #gap = 0;
  #repeat = 1;
  #attributes: Record<string, string> = {};
  /** What cells over several rows say, and in how many more, by their columns. */
  readonly #spans = new Map<number, { text: string; left: number }>();

  constructor(place: Pick<Block, "page" | "section">, budget: ReadingBudget) {
    this.#rows = new TableBlocks(place);
    this.#budget = budget;
  }

  openRow(attributes: Record<string, string>): void {
    [this.#row, this.#gap] = [[], 0];
    this.#repeat = Math.min(repeatOf(attributes, "table:number-rows-repeated"), maxRepeat);
  }

  openCell(attributes: Record<string, string>, isCovered: boolean): void {
    this.#attributes = attributes;
    this.cell = isCovered ? null : [];
  }

  closeCell(): void {
    const row = this.#row;
    if (!row) return;
    const attributes = this.#attributes;
    const repeat = Math.min(repeatOf(attributes, "table:number-columns-repeated"), maxColumns);
    const column = row.length + this.#gap;
    const text = this.cell === null ? this.#spanned(column) : this.cell.join(" ") || shownValue(attributes);
    const rows = repeatOf(attributes, "table:number-rows-spanned") - 1;
    if (rows > 0 && this.cell !== null && this.#spans.size < maxColumns)
      this.#spans.set(column, { text, left: Math.min(rows, maxRepeat) });
    this.cell = null;
    if (text === "") {
      // The last column is left for what may still come.
      this.#gap = Math.max(0, Math.min(this.#gap + repeat, maxColumns - row.length - 1));
      return;
    }
    this.#budget.spend(this.#gap + repeat);
    for (; this.#gap > 0 && row.length < maxColumns; this.#gap--) row.push("");
    this.#gap = 0;
    for (let i = 0; i < repeat && row.length < maxColumns; i++) row.push(text);
  }

  closeRow(): void {
    const row = this.#row;
    this.#row = null;
    if (!row) return;
    if (row.length === 0) {
      this.#rows.gap();
      return;
    }
    for (let i = 0; i < this.#repeat; i++) {
      this.#budget.spend(row.length);
      this.#rows.add(row, this.isHead);
    }
  }

  end(): Block[] {
    const blocks = this.#rows.end();
    for (const block of this.behind) blocks.push(block);
    return blocks;
  }

  /** What a cell over several rows says in the column of one that it lies over. */
  #spanned(column: number): string {
    const span = this.#spans.get(column);
    if (!span) return "";
    if (--span.left <= 0) this.#spans.delete(column);
    return span.text;
  }
}
