import { maxTextLength, type ReadingBudget } from "../budget.ts";
import type { documentProperties } from "../document-properties.ts";
import { flatten, GrowingText, mapLines } from "../growing-text.ts";
import { type Block, BlockList, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { blocksOfHtml } from "./parse-html.ts";
import { localName, type XmlReader } from "./read-xml.ts";

const words = (names: string) => new Set(names.split(" "));

/** Names that the vocabularies of texts (DocBook, TEI, JATS, DITA, XHTML) give to headings. */
const headings = words("title head heading h1 h2 h3 h4 h5 h6 article-title chapter-title");
/** What may stand before a heading without being text of the section. */
const numbers = words("label num number");
/** Elements whose text is a paragraph by itself, not a value that needs its name. */
const paragraphs = words(
  "p para simpara li item list-item listitem quote blockquote caption note abstract text content description summary body message line l verse",
);
/** Where one of these stands in a text, a new line begins. */
const breaking = words(
  "p para simpara br lb div section sec list ul ol item li list-item listitem row tr table fig figure title head label entry lg l line",
);
const cells = words("td th entry cell");
const rows = words("tr row");
/** Attributes that tie elements together and say nothing to people. */
const technical = /^(?:xmlns|xml:|xsi:)|^(?:id|idref|rid|ref|class|style|ref-type)$/i;
const maxRecord = 1_200;
const maxHeading = 500;

interface Element {
  name: string;
  attributes: Record<string, string>;
  /** Where the blocks begin that stand in it. */
  firstBlock: number;
  hasChildren: boolean;
  /** What can be its heading is its first child, numbers aside. */
  mayHaveHeading: boolean;
  hasHeading: boolean;
  text: string;
}

interface Paragraph extends Block {
  /** A value of a record, without the name before it: neighbours are joined. */
  value?: string;
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim();
/** White space of the source says nothing; where a line begins is told by a character that XML cannot have. */
const lineMark = "\u0001";
const linesOf = (text: string) => mapLines(text, lineMark, (line) => oneLine(line) || null);
const looksLikeHtml = /<(?:p|div|br|a|ul|ol|h[1-6]|table|strong|em|b|i)\b[^<>]{0,500}>/i;

/** Gathers what XML of any vocabulary says, while its elements go by. */
export class XmlBlocks implements XmlReader {
  readonly said: Parameters<typeof documentProperties>[0] = {};
  readonly #blocks = new BlockList<Paragraph>();
  readonly #open: Element[] = [];
  readonly #path = new SectionPath();
  /** Characters that went by, and those of the blocks so far. */
  #length = 0;
  #said = 0;
  /** The number of open elements down to the one that has text among its elements, and that text. */
  #mixed: { depth: number; text: GrowingText } | null = null;
  #table: { depth: number; rows: TableBlocks; cells: string[] } | null = null;
  readonly #budget: ReadingBudget;

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
  }

  open(qualified: string, attributes: Record<string, string>): void {
    const name = localName(qualified).toLowerCase();
    const parent = this.#open.at(-1);
    if (parent) {
      parent.hasChildren = true;
      if (parent.text) this.#becomeMixed(parent);
    } else this.said.language = attributes["xml:lang"];
    this.#open.push({
      name,
      attributes,
      firstBlock: this.#blocks.length,
      hasChildren: false,
      mayHaveHeading: true,
      hasHeading: false,
      text: "",
    });
    const depth = this.#open.length;
    if (this.#table) {
      if (rows.has(name)) this.#endRow();
      if (cells.has(name)) this.#table.cells.push("");
    } else if (this.#mixed) {
      if (breaking.has(name)) this.#mixed.text.add(lineMark);
    } else if (name === "table" || name === "tgroup") {
      this.#table = {
        depth,
        rows: new TableBlocks({ page: null, section: this.#path.current }),
        cells: [],
      };
    }
  }

  text(data: string): void {
    if (/\S/.test(data)) this.#length += data.length;
    if (this.#length > 2 * maxTextLength) throw tooMuchText();
    const element = this.#open.at(-1);
    if (!element) return;
    if (this.#table) this.#addToCell(data);
    else if (this.#mixed) this.#mixed.text.add(data);
    else if (element.text || /\S/.test(data)) {
      element.text += data;
      if (element.hasChildren) this.#becomeMixed(element);
    }
  }

  close(): void {
    const element = this.#open.at(-1);
    if (!element) return;
    const depth = this.#open.length;
    if (this.#table) {
      if (this.#table.depth === depth) this.#endTable();
    } else if (this.#mixed) {
      const { depth: outermost, text } = this.#mixed;
      if (outermost === depth) {
        this.#mixed = null;
        this.#say(element, text.whole);
      } else if (breaking.has(element.name)) this.#mixed.text.add(lineMark);
    } else if (!element.hasChildren) this.#say(element, this.#valueOf(element));
    this.#open.pop();
    // What stands below ends with its section.
    if (element.hasHeading) this.#path.enter(depth, "");
  }

  end(): Block[] {
    while (this.#open.length > 0) this.close();
    return this.#blocks.map(({ value: _, ...block }) => ({ ...block, text: linesOf(block.text) }));
  }

  /** Everything in `element` is one text, also what was taken for values before it. */
  #becomeMixed(element: Element): void {
    const inside = this.#blocks.splice(element.firstBlock);
    // Added up and not joined: what stands in texts in texts is not copied once for each of them.
    const before = inside.reduce((all, { value, text }) => `${all} ${value ?? text}`, "");
    this.#said -= Math.min(this.#said, before.length);
    this.#mixed = { depth: this.#open.lastIndexOf(element) + 1, text: new GrowingText(`${before} ${element.text}`) };
    element.text = "";
  }

  /** What an element without elements says: its text, or its attributes where it is empty. */
  #valueOf({ text, attributes, name }: Element): string {
    // Feeds and exports of websites carry pages as values.
    if (looksLikeHtml.test(text))
      return blocksOfHtml(text, this.#budget).reduce((all, block) => `${all}${lineMark}${block.text}`, "");
    if (text.trim()) return oneLine(text);
    if (paragraphs.has(name)) return "";
    return Object.entries(attributes)
      .filter(([key, value]) => !technical.test(key) && /[\p{L}\p{N}]/u.test(value))
      .map(([key, value]) => `${localName(key)}: ${oneLine(value)}`)
      .join(", ");
  }

  #say(element: Element, text: string): void {
    const parent = this.#open.at(-2);
    const isTitle = headings.has(element.name) && text.length < maxHeading;
    const isHeading = isTitle && parent?.mayHaveHeading === true;
    if (parent && !numbers.has(element.name)) parent.mayHaveHeading = false;
    if (!text) return;
    this.#said += text.length + element.name.length;
    if (this.#said > 1.25 * maxTextLength) throw tooMuchText();
    if (isTitle) this.said.title ??= oneLine(text.replaceAll(lineMark, " "));
    if (parent && isHeading) {
      parent.hasHeading = true;
      const section = this.#path.enter(this.#open.length - 1, text.replaceAll(lineMark, " "));
      this.#blocks.push({ text, page: null, section, heading: true });
      return;
    }
    if (this.#open.length === 2) {
      if (/^(?:author|creator)$/.test(element.name)) this.said.author ??= text;
      if (/^(?:date|published|pubdate|created)$/.test(element.name)) this.said.date ??= text;
    }
    const place = { page: null, section: this.#path.current };
    if (paragraphs.has(element.name) || text.length > maxRecord / 2) this.#blocks.push({ ...place, text });
    else this.#addValue(parent, { ...place, text: `${element.name}: ${text}`, value: text });
  }

  /** Values of one record stand below one another. */
  #addValue(parent: Element | undefined, block: Paragraph): void {
    const last = this.#blocks.at(-1);
    const isInRecord = this.#blocks.length > (parent?.firstBlock ?? 0);
    if (isInRecord && last?.value !== undefined && last.text.length + block.text.length < maxRecord) {
      last.text += lineMark + block.text;
      last.value += ` ${block.value}`;
    } else {
      if (last?.value !== undefined) {
        flatten(last.text);
        flatten(last.value);
      }
      this.#blocks.push(block);
    }
  }

  #addToCell(data: string): void {
    if (!this.#table) return;
    const last = this.#table.cells.length - 1;
    if (last >= 0) this.#table.cells[last] += data;
    else if (/\S/.test(data)) this.#table.cells.push(data);
  }

  #endRow(): void {
    if (!this.#table) return;
    this.#table.rows.add(this.#table.cells);
    this.#table.cells = [];
  }

  #endTable(): void {
    this.#endRow();
    for (const { text, ...place } of this.#table?.rows.end() ?? [])
      this.#blocks.push({ ...place, text: text.replaceAll("\n", lineMark) });
    this.#table = null;
  }
}
