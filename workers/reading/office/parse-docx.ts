import { damagedArchive, openZip } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { DocumentBlocks, oneLine } from "../document-blocks.ts";
import { readXml, type XmlReader } from "../markup/read-xml.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { readHeadingStyles, type StyleKind } from "./docx-styles.ts";
import { readOfficeProperties } from "./office-properties.ts";

interface Paragraph {
  text: string;
  kind: StyleKind | null;
  listItem: boolean;
}

/** Text that is stored in the file but not on the page: deleted or moved away, fields' code, fallbacks, ruby readings. */
const invisible = new Set(["w:del", "w:moveFrom", "w:instrText", "w:delText", "mc:Fallback", "w:rt", "w:fldData"]);
const characters: Record<string, string> = { "w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-" };

/** Reads the WordprocessingML of one part into blocks. Text boxes come before the paragraph they are anchored in. */
class BodyReader implements XmlReader {
  private readonly blocks: DocumentBlocks;
  private readonly path = new SectionPath();
  private readonly paragraphs: Paragraph[] = [];
  private skipping = 0;
  private inRun = false;
  private runHidden = false;
  private inText = false;
  /** Rows of the outermost table, and how deep tables are nested. */
  private tableDepth = 0;
  private rows: string[][] = [];
  /** The paragraphs of the cell that is open; they are put together once, when it ends. */
  private cell: string[] = [];
  private readonly styles: Map<string, StyleKind>;
  private readonly budget: ReadingBudget;

  constructor(blocks: DocumentBlocks, styles: Map<string, StyleKind>, budget: ReadingBudget) {
    this.blocks = blocks;
    this.styles = styles;
    this.budget = budget;
  }

  open(name: string, attributes: Record<string, string>): void {
    if (this.skipping > 0 || invisible.has(name)) {
      this.skipping++;
      return;
    }
    const paragraph = this.paragraphs.at(-1);
    switch (name) {
      case "w:p":
        this.paragraphs.push({ text: "", kind: null, listItem: false });
        return;
      case "w:tbl":
        this.tableDepth++;
        return;
      case "w:tr":
        if (this.tableDepth === 1) this.openRow();
        return;
      case "w:tc":
        if (this.tableDepth === 1) this.openCell();
        return;
      case "w:r":
        this.inRun = true;
        this.runHidden = false;
        return;
      case "w:vanish":
        if (this.inRun && !/^(?:0|false|off)$/.test(attributes["w:val"] ?? "")) this.runHidden = true;
        return;
      case "w:t":
      case "m:t":
        this.inText = true;
        return;
    }
    if (!paragraph) return;
    if (name === "w:pStyle") paragraph.kind = this.styles.get(attributes["w:val"] ?? "") ?? paragraph.kind;
    else if (name === "w:outlineLvl" && Number(attributes["w:val"]) < 9)
      paragraph.kind = { heading: Math.max(0, Number(attributes["w:val"])) + 1 };
    else if (name === "w:numPr") paragraph.listItem = true;
    else if (this.inRun) paragraph.text += characters[name] ?? "";
  }

  close(name: string): void {
    if (this.skipping > 0) {
      this.skipping--;
      return;
    }
    if (name === "w:t" || name === "m:t") this.inText = false;
    else if (name === "w:r") this.inRun = false;
    else if (name === "w:p") this.closeParagraph();
    else if (name === "w:tbl" && --this.tableDepth === 0) this.closeTable();
  }

  text(text: string): void {
    const paragraph = this.paragraphs.at(-1);
    if (this.inText && this.skipping === 0 && !this.runHidden && paragraph) paragraph.text += text;
  }

  private closeParagraph(): void {
    const paragraph = this.paragraphs.pop();
    const text = paragraph?.text.replaceAll("\u00ad", "").trim();
    if (!paragraph || !text || paragraph.kind === "contents") return;
    if (this.tableDepth > 0) {
      if (this.rows.at(-1)?.length) this.cell.push(oneLine(text));
      return;
    }
    if (paragraph.kind) {
      this.blocks.add({ text, page: null, section: this.path.enter(paragraph.kind.heading, text), heading: true });
      return;
    }
    this.blocks.add({ text: paragraph.listItem ? `- ${text}` : text, page: null, section: this.path.current });
  }

  private openRow(): void {
    this.closeCell();
    this.budget.keep();
    this.rows.push([]);
  }

  private openCell(): void {
    this.closeCell();
    this.budget.keep();
    this.rows.at(-1)?.push("");
  }

  private closeCell(): void {
    const row = this.rows.at(-1);
    if (row && row.length > 0) row[row.length - 1] = this.cell.join(" ");
    this.cell = [];
  }

  private closeTable(): void {
    this.closeCell();
    const lines = this.rows.filter((row) => row.some(Boolean)).map((row) => row.join(" | "));
    this.rows = [];
    if (lines.length > 0) this.blocks.add({ text: lines.join("\n"), page: null, section: this.path.current });
  }
}

const notes = ["word/footnotes.xml", "word/endnotes.xml"];

/** Reads the text of a Word document (.docx, .docm; macros are never opened). Throws `UnreadableDocument`. */
export function parseDocx(bytes: Uint8Array, budget = new ReadingBudget("docx", bytes.length)): ParsedDocument {
  const archive = openZip(bytes);
  const main = archive && [...archive.entries.keys()].find((name) => /^word\/document\d*\.xml$/.test(name));
  if (!archive || !main) throw damagedArchive();
  const styles = readHeadingStyles(archive, budget);
  const all = new DocumentBlocks();
  for (const part of [main, ...notes]) readXml(archive, part, budget, new BodyReader(all, styles, budget));
  return assembleDocument(all.blocks, null, readOfficeProperties(archive, "docProps/core.xml", budget));
}
