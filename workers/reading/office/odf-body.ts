import { maxTextLength, type ReadingBudget } from "../budget.ts";
import { DocumentBlocks, oneLine } from "../document-blocks.ts";
import type { XmlReader } from "../markup/read-xml.ts";
import { type Block, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { OdfStyles } from "./odf-styles.ts";

/** Text that is in the file but not on the page, or says again what is. */
const invisible = new Set([
  "office:annotation",
  "text:tracked-changes",
  "text:note-citation",
  "text:table-of-content",
  "text:alphabetical-index",
  "text:illustration-index",
  "text:ruby-text",
  "office:settings",
  "office:forms",
  "svg:title",
  "svg:desc",
]);
const maxRepeat = 1_000;
const maxColumns = 16_384;
/** Headings are of ten levels. */
const maxLevel = 10;

interface Paragraph {
  text: string;
  /** The level of the heading that it is; null for ordinary text. */
  level: number | null;
}

interface Row {
  cells: string[];
  /** Empty cells since the last one that is not. */
  gap: number;
  /** The paragraphs of the cell that is open. */
  cell: string[];
  repeat: number;
}

const repeatOf = (attributes: Record<string, string>, name: string) => Math.max(1, Number(attributes[name]) || 1);

/** Reads `content.xml` of an OpenDocument file into blocks: text with its sections, sheets by name, slides by number. */
export class OdfBody implements XmlReader {
  readonly #blocks = new DocumentBlocks();
  readonly #budget: ReadingBudget;
  /** Slides that were seen. */
  slides = 0;
  readonly #styles: OdfStyles;
  readonly #path = new SectionPath();
  readonly #paragraphs: Paragraph[] = [];
  #kind: "text" | "spreadsheet" | "presentation" = "text";
  #skipping = 0;
  #lists = 0;
  /** The next paragraph begins an item of a list. */
  #item = false;
  #tables = 0;
  #table: TableBlocks | null = null;
  #row: Row | null = null;
  /** Spaces that are written as their number. */
  #spaces = 0;

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
    this.#styles = new OdfStyles(budget);
  }

  get blocks(): Block[] {
    return this.#blocks.blocks;
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || this.#isInvisible(name, attributes)) this.#skipping++;
    else if (name.startsWith("style:")) this.#styles.open(name, attributes);
    else if (name.startsWith("table:")) this.#openTablePart(name, attributes);
    else if (name.startsWith("text:")) this.#openText(name, attributes);
    else if (name === "office:spreadsheet") this.#kind = "spreadsheet";
    else if (name === "office:presentation") this.#kind = "presentation";
    else if (name === "draw:page") this.slides++;
  }

  close(name: string): void {
    if (this.#skipping > 0) this.#skipping--;
    else if (name === "text:p" || name === "text:h") this.#closeParagraph();
    else if (name === "text:list") this.#lists--;
    else if (name === "table:table") this.#closeTable();
    else if (name === "table:table-row" && this.#tables === 1) this.#closeRow();
  }

  text(text: string): void {
    const paragraph = this.#paragraphs.at(-1);
    // Line breaks of the file's own are white space; those of the text are elements.
    if (paragraph && this.#skipping === 0) paragraph.text += text.replace(/\s+/g, " ");
  }

  #isInvisible(name: string, attributes: Record<string, string>): boolean {
    if (invisible.has(name)) return true;
    return name === "table:table" && this.#styles.hidesTable(attributes["table:style-name"]);
  }

  #openText(name: string, attributes: Record<string, string>): void {
    const paragraph = this.#paragraphs.at(-1);
    if (name === "text:h") {
      const level = Math.max(1, Math.min(Number(attributes["text:outline-level"]) || 1, maxLevel));
      this.#paragraphs.push({ text: "", level });
    } else if (name === "text:p") {
      const isTitle = this.#styles.isTitle(attributes["text:style-name"]);
      this.#paragraphs.push({ text: "", level: isTitle ? 0 : null });
    } else if (name === "text:list") this.#lists++;
    else if (name === "text:list-item") this.#item = true;
    else if (!paragraph) return;
    else if (name === "text:s") paragraph.text += this.#spacesOf(repeatOf(attributes, "text:c"));
    else if (name === "text:tab") paragraph.text += "\t";
    else if (name === "text:line-break") paragraph.text += "\n";
  }

  #spacesOf(claimed: number): string {
    const count = Math.min(claimed, 100);
    this.#spaces += count;
    if (this.#spaces > maxTextLength) throw tooMuchText();
    return " ".repeat(count);
  }

  #openTablePart(name: string, attributes: Record<string, string>): void {
    if (name === "table:table" && ++this.#tables === 1) this.#openTable(attributes["table:name"] ?? "");
    if (this.#tables !== 1) return;
    if (name === "table:table-row") {
      const repeat = Math.min(repeatOf(attributes, "table:number-rows-repeated"), maxRepeat);
      this.#row = { cells: [], gap: 0, cell: [], repeat };
    } else if (name === "table:table-cell" || name === "table:covered-table-cell") {
      if (this.#row) this.#openCell(this.#row, repeatOf(attributes, "table:number-columns-repeated"));
    }
  }

  #openTable(name: string): void {
    const isSheet = this.#kind === "spreadsheet";
    const section = isSheet ? this.#path.enter(1, name) : this.#path.current;
    this.#table = new TableBlocks({ page: this.#page, section });
  }

  /** A cell's text comes after it is opened, so that the one before is put into its row by the next. */
  #openCell(row: Row, repeat: number): void {
    this.#putCell(row);
    row.cell = [];
    row.gap = Math.min(row.gap + repeat, maxColumns);
  }

  #putCell(row: Row): void {
    if (row.cell.length === 0) return;
    this.#budget.spend(row.gap);
    // Of the columns counted, the last is the cell's own; a repeated cell says its text once.
    for (let i = 1; i < row.gap && row.cells.length < maxColumns; i++) row.cells.push("");
    row.cells.push(row.cell.join(" "));
    row.gap = 0;
  }

  #closeRow(): void {
    const row = this.#row;
    this.#row = null;
    if (!row) return;
    this.#putCell(row);
    if (row.cells.length === 0) return;
    for (let i = 0; i < row.repeat; i++) {
      this.#budget.spend(row.cells.length);
      this.#table?.add(row.cells);
    }
  }

  #closeTable(): void {
    if (--this.#tables > 0 || !this.#table) return;
    const rows = this.#table.end();
    this.#table = null;
    const section = this.#path.current;
    if (this.#kind === "spreadsheet" && section && rows.length > 0)
      this.#blocks.add({ text: section, page: null, section, heading: true });
    this.#blocks.addAll(rows);
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    const text = paragraph?.text.replaceAll("\u00ad", "").trim();
    if (!paragraph || !text) return;
    const page = this.#page;
    if (this.#row) {
      this.#row.cell.push(oneLine(text));
    } else if (paragraph.level !== null) {
      const section = this.#path.enter(paragraph.level, text);
      this.#blocks.add({ text, page, section, heading: true });
    } else {
      const mark = this.#lists > 0 && this.#item ? "- " : "";
      this.#blocks.add({ text: mark + text, page, section: this.#path.current });
    }
    this.#item = false;
  }

  get #page(): number | null {
    return this.#kind === "presentation" ? this.slides : null;
  }
}
