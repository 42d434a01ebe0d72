import { maxTextLength } from "../budget.ts";
import { addressBeside } from "../office/link-text.ts";
import { type Align, RunText } from "../office/run-text.ts";
import { type Block, BlockList, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks, tableBlocksOf } from "../text/table-blocks.ts";

/** Wider rows are several: no program has so many columns. */
const maxCells = 16_384;

/** A place in the running text: in which paragraph, and how far. */
export interface FlowPlace {
  text: RunText;
  length: number;
}

/** Makes paragraphs, headings and tables of the running text; footnotes, headers and text boxes come after the paragraph they are in. */
export class RtfFlow {
  readonly #blocks = new BlockList();
  readonly #path = new SectionPath();
  #text = new RunText();
  /** What parts a cell from the next; not said before there is one. */
  #gap = "";
  #total = 0;
  #cells: string[] = [];
  #table: TableBlocks | null = null;
  /** Of the cells of a row, which go on one above; and what cells that may go on say, by their columns. */
  #merged: boolean[] = [];
  #isMerged = false;
  readonly #above = new Map<number, string>();
  /** A table in a cell: the text of its open cell, its open row, and its rows, which are told behind the outer table. */
  readonly #inner = { text: new RunText(), cells: [] as string[], rows: [] as string[][] };
  /** The running text while something stands aside; null elsewhere. */
  #running: RunText | null = null;
  #aside: string[] = [];
  readonly #seenAside = new Set<string>();

  /** `depth` is how many tables the text lies in. */
  add(text: string, align: Align = null, depth = 0): void {
    this.#total += this.#gap.length + text.length;
    if (this.#total > maxTextLength) throw tooMuchText();
    if (depth > 1 && this.#running === null) {
      this.#inner.text.add(text, align);
      return;
    }
    if (this.#gap) this.#text.add(this.#gap);
    this.#gap = "";
    this.#text.add(text, align);
  }

  /** Where the running text is. */
  get place(): FlowPlace {
    return { text: this.#text, length: this.#text.length };
  }

  /** Says where the text from `place` on leads, where it is still the same paragraph; `instead` is said where there is none. */
  endLink(place: FlowPlace, address: string | null, instead: string): void {
    if (place.text !== this.#text) return;
    const shown = this.#text.since(place.length);
    this.add(shown.trim() === "" && instead !== "" ? instead : addressBeside(shown, address));
  }

  /** Ends a paragraph; `level` is that of a heading, from 0, or null; `depth` is how many tables it lies in. */
  endParagraph(level: number | null, depth: number): void {
    if (this.#running !== null) this.add("\n");
    // A paragraph inside a cell.
    else if (this.#cells.length > 0 || depth > 0) this.add(" ", null, depth);
    else this.#closeParagraph(level);
  }

  control(word: string, depth: number): void {
    if (word === "cell") this.#closeCell();
    else if (word === "nestcell") this.#closeInnerCell(depth);
    else if (word === "row") this.#closeRow();
    else if (word === "nestrow") this.#closeInnerRow();
    else if (word === "trowd") this.#merged = [];
    else if (word === "clvmrg") this.#isMerged = true;
    else if (word === "cellx") {
      if (this.#merged.length < maxCells) this.#merged.push(this.#isMerged);
      this.#isMerged = false;
    }
  }

  beginAside(): void {
    if (this.#running !== null) return;
    this.#running = this.#text;
    this.#text = new RunText();
  }

  endAside(before = ""): void {
    const text = this.#taken().trim();
    this.#text = this.#running ?? new RunText();
    this.#running = null;
    this.tellAside(text && before + text);
  }

  /** Tells something behind the paragraph. Headers stand in every section again. */
  tellAside(text: string): void {
    if (!text || this.#seenAside.has(text)) return;
    this.#seenAside.add(text);
    this.#aside.push(text);
  }

  end(): Block[] {
    if (this.#running !== null) this.endAside();
    if (this.#cells.length > 0) {
      this.#closeCell();
      this.#closeRow();
    }
    this.#closeParagraph(null);
    this.#closeTable();
    return this.#blocks;
  }

  /** The text so far, which ends with it. */
  #taken(): string {
    const text = this.#text.text + this.#gap;
    this.#text = new RunText();
    this.#gap = "";
    return text;
  }

  #closeCell(): void {
    if (this.#running !== null) {
      this.add("");
      this.#gap = " | ";
      return;
    }
    const column = this.#cells.length;
    const own = this.#taken().trim();
    const text = this.#merged[column] ? own || (this.#above.get(column) ?? "") : own;
    this.#above.set(column, text);
    this.#cells.push(text);
    if (this.#cells.length >= maxCells) this.#closeRow();
  }

  #closeInnerCell(depth: number): void {
    if (this.#running !== null || depth < 2) {
      this.add("");
      this.#gap = " | ";
      return;
    }
    this.#inner.cells.push(this.#inner.text.text);
    this.#inner.text = new RunText();
    if (this.#inner.cells.length >= maxCells) this.#closeInnerRow();
  }

  #closeInnerRow(): void {
    if (this.#inner.cells.length > 0) this.#inner.rows.push(this.#inner.cells);
    else this.add(" ");
    this.#inner.cells = [];
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
    const { cells, rows, text } = this.#inner;
    if (cells.length > 0 || !text.isEmpty) rows.push([...cells, text.text]);
    Object.assign(this.#inner, { text: new RunText(), cells: [], rows: [] });
    this.#above.clear();
    for (const block of this.#table?.end() ?? []) this.#blocks.push(block);
    this.#table = null;
    for (const block of tableBlocksOf(rows, { page: null, section: this.#path.current })) this.#blocks.push(block);
  }

  #closeParagraph(level: number | null): void {
    const text = this.#taken()
      .replace(/^[•·\uf0b7]\s*/, "- ")
      .replaceAll("\u00ad", "")
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
