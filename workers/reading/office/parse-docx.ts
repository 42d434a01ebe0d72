import { damagedArchive, openZip } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { readXml, type XmlReader } from "../markup/read-xml.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
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
  readonly blocks: Block[] = [];
  private readonly path = new SectionPath();
  private readonly paragraphs: Paragraph[] = [];
  private skipping = 0;
  private inRun = false;
  private runHidden = false;
  private inText = false;
  /** Rows of the outermost table, and how deep tables are nested. */
  private tableDepth = 0;
  private rows: string[][] = [];
  private readonly styles: Map<string, StyleKind>;

  constructor(styles: Map<string, StyleKind>) {
    this.styles = styles;
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
        if (this.tableDepth === 1) this.rows.push([]);
        return;
      case "w:tc":
        if (this.tableDepth === 1) this.rows.at(-1)?.push("");
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
      paragraph.kind = { heading: Number(attributes["w:val"]) + 1 };
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
      const row = this.rows.at(-1);
      if (row && row.length > 0) row[row.length - 1] = `${row.at(-1)} ${text.replace(/\s+/g, " ")}`.trim();
      return;
    }
    if (paragraph.kind) {
      this.blocks.push({ text, page: null, section: this.path.enter(paragraph.kind.heading, text), heading: true });
      return;
    }
    this.blocks.push({ text: paragraph.listItem ? `- ${text}` : text, page: null, section: this.path.current });
  }

  private closeTable(): void {
    const lines = this.rows.filter((row) => row.some(Boolean)).map((row) => row.join(" | "));
    this.rows = [];
    if (lines.length > 0) this.blocks.push({ text: lines.join("\n"), page: null, section: this.path.current });
  }
}

const notes = ["word/footnotes.xml", "word/endnotes.xml"];

/** Reads the text of a Word document (.docx, .docm; macros are never opened). Throws `UnreadableDocument`. */
export function parseDocx(bytes: Uint8Array, budget = new ReadingBudget("docx", bytes.length)): ParsedDocument {
  const archive = openZip(bytes);
  const main = archive && [...archive.entries.keys()].find((name) => /^word\/document\d*\.xml$/.test(name));
  if (!archive || !main) throw damagedArchive();
  const styles = readHeadingStyles(archive, budget);
  const body = new BodyReader(styles);
  readXml(archive, main, budget, body);
  for (const part of notes) {
    const reader = new BodyReader(styles);
    readXml(archive, part, budget, reader);
    body.blocks.push(...reader.blocks);
  }
  return assembleDocument(body.blocks, null, readOfficeProperties(archive, "docProps/core.xml", budget));
}
