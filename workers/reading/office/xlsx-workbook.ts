import type { ZipArchive } from "../archive/zip-archive.ts";
import { maxTextLength, type ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { localName, readXml } from "../markup/read-xml.ts";
import { tooMuchText } from "../parsed-document.ts";
import type { CellFormats } from "./cell-format.ts";
import { Relations, relationId } from "./office-relations.ts";

/** A sheet that people see, and the member that it is in. */
export interface Sheet {
  name: string;
  member: string;
}

/** The sheets of a workbook in order, without hidden ones. */
export function readSheets(
  archive: ZipArchive,
  workbook: string,
  budget: ReadingBudget,
  formats: CellFormats,
): Sheet[] {
  const relations = new Relations(archive, workbook, budget);
  const sheets: Sheet[] = [];
  const seen = new Set<string>();
  readXml(archive, workbook, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "workbookPr") formats.shiftsDates = /^(?:1|true)$/.test(attributes.date1904 ?? "");
      if (name !== "sheet" || (attributes.state ?? "visible") !== "visible") return;
      const member = relations.member(relationId(attributes));
      // No two sheets are one, unless to make much of little.
      if (!member || seen.has(member)) return;
      budget.keep();
      seen.add(member);
      sheets.push({ name: attributes.name ?? "", member });
    },
    close() {},
    text() {},
  });
  return sheets;
}

/** More strings than any workbook has that holds no more text than a document may. */
const maxStrings = 2_000_000;

/** The texts that cells refer to by number. Readings of Japanese words are left out. */
export function readSharedStrings(archive: ZipArchive, member: string, budget: ReadingBudget): string[] {
  const strings: string[] = [];
  let text = "";
  let length = 0;
  let inText = false;
  let readings = 0;
  readXml(archive, member, budget, {
    open(qualified) {
      const name = localName(qualified);
      if (name === "si") text = "";
      if (name === "rPh") readings++;
      inText = name === "t" && readings === 0;
    },
    close(qualified) {
      const name = localName(qualified);
      if (name === "t") inText = false;
      if (name === "rPh") readings--;
      if (name !== "si") return;
      // As it is shown in each cell: however many refer to it, its white space is looked at once.
      const shown = oneLine(text);
      strings.push(shown);
      length += shown.length;
      if (length > maxTextLength || strings.length > maxStrings) throw tooMuchText();
    },
    text(data) {
      if (inText) text += data;
    },
  });
  return strings;
}

/** How the workbook's styles show numbers. */
export function readFormats(archive: ZipArchive, member: string, budget: ReadingBudget, formats: CellFormats): void {
  let inCellStyles = false;
  readXml(archive, member, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "numFmt") formats.define(Number(attributes.numFmtId), attributes.formatCode ?? "");
      else if (name === "cellXfs") inCellStyles = true;
      else if (name === "xf" && inCellStyles) formats.addStyle(Number(attributes.numFmtId ?? 0));
    },
    close(qualified) {
      if (localName(qualified) === "cellXfs") inCellStyles = false;
    },
    text() {},
  });
}
