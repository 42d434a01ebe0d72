import { maxTextLength, type ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { CellFormats } from "../office/cell-format.ts";
import { tooMuchText } from "../parsed-document.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { FieldReader, recordsOf } from "./xls-records.ts";

/** What a workbook says before its sheets. */
export interface XlsWorkbook {
  sheets: { name: string; start: number }[];
  strings: string[];
  formats: CellFormats;
  hiddenSheets: number;
}

const types = {
  bof: 0x809,
  eof: 0x0a,
  filePass: 0x2f,
  sheet: 0x85,
  strings: 0xfc,
  format: 0x41e,
  style: 0xe0,
  dates: 0x22,
};
const maxStrings = 2_000_000;

/** The texts that cells refer to by number. Throws `UnreadableDocument` where they are more than a document may hold. */
function sharedStrings(parts: Uint8Array[], budget: ReadingBudget): string[] {
  const fields = new FieldReader(parts);
  fields.skip(4);
  const count = fields.long();
  const strings: string[] = [];
  let length = 0;
  while (strings.length < count && !fields.isAtEnd) {
    // As it is shown in each cell: however many refer to it, its white space is looked at once.
    const text = oneLine(fields.text());
    budget.spend(20 + text.length);
    strings.push(text);
    length += text.length;
    if (length > maxTextLength || strings.length > maxStrings) throw tooMuchText();
  }
  return strings;
}

/** Reads what stands before the sheets of a workbook of Excel 97 to 2003. Throws `UnreadableDocument`. */
export function readWorkbook(stream: Uint8Array, budget: ReadingBudget): XlsWorkbook {
  const workbook: XlsWorkbook = { sheets: [], strings: [], formats: new CellFormats(budget), hiddenSheets: 0 };
  for (const { type, parts } of recordsOf(stream)) {
    if (type === types.eof) break;
    budget.spend(20 + parts.length);
    const fields = new FieldReader(parts);
    if (type === types.bof && fields.short() !== 0x600) throw tooOld();
    if (type === types.filePass) throw protectedWorkbook();
    if (type === types.dates) workbook.formats.shiftsDates = fields.short() === 1;
    if (type === types.strings) workbook.strings = sharedStrings(parts, budget);
    if (type === types.sheet) {
      const start = fields.long();
      const [state, kind] = [fields.byte() & 3, fields.byte()];
      // Charts and macros are not what people see as tables.
      budget.keep();
      if (state !== 0 && kind === 0) workbook.hiddenSheets++;
      else if (kind === 0) workbook.sheets.push({ name: fields.text(1), start });
    }
    if (type === types.format) workbook.formats.define(fields.short(), fields.text());
    if (type === types.style) {
      fields.skip(2);
      workbook.formats.addStyle(fields.short());
    }
  }
  return workbook;
}

/** A workbook of Excel 95 or before, which stores everything otherwise. */
export const tooOld = () =>
  new UnreadableDocument(
    "unreadable",
    "This workbook is of Excel 95 or older. Open it in Excel or LibreOffice, save it as .xlsx, and upload that.",
  );

const protectedWorkbook = () =>
  new UnreadableDocument("encrypted", "This workbook is protected by a password. Remove it and upload it again.");
