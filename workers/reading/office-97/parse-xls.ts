import { damagedArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import type { CellFormats } from "../office/cell-format.ts";
import { LeftOut } from "../office/left-out.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { CompoundFile } from "./compound-file.ts";
import { readOleProperties } from "./ole-properties.ts";
import { FieldReader, recordsOf } from "./xls-records.ts";
import { readWorkbook, tooOld } from "./xls-workbook.ts";

const types = {
  eof: 0x0a,
  bof: 0x809,
  shared: 0xfd,
  label: 0x204,
  richLabel: 0xd6,
  number: 0x203,
  rk: 0x27e,
  manyRk: 0xbd,
  formula: 0x06,
  formulaText: 0x207,
  truth: 0x205,
};
const errors: Record<number, string> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
};
const maxColumns = 256;
/** What a record costs, with the cells of its row that are empty. */
const recordCost = 20;

/** A number in 30 bits: whole or the upper half of a double, maybe hundredfold. */
function ofRk(rk: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, rk & ~3);
  const value = rk & 2 ? rk >> 2 : view.getFloat64(0);
  return rk & 1 ? value / 100 : value;
}

/** Reads the cells of one sheet, row by row. */
class SheetReader {
  readonly #table: TableBlocks;
  readonly #strings: string[];
  readonly #formats: CellFormats;
  #row = -1;
  #cells: string[] = [];
  /** The column of a formula whose text comes in a record of its own. */
  #awaiting: number | null = null;

  constructor(table: TableBlocks, strings: string[], formats: CellFormats) {
    this.#table = table;
    this.#strings = strings;
    this.#formats = formats;
  }

  read(type: number, parts: Uint8Array[]): void {
    const fields = new FieldReader(parts);
    if (type === types.formulaText) {
      if (this.#awaiting !== null) this.#put(this.#awaiting, fields.text());
      this.#awaiting = null;
      return;
    }
    if (!isCell.has(type)) return;
    const [row, column] = [fields.short(), fields.short()];
    this.#enter(row);
    const style = type === types.manyRk ? 0 : fields.short();
    if (type === types.manyRk) this.#readMany(column, parts[0] ?? new Uint8Array());
    else if (type === types.shared) this.#put(column, this.#strings[fields.long()] ?? "");
    else if (type === types.label || type === types.richLabel) this.#put(column, fields.text());
    else if (type === types.rk) this.#put(column, this.#formats.show(ofRk(fields.long() | 0), style));
    else if (type === types.truth) {
      const value = fields.byte();
      this.#put(column, fields.byte() === 1 ? (errors[value] ?? "#N/A") : value === 1 ? "TRUE" : "FALSE");
    } else this.#readDouble(type, column, style, parts[0] ?? new Uint8Array());
  }

  end(): void {
    this.#enter(-1);
  }

  #enter(row: number): void {
    if (row === this.#row) return;
    if (this.#cells.length > 0) this.#table.add(this.#cells);
    this.#cells = [];
    this.#row = row;
  }

  #put(column: number, shown: string): void {
    if (column >= maxColumns || shown.trim() === "") return;
    while (this.#cells.length < column) this.#cells.push("");
    this.#cells[column] = shown.trim();
  }

  #readMany(first: number, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 4, column = first; at + 6 <= data.length - 2; at += 6, column++)
      this.#put(column, this.#formats.show(ofRk(view.getInt32(at + 2, true)), view.getUint16(at, true)));
  }

  /** A number, or the result of a formula, which may also be another kind of value. */
  #readDouble(type: number, column: number, style: number, data: Uint8Array): void {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (data.length < 14) throw damagedArchive();
    if (type === types.formula && view.getUint16(12, true) === 0xffff) {
      const [kind, value] = [view.getUint8(6), view.getUint8(8)];
      if (kind === 0) this.#awaiting = column;
      else if (kind === 1) this.#put(column, value === 1 ? "TRUE" : "FALSE");
      else if (kind === 2) this.#put(column, errors[value] ?? "#N/A");
    } else this.#put(column, this.#formats.show(view.getFloat64(6, true), style));
  }
}

const isCell = new Set([
  types.shared,
  types.label,
  types.richLabel,
  types.number,
  types.rk,
  types.manyRk,
  types.formula,
  types.truth,
]);

/** Reads one sheet, up to where it ends; charts in it begin and end within. */
function readSheet(stream: Uint8Array, start: number, reader: SheetReader, budget: ReadingBudget): void {
  let depth = 0;
  for (const { type, parts } of recordsOf(stream, start)) {
    budget.spend(recordCost + parts.length);
    if (type === types.bof) depth++;
    else if (type === types.eof && --depth <= 0) break;
    else if (depth === 1) reader.read(type, parts);
  }
  reader.end();
}

/** Reads the sheets of an old Excel workbook (.xls, Excel 97 to 2003; macros are never opened). Throws `UnreadableDocument`. */
export function parseXls(bytes: Uint8Array, reading: Pick<Reading, "budget" | "leaveOut">): ParsedDocument {
  const file = new CompoundFile(bytes);
  const stream = file.stream("Workbook");
  if (!stream) throw file.has("Book") ? tooOld() : damagedArchive();
  const { budget } = reading;
  const { sheets, hiddenSheets, strings, formats } = readWorkbook(stream, budget);
  const leftOut = new LeftOut();
  leftOut.count("sheet", hiddenSheets);
  leftOut.tell(reading);
  const path = new SectionPath();
  const all = new DocumentBlocks();
  const starts = new Set<number>();
  for (const { name, start } of sheets) {
    // No two sheets begin at one place, unless to make much of little.
    if (starts.has(start)) continue;
    starts.add(start);
    const section = path.enter(1, name);
    const table = new TableBlocks({ page: null, section });
    readSheet(stream, start, new SheetReader(table, strings, formats), budget);
    const rows = table.end();
    if (rows.length > 0) all.add({ text: name, page: null, section, heading: true });
    all.addAll(rows);
  }
  return assembleDocument(all.blocks, null, readOleProperties(file));
}
