import type { ReadingBudget } from "../budget.ts";
import type { Block } from "../parsed-document.ts";
import { TableBlocks } from "../text/table-blocks.ts";

/** What stands in a page between two of its blocks' bounds. */
export interface PageItem {
  text: string;
  /** The level of the heading that it is, or 0. */
  heading: number;
  /** A list item that is nothing but links. */
  linkOnly: boolean;
  inMain: boolean;
  /** A table's rows, with how many of its first are its head. */
  rows?: { cells: string[]; isHead: boolean }[];
}

interface Cell {
  items: PageItem[];
  isHead: boolean;
  columns: number;
  rows: number;
  holdsTable: boolean;
}

/** No table has more columns; longer texts that span columns are said once. */
const [maxColumns, longSpan] = [1_000, 60];
/** What is longer, in several paragraphs, is no cell of a table but a part of a page. */
const longCell = 300;

const span = (said: string | undefined, most: number) =>
  Math.max(1, Math.min(Number.parseInt(said ?? "", 10) || 1, most));
const textOf = ({ items }: Cell) =>
  items
    .map(({ text, rows }) => rows?.map(({ cells }) => cells.join(", ")).join("; ") ?? text.replaceAll("\n", " "))
    .join(" ");

/** A table while it is read: pages are laid out in tables too, whose cells are parts of the page. */
export class PageTable {
  readonly #isLayout: boolean;
  readonly #rows: Cell[][] = [];
  readonly #budget: ReadingBudget;
  #names = false;
  #inHead = false;

  constructor(attributes: Record<string, string>, budget: ReadingBudget) {
    this.#isLayout = /^(?:presentation|none)$/.test(attributes.role ?? "");
    this.#budget = budget;
  }

  /** The items of the cell that is open; null between cells. */
  get items(): PageItem[] | null {
    return this.#rows.at(-1)?.at(-1)?.items ?? null;
  }

  open(name: string, attributes: Record<string, string>): void {
    if (name === "thead") this.#inHead = true;
    else if (name === "tbody" || name === "tfoot") this.#inHead = false;
    else if (name === "tr") this.#rows.push([]);
    else if (name === "td" || name === "th") {
      if (this.#rows.length === 0) this.#rows.push([]);
      this.#budget.keep();
      const isHead = name === "th" || this.#inHead;
      this.#names ||= isHead;
      const [columns, rows] = [span(attributes.colspan, maxColumns), span(attributes.rowspan, 65_534)];
      this.#rows.at(-1)?.push({ items: [], isHead, columns, rows, holdsTable: false });
    }
  }

  /** A table lies in the cell that is open. */
  holds(): void {
    const cell = this.#rows.at(-1)?.at(-1);
    if (cell) cell.holdsTable = true;
  }

  /** What the table says where it stands: its rows, or where it is only the page's layout, what its cells hold. */
  end(inMain: boolean): PageItem[] {
    const rows = this.#rows.filter((row) => row.length > 0);
    for (const row of rows) for (const { items } of row) this.#budget.spend(items.length);
    if (this.#isLayoutOf(rows)) return rows.flatMap((row) => row.flatMap(({ items }) => items));
    const item = { text: "", heading: 0, linkOnly: false, inMain, rows: this.#filled(rows) };
    return item.rows.some(({ cells }) => cells.some((cell) => cell !== "")) ? [item] : [];
  }

  #isLayoutOf(rows: Cell[][]): boolean {
    if (this.#isLayout || rows.every((row) => row.length < 2)) return true;
    if (this.#names) return false;
    const isPart = ({ items }: Cell) =>
      items.some(({ heading }) => heading > 0) ||
      (items.length > 2 && items.reduce((sum, { text }) => sum + text.length, 0) > longCell);
    // Tables in most of its cells are what a layout puts in their places; one here and there is a cell's own.
    const cells = rows.flat();
    const holding = cells.filter(({ holdsTable, items }) => holdsTable || items.length === 0).length;
    const holdsTables = cells.some(({ holdsTable }) => holdsTable) && holding >= cells.length / 2;
    return holdsTables || rows.some((row) => row.some(isPart));
  }

  /** The rows with what spans several of them, or several columns, in each. */
  #filled(rows: Cell[][]): { cells: string[]; isHead: boolean }[] {
    let above: ({ text: string; rows: number } | undefined)[] = [];
    return rows.map((row) => {
      const cells: string[] = [];
      const below: typeof above = [];
      const takeAbove = () => {
        for (let from = above[cells.length]; from; from = above[cells.length]) {
          if (from.rows > 1) below[cells.length] = { text: from.text, rows: from.rows - 1 };
          cells.push(from.text);
        }
      };
      for (const cell of row) {
        takeAbove();
        const text = textOf(cell);
        this.#budget.spend(text.length);
        for (let i = 0; i < cell.columns && cells.length < maxColumns; i++) {
          const said = i === 0 || cell.isHead || text.length <= longSpan ? text : "";
          if (cell.rows > 1) below[cells.length] = { text: said, rows: cell.rows - 1 };
          cells.push(said);
        }
      }
      takeAbove();
      this.#budget.spend(cells.length);
      above = below;
      return { cells, isHead: row.every(({ isHead }) => isHead) };
    });
  }
}

/** The blocks of a table's rows. */
export function blocksOfRows(rows: { cells: string[]; isHead: boolean }[], section: string | null): Block[] {
  const table = new TableBlocks({ page: null, section });
  for (const { cells, isHead } of rows) table.add(cells, isHead);
  return table.end();
}
