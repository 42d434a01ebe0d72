import { damagedArchive, openZip } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import { localName, readXml, type XmlReader } from "../markup/read-xml.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { CellFormats } from "./cell-format.ts";
import { readOfficeProperties } from "./office-properties.ts";
import { readFormats, readSharedStrings, readSheets } from "./xlsx-workbook.ts";

/** What a worksheet may have at most; references beyond it are a mistake or worse. */
const maxColumns = 16_384;

/** The column of a reference such as `AB12`, from 0; null where it names none. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  if (!letters) return null;
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return column < maxColumns ? column : null;
}

/** Reads the rows of one worksheet as it is unpacked. */
class SheetReader implements XmlReader {
  private cells: string[] = [];
  private column = 0;
  private kind = "";
  private style = 0;
  private value = "";
  private inValue = false;
  private readonly table: TableBlocks;
  private readonly strings: string[];
  private readonly formats: CellFormats;
  private readonly budget: ReadingBudget;

  constructor(table: TableBlocks, strings: string[], formats: CellFormats, budget: ReadingBudget) {
    this.table = table;
    this.strings = strings;
    this.formats = formats;
    this.budget = budget;
  }

  open(qualified: string, attributes: Record<string, string>): void {
    const name = localName(qualified);
    if (name === "row") this.cells = [];
    else if (name === "c") {
      this.column = columnOf(attributes.r) ?? Math.min(this.cells.length, maxColumns - 1);
      this.kind = attributes.t ?? "n";
      this.style = Number(attributes.s ?? 0);
      this.value = "";
    } else if (name === "v" || name === "t") this.inValue = true;
  }

  close(qualified: string): void {
    const name = localName(qualified);
    if (name === "v" || name === "t") this.inValue = false;
    else if (name === "c") this.closeCell();
    else if (name === "row") {
      this.budget.spend(this.cells.length);
      this.table.add(this.cells);
    }
  }

  private closeCell(): void {
    const shown = this.value === "" ? "" : this.shown().trim();
    if (shown === "") return;
    while (this.cells.length < this.column) this.cells.push("");
    this.cells[this.column] = shown;
  }

  text(text: string): void {
    if (this.inValue) this.value += text;
  }

  private shown(): string {
    if (this.kind === "s") return this.strings[Number(this.value)] ?? "";
    if (this.kind === "b") return this.value === "1" ? "TRUE" : "FALSE";
    if (this.kind !== "n" || Number.isNaN(Number(this.value))) return this.value;
    return this.formats.show(Number(this.value), this.style);
  }
}

/** Reads the sheets of an Excel workbook (.xlsx, .xlsm; macros are never opened). Throws `UnreadableDocument`. */
export function parseXlsx(bytes: Uint8Array, budget = new ReadingBudget("xlsx", bytes.length)): ParsedDocument {
  const archive = openZip(bytes);
  const workbook = archive && [...archive.entries.keys()].find((name) => /^xl\/workbook\d*\.xml$/.test(name));
  if (!archive || !workbook) throw damagedArchive();
  const formats = new CellFormats(budget);
  const sheets = readSheets(archive, workbook, budget, formats);
  const strings = readSharedStrings(archive, "xl/sharedStrings.xml", budget);
  readFormats(archive, "xl/styles.xml", budget, formats);
  const path = new SectionPath();
  const all = new DocumentBlocks();
  for (const { name, member } of sheets) {
    const section = path.enter(1, name);
    const table = new TableBlocks({ page: null, section });
    readXml(archive, member, budget, new SheetReader(table, strings, formats, budget));
    const rows = table.end();
    if (rows.length > 0) all.add({ text: name, page: null, section, heading: true });
    all.addAll(rows);
  }
  return assembleDocument(all.blocks, null, readOfficeProperties(archive, "docProps/core.xml", budget));
}
