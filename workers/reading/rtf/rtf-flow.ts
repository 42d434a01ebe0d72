import { maxTextLength } from "../budget.ts";
import { type Block, BlockList, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";

/** Wider rows are several: no program has so many columns. */
const maxCells = 16_384;

/** Makes paragraphs, headings and tables of the running text; footnotes, headers and text boxes come after the paragraph they are in. */
export class RtfFlow {
  readonly #blocks = new BlockList();
  readonly #path = new SectionPath();
  #text = "";
  /** What parts a cell from the next; not said before there is one. */
  #gap = "";
  #total = 0;
  #cells: string[] = [];
  #table: TableBlocks | null = null;
  /** The running text while something stands aside; null elsewhere. */
  #running: string | null = null;
  #aside: string[] = [];
  readonly #seenAside = new Set<string>();

  add(text: string): void {
    this.#text += this.#gap + text;
    this.#total += this.#gap.length + text.length;
    this.#gap = "";
    if (this.#total > maxTextLength) throw tooMuchText();
  }

  /** Ends a paragraph; `level` is that of a heading, from 0, or null. */
  endParagraph(level: number | null, inTable: boolean): void {
    if (this.#running !== null) {
      this.add("\n");
    } else if (this.#cells.length > 0 || inTable) {
      // A paragraph inside a cell.
      this.add(" ");
    } else this.#closeParagraph(level);
  }

  control(word: string): void {
    if (word === "cell" || word === "nestcell") this.#closeCell(word === "nestcell");
    else if (word === "row") this.#closeRow();
    else if (word === "nestrow") this.add(" ");
  }

  beginAside(): void {
    const text = this.#taken();
    this.#running ??= text;
  }

  endAside(): void {
    const text = this.#taken().trim();
    this.#text = this.#running ?? "";
    this.#running = null;
    // Headers stand in every section again.
    if (!text || this.#seenAside.has(text)) return;
    this.#seenAside.add(text);
    this.#aside.push(text);
  }

  end(): Block[] {
    if (this.#cells.length > 0) this.#closeRow();
    this.#closeParagraph(null);
    return this.#blocks;
  }

  /** The text so far, which ends with it. */
  #taken(): string {
    const text = this.#text + this.#gap;
    [this.#text, this.#gap] = ["", ""];
    return text;
  }

  #closeCell(nested: boolean): void {
    if (this.#running !== null || nested) {
      this.add("");
      this.#gap = " | ";
      return;
    }
    this.#cells.push(this.#taken());
    if (this.#cells.length >= maxCells) this.#closeRow();
  }

  #closeRow(): void {
    if (this.#running !== null) {
      this.#gap = "";
      this.add("\n");
      return;
    }
    this.#table ??= new TableBlocks({ page: null, section: this.#path.current });
    this.#table.add(this.#cells);
    this.#cells = [];
  }

  #closeTable(): void {
    for (const block of this.#table?.end() ?? []) this.#blocks.push(block);
    this.#table = null;
  }

  #closeParagraph(level: number | null): void {
    const text = this.#taken()
      .replace(/^[•·\uf0b7]\s*/, "- ")
      .trim();
    if (text || this.#aside.length > 0) this.#closeTable();
    if (text) {
      const section = level === null ? this.#path.current : this.#path.enter(level, text);
      this.#blocks.push({ text, page: null, section, heading: level !== null });
    }
    for (const aside of this.#aside) this.#blocks.push({ text: aside, page: null, section: this.#path.current });
    this.#aside = [];
  }
}
