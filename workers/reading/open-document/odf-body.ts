import { maxTextLength, type ReadingBudget } from "../budget.ts";
import { DocumentBlocks, oneLine } from "../document-blocks.ts";
import { MathText } from "../markup/math-text.ts";
import { localName, type XmlReader } from "../markup/read-xml.ts";
import type { LeftOut } from "../office/left-out.ts";
import { addressBeside } from "../office/link-text.ts";
import { pictureText } from "../office/picture-text.ts";
import { RunText } from "../office/run-text.ts";
import { type Block, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { OdfFormFields } from "./odf-form-fields.ts";
import type { Aside, Frame, Paragraph } from "./odf-parts.ts";
import type { OdfStyles } from "./odf-styles.ts";
import { OdfTable, repeatOf } from "./odf-table.ts";

/** Text that is in the file but not on the page, or says again what is, or another thing on every page. */
const invisible = new Set([
  ..."text:tracked-changes text:note-citation text:table-of-content text:alphabetical-index text:illustration-index".split(
    " ",
  ),
  ..."text:ruby-text text:number office:settings office:forms dc:date meta:date-string".split(" "),
]);
const ofPages = new Set(
  "text:page-number text:page-count text:sheet-name text:date text:time text:file-name text:title".split(" "),
);
/** Headings are of ten levels. */
const maxLevel = 10;

/** Objects in a document, as blocks at a place or as a text of the line. */
export type ReadObject = (href: string, place: Pick<Block, "page" | "section">) => Block[] | string | null;

/** Reads a part of an OpenDocument file into blocks: text with its sections, sheets by name, slides by number. */
export class OdfBody implements XmlReader {
  readonly #blocks = new DocumentBlocks();
  readonly #budget: ReadingBudget;
  readonly #styles: OdfStyles;
  readonly #readObject: ReadObject;
  readonly #leftOut: LeftOut;
  /** Slides that were seen. */
  slides = 0;
  readonly #path = new SectionPath();
  readonly #paragraphs: Paragraph[] = [];
  #kind: "text" | "spreadsheet" | "presentation" = "text";
  #skipping = 0;
  readonly #tables: OdfTable[] = [];
  readonly #asides: Aside[] = [];
  readonly #frames: Frame[] = [];
  #behind: string[] = [];
  /** The text of an element that says something of another: who remarked, or what a picture shows. */
  #about: string | null = null;
  #math: MathText | null = null;
  readonly #fields = new OdfFormFields();
  /** Spaces that are written as their number. */
  #spaces = 0;

  constructor(styles: OdfStyles, budget: ReadingBudget, leftOut: LeftOut, readObject: ReadObject) {
    this.#styles = styles;
    this.#budget = budget;
    this.#leftOut = leftOut;
    this.#readObject = readObject;
  }

  get blocks(): Block[] {
    return this.#blocks.blocks;
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || this.#isInvisible(name, attributes)) this.#skipping++;
    else if (this.#math || name === "math:math") {
      this.#math ??= new MathText();
      this.#math.open(localName(name), attributes);
    } else if (name.startsWith("style:") || /^text:(?:list|outline)-(?:level-)?style/.test(name))
      this.#styles.open(name, attributes);
    else if (name.startsWith("table:")) this.#openTablePart(name, attributes);
    else if (name.startsWith("text:")) this.#openText(name, attributes);
    else if (name.startsWith("draw:")) this.#openDrawing(name, attributes);
    else if (name.startsWith("field:")) this.#fields.open(name, attributes);
    else if (name === "office:annotation") this.#asides.push({ author: "", isRemark: true, lines: [] });
    else if (name === "office:spreadsheet") this.#kind = "spreadsheet";
    else if (name === "office:presentation") this.#kind = "presentation";
    else if (/^(?:svg:title|svg:desc|dc:creator|presentation:(?:footer|header)-decl)$/.test(name)) this.#about = "";
  }

  close(name: string): void {
    if (this.#skipping > 0) this.#skipping--;
    else if (this.#math) this.#closeMath();
    else if (name === "text:p" || name === "text:h") this.#closeParagraph();
    else if (name === "text:span") this.#paragraphs.at(-1)?.spans.pop();
    else if (name === "text:a") this.#closeLink();
    else if (name === "text:list") this.#styles.lists.close();
    else if (name === "text:note" || name === "office:annotation") this.#closeAside();
    else if (name === "draw:frame" || name === "draw:g") this.#closeFrame();
    else if (name === "field:fieldmark") this.#addInline(this.#fields.close());
    else if (name.startsWith("table:")) this.#closeTablePart(name);
    else if (this.#about !== null) this.#closeAbout(name);
  }

  text(text: string): void {
    if (this.#skipping > 0) return;
    const paragraph = this.#paragraphs.at(-1);
    if (this.#math) this.#math.text(text);
    else if (this.#about !== null) this.#about += text;
    // Line breaks of the file's own are white space; those of the text are elements.
    else if (paragraph) paragraph.text.add(text.replace(/\s+/g, " "), this.#styles.align(paragraph.spans.at(-1)));
  }

  #isInvisible(name: string, attributes: Record<string, string>): boolean {
    const style = attributes["text:style-name"];
    if (ofPages.has(name)) {
      const paragraph = this.#paragraphs.at(-1);
      if (paragraph) paragraph.hasPages = true;
      return /page|sheet/.test(name);
    }
    if (name === "text:span") return this.#styles.hidesText(style);
    if (name === "text:section")
      return /^(?:none|condition)$/.test(attributes["text:display"] ?? "") && attributes["text:is-hidden"] !== "false";
    if (name === "text:hidden-text") return attributes["text:is-hidden"] !== "false";
    if (name === "table:table" && this.#styles.hides(attributes["table:style-name"])) {
      this.#leftOut.count("sheet");
      return true;
    }
    if (name === "draw:page") return this.#beginSlide(attributes["draw:style-name"]);
    return invisible.has(name);
  }

  #beginSlide(style: string | undefined): boolean {
    this.slides++;
    if (!this.#styles.hides(style)) return false;
    this.#leftOut.count("slide");
    return true;
  }

  #openText(name: string, attributes: Record<string, string>): void {
    const paragraph = this.#paragraphs.at(-1);
    const style = attributes["text:style-name"];
    const { lists } = this.#styles;
    if (name === "text:h" || name === "text:p") {
      const outline = Math.max(1, Math.min(Number(attributes["text:outline-level"]) || 1, maxLevel));
      const level = name === "text:h" ? outline : this.#styles.isTitle(style) ? 0 : null;
      const label = lists.label() ?? (name === "text:h" ? lists.headingLabel(outline, attributes) : null);
      const isHidden = this.#styles.hidesText(style);
      const align = { links: [], spans: [style] };
      this.#paragraphs.push({ text: new RunText(), level, label, isHidden, hasPages: false, ...align });
    } else if (name === "text:list") lists.open(attributes);
    else if (name === "text:list-item") lists.item(attributes);
    else if (name === "text:note-body") this.#asides.push({ author: "", isRemark: false, lines: [] });
    else if (!paragraph) return;
    else if (name === "text:span") paragraph.spans.push(style);
    else if (name === "text:a")
      paragraph.links.push({ from: paragraph.text.length, address: attributes["xlink:href"] ?? "" });
    else if (name === "text:hidden-paragraph") paragraph.isHidden ||= attributes["text:is-hidden"] === "true";
    else if (name === "text:s") paragraph.text.add(this.#spacesOf(repeatOf(attributes, "text:c")));
    else if (name === "text:tab") paragraph.text.add("\t");
    else if (name === "text:line-break") paragraph.text.add("\n");
  }

  #spacesOf(claimed: number): string {
    const count = Math.min(claimed, 100);
    this.#spaces += count;
    if (this.#spaces > maxTextLength) throw tooMuchText();
    return " ".repeat(count);
  }

  #openDrawing(name: string, attributes: Record<string, string>): void {
    const frame = this.#frames.at(-1);
    if (name === "draw:frame" || name === "draw:g") this.#frames.push({ said: "", hasImage: false, isTold: false });
    else if (!frame) return;
    else if (name === "draw:image") frame.hasImage = true;
    else if (name === "draw:text-box") frame.isTold = true;
    else if (name === "draw:object" || name === "draw:object-ole")
      this.#putObject(frame, attributes["xlink:href"] ?? "");
  }

  #putObject(frame: Frame, href: string): void {
    frame.isTold = true;
    const place = { page: this.#page, section: this.#path.current };
    const read = href ? this.#readObject(href, place) : "";
    if (read === null) this.#leftOut.count("object");
    else if (typeof read === "string") this.#addInline(read);
    else for (const block of read) this.#emit(block);
  }

  #addInline(said: string): void {
    const text = this.#paragraphs.at(-1)?.text;
    if (text && said) text.add(/[\p{L}\p{N}]$/u.test(text.text.slice(-2)) ? ` ${said}` : said);
  }

  #closeMath(): void {
    const said = this.#math?.close() ?? null;
    if (said === null) return;
    this.#math = null;
    this.#addInline(said);
  }

  #closeFrame(): void {
    const frame = this.#frames.pop();
    const text = pictureText(frame?.said);
    if (text) this.#tellBehind(`Picture: ${text}`);
    else if (frame?.hasImage && !frame.isTold) this.#leftOut.count("picture");
  }

  #closeAbout(name: string): void {
    const said = oneLine(this.#about ?? "");
    this.#about = null;
    const [frame, aside] = [this.#frames.at(-1), this.#asides.at(-1)];
    if (name.startsWith("svg:") && frame) frame.said += frame.said ? `. ${said}` : said;
    else if (name === "dc:creator" && aside) aside.author = said;
    else if (name.endsWith("-decl") && said) this.#emit({ text: said, page: null, section: null });
  }

  #closeAside(): void {
    const aside = this.#asides.pop();
    if (!aside || aside.lines.length === 0) return;
    const before = !aside.isRemark ? "" : aside.author ? `Comment by ${aside.author}: ` : "Comment: ";
    this.#tellBehind(before + aside.lines.join("\n"));
  }

  #closeLink(): void {
    const paragraph = this.#paragraphs.at(-1);
    const link = paragraph?.links.pop();
    if (link) paragraph?.text.add(addressBeside(paragraph.text.since(link.from), link.address));
  }

  #openTablePart(name: string, attributes: Record<string, string>): void {
    const table = this.#tables.at(-1);
    if (name === "table:table") {
      const isSheet = this.#kind === "spreadsheet" && this.#tables.length === 0;
      const section = isSheet ? this.#path.enter(1, attributes["table:name"] ?? "") : this.#path.current;
      this.#tables.push(new OdfTable({ page: this.#page, section }, this.#budget));
    } else if (name === "table:table-header-rows" && table) table.isHead = true;
    else if (name === "table:table-row") table?.openRow(attributes);
    else if (name === "table:table-cell" || name === "table:covered-table-cell")
      table?.openCell(attributes, name === "table:covered-table-cell");
  }

  #closeTablePart(name: string): void {
    const table = this.#tables.at(-1);
    if (!table) return;
    if (name === "table:table-cell" || name === "table:covered-table-cell") table.closeCell();
    else if (name === "table:table-row") table.closeRow();
    else if (name === "table:table-header-rows") table.isHead = false;
    else if (name === "table:table") {
      this.#tables.pop();
      const blocks = table.end();
      const section = this.#path.current;
      const isSheet = this.#kind === "spreadsheet" && this.#tables.length === 0;
      if (isSheet && section && blocks.length > 0)
        this.#blocks.add({ text: section, page: null, section, heading: true });
      for (const block of blocks) this.#emit(block);
    }
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (!paragraph) return;
    const text = paragraph.text.text.replaceAll("\u00ad", "").trim();
    const isOnlyPages = paragraph.hasPages && !/\p{N}|(?:\p{L}{2,}.*){4}/su.test(text);
    if (text && !paragraph.isHidden && !isOnlyPages) this.#tell(paragraph, text);
    if (this.#paragraphs.length > 0) return;
    for (const behind of this.#behind.splice(0))
      this.#emit({ text: behind, page: this.#page, section: this.#path.current });
  }

  #tell({ level, label }: Paragraph, text: string): void {
    const page = this.#page;
    const [aside, table] = [this.#asides.at(-1), this.#tables.at(-1)];
    const numbered = label && label !== "-" ? `${label} ${text}` : text;
    if (aside) aside.lines.push(text);
    else if (table?.cell) table.cell.push(oneLine(numbered));
    else if (table && this.#kind !== "spreadsheet") return;
    else if (level !== null)
      this.#emit({ text: numbered, page, section: this.#path.enter(level, numbered), heading: true });
    else this.#emit({ text: label ? `${label} ${text}` : text, page, section: this.#path.current });
  }

  #tellBehind(text: string): void {
    this.#behind.push(text);
    if (this.#paragraphs.length > 0 || this.#tables.length > 0) return;
    for (const behind of this.#behind.splice(0))
      this.#emit({ text: behind, page: this.#page, section: this.#path.current });
  }

  /** Puts a block behind those before it, or behind the table that is open. */
  #emit(block: Block): void {
    const table = this.#tables.at(-1);
    if (table) table.behind.push(block);
    else this.#blocks.add(block);
  }

  get #page(): number | null {
    return this.#kind === "presentation" ? this.slides : null;
  }
}
