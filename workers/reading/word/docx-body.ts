import type { ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { MathText } from "../markup/math-text.ts";
import type { XmlReader } from "../markup/read-xml.ts";
import { localName } from "../markup/read-xml.ts";
import { addressBeside } from "../office/link-text.ts";
import { relationId } from "../office/office-relations.ts";
import { pictureText } from "../office/picture-text.ts";
import { type Align, RunText } from "../office/run-text.ts";
import { symbolOf } from "../office/symbol-font.ts";
import type { Block } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { DocxFields } from "./docx-fields.ts";
import type { DocxNumbering } from "./docx-numbering.ts";
import { alignOf, type DocxStyle, isOn, type ListPlace, type StyleKind } from "./docx-styles.ts";
import { DocxTable } from "./docx-table.ts";

/** What a part of a document refers to, as blocks at a place, and what is counted of it. */
export interface DocxPart {
  styles: Map<string, DocxStyle>;
  numbering: DocxNumbering;
  budget: ReadingBudget;
  address(id: string | undefined): string | null;
  /** The blocks of a chart, a diagram or a document that is put in. */
  inserted(element: string, id: string | undefined, place: Pick<Block, "page" | "section">): Block[];
  /** The text of a footnote, endnote or comment, which is told once. */
  note(element: string, id: string): string | null;
  /** Counts something that cannot be read. */
  leaveOut(what: "picture" | "object"): void;
}

interface Paragraph {
  text: RunText;
  kind: StyleKind | null;
  style: string;
  place: ListPlace | null;
  isHidden: boolean;
  /** Links that are open: where their text begins, and where they lead. */
  links: { from: number; address: string | null }[];
  behind: Block[];
}

/** Text that is stored in the file but not on the page: deleted or moved away, fallbacks, readings of words, what settings were before. */
const invisible = new Set([
  ..."w:del w:moveFrom w:delText w:delInstrText mc:Fallback w:rt w:fldData w:rPrChange w:pPrChange w:tblPrChange".split(
    " ",
  ),
  ..."w:trPrChange w:tcPrChange w:sectPrChange w:tblGridChange w:numberingChange w:tblPrExChange w:docPartBody".split(
    " ",
  ),
]);
const characters: Record<string, string> = {
  "w:tab": "\t",
  "w:ptab": "\t",
  "w:br": "\n",
  "w:cr": "\n",
  "w:noBreakHyphen": "-",
};
const inserted = new Set(["c:chart", "cx:chart", "dgm:relIds", "w:altChunk"]);
const notes = new Set(["w:footnoteReference", "w:endnoteReference", "w:commentReference"]);
/** Reads the WordprocessingML of one part into blocks. Text boxes come before the paragraph they are anchored in. */
export class DocxBody implements XmlReader {
  readonly #part: DocxPart;
  readonly #emit: (block: Block) => void;
  readonly #path: SectionPath;
  readonly #fields: DocxFields;
  readonly #paragraphs: Paragraph[] = [];
  readonly #tables: DocxTable[] = [];
  readonly #runs: { isHidden: boolean; align: Align }[] = [];
  #skipping = 0;
  #inText = false;
  #math: MathText | null = null;
  /** What was said of the picture that is open, and whether there is one. */
  #picture = { depth: 0, isThere: false, said: "", isTold: false };

  constructor(part: DocxPart, emit: (block: Block) => void, path = new SectionPath(), isRunning = false) {
    this.#part = part;
    this.#emit = emit;
    this.#path = path;
    this.#fields = new DocxFields(isRunning);
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || invisible.has(name)) this.#skipping++;
    else if (this.#math || name === "m:oMath") {
      this.#math ??= new MathText();
      this.#math.open(localName(name), attributes);
    } else if (name === "w:p") this.#paragraphs.push(newParagraph());
    else if (name === "w:tbl") this.#openTable();
    else if (name === "w:tr") this.#tables.at(-1)?.openRow();
    else if (name === "w:tc") this.#tables.at(-1)?.openCell();
    else if (name === "w:r") this.#runs.push({ isHidden: false, align: null });
    else if (name === "w:t") this.#inText = true;
    else if (this.#tables.length > 0 && /^w:(?:gridSpan|vMerge|tblHeader|gridBefore)$/.test(name))
      this.#tables.at(-1)?.property(name, attributes["w:val"]);
    else this.#openInParagraph(name, attributes);
  }

  close(name: string): void {
    if (this.#skipping > 0) this.#skipping--;
    else if (this.#math) this.#closeMath();
    else if (name === "w:t") this.#inText = false;
    else if (name === "w:r") this.#runs.pop();
    else if (name === "w:p") this.#closeParagraph();
    else if (name === "w:tc") this.#tables.at(-1)?.closeCell();
    else if (name === "w:tbl") this.#closeTable();
    else if (name === "w:hyperlink") this.#closeLink();
    else if (name === "w:drawing" || name === "w:pict" || name === "w:object") this.#closePicture();
    else this.#fields.close(name, this.#paragraphs.at(-1)?.text);
  }

  text(text: string): void {
    if (this.#skipping > 0) return;
    if (this.#math) this.#math.text(text);
    else if (this.#fields.isOpenCode) this.#fields.addCode(text);
    else if (this.#inText) this.#add(text);
  }

  #add(text: string): void {
    const run = this.#runs.at(-1);
    if (!run?.isHidden && !this.#fields.hides) this.#paragraphs.at(-1)?.text.add(text, run?.align ?? null);
  }

  #openInParagraph(name: string, attributes: Record<string, string>): void {
    const value = attributes["w:val"] ?? "";
    const paragraph = this.#paragraphs.at(-1);
    if (name === "w:altChunk" || (inserted.has(name) && paragraph)) this.#insert(name, attributes);
    if (!paragraph) return;
    const run = this.#runs.at(-1);
    if (name === "w:pStyle") this.#setStyle(paragraph, value);
    else if (name === "w:outlineLvl" && Number(value) < 9) paragraph.kind = { heading: Math.max(0, Number(value)) + 1 };
    else if (name === "w:numPr")
      paragraph.place = { list: paragraph.place?.list ?? "", level: paragraph.place?.level ?? null };
    else if (name === "w:ilvl" && paragraph.place) paragraph.place.level = Number(value) || 0;
    else if (name === "w:numId" && paragraph.place) paragraph.place.list = value;
    else if (name === "w:hyperlink")
      paragraph.links.push({ from: paragraph.text.length, address: this.#part.address(attributes["r:id"]) });
    else if (notes.has(name)) this.#putNote(paragraph, name, attributes["w:id"] ?? "");
    else if (/^(?:w:drawing|w:pict|w:object|wp:docPr|pic:cNvPr|a:blip|v:shape|v:imagedata|o:OLEObject)$/.test(name))
      this.#openPicture(name, attributes);
    else if (run) this.#openInRun(run, name, attributes);
    else this.#fields.open(name, attributes, paragraph.text);
  }

  #openInRun(run: { isHidden: boolean; align: Align }, name: string, attributes: Record<string, string>): void {
    const value = attributes["w:val"] ?? "";
    if (name === "w:vanish") run.isHidden = isOn(attributes["w:val"]);
    else if (name === "w:rStyle") {
      const style = this.#part.styles.get(value);
      Object.assign(run, { isHidden: style?.isHidden ?? false, align: style?.align ?? null });
    } else if (name === "w:vertAlign" || name === "w:position") run.align = alignOf(name, value);
    else if (name === "w:sym")
      this.#add(symbolOf(attributes["w:font"] ?? "", Number.parseInt(attributes["w:char"] ?? "", 16) || 0));
    else if (characters[name] !== undefined) this.#add(characters[name]);
    else this.#fields.open(name, attributes, this.#paragraphs.at(-1)?.text);
  }

  #setStyle(paragraph: Paragraph, id: string): void {
    const style = this.#part.styles.get(id);
    if (!style) return;
    paragraph.style = id;
    paragraph.kind = style.kind ?? paragraph.kind;
    paragraph.isHidden = style.isHidden;
    paragraph.place ??= style.place && { ...style.place };
  }

  #insert(name: string, attributes: Record<string, string>): void {
    const id = name === "dgm:relIds" ? attributes["r:dm"] : relationId(attributes);
    const place = { page: null, section: this.#path.current };
    const blocks = this.#part.inserted(name, id, place);
    this.#picture.isTold = true;
    const behind = this.#paragraphs.at(-1)?.behind ?? this.#tables.at(-1)?.behind;
    for (const block of blocks) behind ? behind.push(block) : this.#emit(block);
  }

  #putNote(paragraph: Paragraph, name: string, id: string): void {
    const text = this.#part.note(name, id);
    if (text) paragraph.behind.push({ text, page: null, section: null });
  }

  #openPicture(name: string, attributes: Record<string, string>): void {
    const picture = this.#picture;
    if (name === "w:drawing" || name === "w:pict" || name === "w:object") {
      if (picture.depth++ === 0) Object.assign(picture, { isThere: false, said: "", isTold: false });
    } else if (name === "a:blip" || name === "v:imagedata") picture.isThere = true;
    else if (name === "o:OLEObject") this.#part.leaveOut("object");
    else picture.said ||= pictureText(attributes.descr || attributes.alt || attributes.title);
    if (name === "o:OLEObject") picture.isTold = true;
  }

  #closePicture(): void {
    const picture = this.#picture;
    if (--picture.depth > 0) return;
    picture.depth = 0;
    if (picture.said)
      this.#paragraphs.at(-1)?.behind.push({ text: `Picture: ${picture.said}`, page: null, section: null });
    else if (picture.isThere && !picture.isTold) this.#part.leaveOut("picture");
  }

  #closeMath(): void {
    const said = this.#math?.close();
    if (said === null || said === undefined) return;
    this.#math = null;
    const text = this.#paragraphs.at(-1)?.text;
    if (text && said) text.add(/[\p{L}\p{N}]$/u.test(text.text.slice(-2)) ? ` ${said}` : said);
  }

  #closeLink(): void {
    const paragraph = this.#paragraphs.at(-1);
    const link = paragraph?.links.pop();
    if (link) paragraph?.text.add(addressBeside(paragraph.text.since(link.from), link.address));
  }

  #openTable(): void {
    this.#tables.push(new DocxTable({ page: null, section: this.#path.current }, this.#part.budget));
  }

  /** A table in another is told behind it. */
  #closeTable(): void {
    const blocks = this.#tables.pop()?.end() ?? [];
    const outer = this.#tables.at(-1);
    for (const block of blocks) outer ? outer.behind.push(block) : this.#emit(block);
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraphs.pop();
    if (!paragraph) return;
    this.#fields.endParagraph(paragraph.text);
    const text = this.#fields.withoutPages(paragraph.text.text).replaceAll("\u00ad", "").trim();
    const table = this.#tables.at(-1);
    const isSeen = text !== "" && paragraph.kind !== "contents" && !paragraph.isHidden;
    const label = isSeen ? this.#labelOf(paragraph) : null;
    if (isSeen && table) table.cell.push(oneLine(label && label !== "-" ? `${label} ${text}` : text));
    else if (isSeen) this.#emitText(paragraph.kind, label ? `${label} ${text}` : text);
    const section = this.#path.current;
    for (const block of paragraph.behind) {
      const placed = { ...block, section: block.section ?? section };
      table ? table.behind.push(placed) : this.#emit(placed);
    }
  }

  #labelOf({ place, style, kind }: Paragraph): string | null {
    if (!place || place.list === "0") return null;
    const { numbering } = this.#part;
    const level = place.level ?? numbering.levelOfStyle(place.list, style) ?? 0;
    const label = numbering.next(place.list, level);
    return kind && label === "-" ? null : label;
  }

  #emitText(kind: StyleKind | null, text: string): void {
    if (kind === null || kind === "contents") this.#emit({ text, page: null, section: this.#path.current });
    else this.#emit({ text, page: null, section: this.#path.enter(kind.heading, text), heading: true });
  }
}

const newParagraph = (): Paragraph => ({
  text: new RunText(),
  kind: null,
  style: "",
  place: null,
  isHidden: false,
  links: [],
  behind: [],
});
