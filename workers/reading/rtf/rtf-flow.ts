import { maxTextLength } from "../budget.ts";
import { type Block, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";

/** Makes paragraphs, headings and tables of the running text; footnotes, headers and text boxes come after the paragraph they are in. */
export class RtfFlow {
  readonly #blocks: Block[] = [];
  readonly #path = new SectionPath();
  #text = "";
  #total = 0;
  #cells: string[] = [];
  #table: TableBlocks | null = null;
  /** The running text while something stands aside; null elsewhere. */
  #running: string | null = null;
  #aside: string[] = [];
  readonly #seenAside = new Set<string>();

  add(text: string): void {
    this.#text += text;
    this.#total += text.length;
    if (this.#total > maxTextLength) throw tooMuchText();
  }

  /** Ends a paragraph; `level` is that of a heading, from 0, or null. */
  endParagraph(level: number | null, inTable: boolean): void {
    if (this.#running !== null) {
      this.#text += "\n";
    } else if (this.#cells.length > 0 || inTable) {
      // A paragraph inside a cell.
      this.#text += " ";
    } else this.#closeParagraph(level);
  }

  control(word: string): void {
    if (word === "cell" || word === "nestcell") this.#closeCell(word === "nestcell");
    else if (word === "row") this.#closeRow();
    else if (word === "nestrow") this.#text += " ";
  }

  beginAside(): void {
    this.#running ??= this.#text;
    this.#text = "";
  }

  endAside(): void {
    const text = this.#text.trim();
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

  #closeCell(nested: boolean): void {
    if (this.#running !== null || nested) {
      this.#text += " | ";
      return;
    }
    this.#cells.push(this.#text);
    this.#text = "";
  }

  #closeRow(): void {
    if (this.#running !== null) {
      this.#text = `${this.#text.replace(/ \| $/, "")}\n`;
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
    const text = this.#text.replace(/^[•·\uf0b7]\s*/, "- ").trim();
    this.#text = "";
    if (text || this.#aside.length > 0) this.#closeTable();
    if (text) {
      const section = level === null ? this.#path.current : this.#path.enter(level, text);
      this.#blocks.push({ text, page: null, section, heading: level !== null });
    }
    for (const aside of this.#aside) this.#blocks.push({ text: aside, page: null, section: this.#path.current });
    this.#aside = [];
  }
}
