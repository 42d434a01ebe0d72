import type { ReadingBudget } from "../budget.ts";
import type { Block } from "../parsed-document.ts";
import { TableBlocks } from "../text/table-blocks.ts";

/** No table has more columns. */
const maxColumns = 1_000;

const spanOf = (value: string | undefined) => Math.max(1, Math.min(Number(value) || 1, maxColumns));

/** A table while it is read: cells that lie over several columns leave the others empty, and those over several rows are said in each. */
export class DocxTable {
  /** The paragraphs of the cell that is open; they are put together once, when it ends. */
  readonly cell: string[] = [];
  /** What stands in the table and is told behind it. */
  readonly behind: Block[] = [];
  readonly #rows: TableBlocks;
  readonly #budget: ReadingBudget;
  #row: string[] = [];
  #isHead = false;
  #span = 1;
  #merge: "restart" | "continue" | null = null;
  #inCell = false;
  /** What cells that go on below say, by their columns. */
  readonly #above = new Map<number, string>();

  constructor(place: Pick<Block, "page" | "section">, budget: ReadingBudget) {
    this.#rows = new TableBlocks(place);
    this.#budget = budget;
  }

  openRow(): void {
    this.closeRow();
    this.#budget.keep();
  }

  openCell(): void {
    this.closeCell();
    this.#budget.keep();
    this.#inCell = true;
    [this.#span, this.#merge] = [1, null];
  }

  /** A property of the row or of the cell that is open. */
  property(name: string, value: string | undefined): void {
    if (name === "w:gridSpan") this.#span = spanOf(value);
    else if (name === "w:vMerge") this.#merge = value === "restart" ? "restart" : "continue";
    else if (name === "w:tblHeader") this.#isHead = !/^(?:0|false|off)$/.test(value ?? "");
    // Columns that a row leaves out at its beginning.
    else if (name === "w:gridBefore") for (let i = spanOf(value); i > 0 && !this.#inCell; i--) this.#row.push("");
  }

  closeCell(): void {
    if (!this.#inCell) return;
    const own = this.cell.splice(0).join(" ");
    const column = this.#row.length;
    const text = this.#merge === "continue" ? own || (this.#above.get(column) ?? "") : own;
    if (this.#merge === null) this.#above.delete(column);
    else this.#above.set(column, text);
    this.#budget.spend(this.#span);
    if (column < maxColumns) {
      this.#row.push(text);
      for (let i = 1; i < this.#span; i++) this.#row.push("");
    }
    this.#inCell = false;
  }

  closeRow(): void {
    this.closeCell();
    if (this.#row.length > 0) this.#rows.add(this.#row, this.#isHead);
    [this.#row, this.#isHead] = [[], false];
  }

  end(): Block[] {
    this.closeRow();
    const blocks = this.#rows.end();
    for (const block of this.behind) blocks.push(block);
    return blocks;
  }
}
