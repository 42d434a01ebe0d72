import type { ZipArchive } from "../archive/zip-archive.ts";
import { maxTextLength, type ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { localName } from "../markup/read-xml.ts";
import { tooMuchText } from "../parsed-document.ts";
import type { CellFormats } from "./cell-format.ts";
import type { LeftOut } from "./left-out.ts";
import { type Relations, relationId } from "./office-relations.ts";
import { readOfficeXml } from "./office-xml.ts";
import { type Align, RunText } from "./run-text.ts";

/** A sheet that people see, and the member that it is in. */
export interface Sheet {
  name: string;
  member: string;
}

/** The sheets of a workbook in order, without hidden ones. */
export function readSheets(
  archive: ZipArchive,
  workbook: string,
  relations: Relations,
  budget: ReadingBudget,
  formats: CellFormats,
  leftOut: LeftOut,
): Sheet[] {
  const sheets: Sheet[] = [];
  const seen = new Set<string>();
  readOfficeXml(archive, workbook, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "workbookPr") formats.shiftsDates = /^(?:1|true)$/.test(attributes.date1904 ?? "");
      if (name !== "sheet") return;
      if ((attributes.state ?? "visible") !== "visible") {
        leftOut.count("sheet");
        return;
      }
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

/** A text in which Excel has written characters by their numbers, such as `_x000D_`. */
export const unescapeText = (text: string): string =>
  text.includes("_x")
    ? text.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;

/** A text of runs in SpreadsheetML. Readings of Japanese words are left out. */
export class RichText {
  #text = new RunText();
  #align: Align = null;
  #readings = 0;
  #inText = false;

  open(name: string, attributes: Record<string, string>): void {
    if (name === "rPh") this.#readings++;
    else if (name === "r") this.#align = null;
    else if (name === "vertAlign")
      this.#align = attributes.val === "superscript" ? "raised" : attributes.val === "subscript" ? "lowered" : null;
    this.#inText = name === "t" && this.#readings === 0;
  }

  close(name: string): void {
    this.#inText = false;
    if (name === "rPh") this.#readings--;
    else if (name === "r") this.#align = null;
  }

  text(text: string): void {
    if (this.#inText) this.#text.add(text, this.#align);
  }

  /** The text so far, which ends with it. */
  take(): string {
    const { text } = this.#text;
    [this.#text, this.#align, this.#readings] = [new RunText(), null, 0];
    return unescapeText(text);
  }
}

/** The texts that cells refer to by number. */
export function readSharedStrings(archive: ZipArchive, member: string, budget: ReadingBudget): string[] {
  const strings: string[] = [];
  const rich = new RichText();
  let length = 0;
  readOfficeXml(archive, member, budget, {
    open: (qualified, attributes) => rich.open(localName(qualified), attributes),
    close(qualified) {
      const name = localName(qualified);
      rich.close(name);
      if (name !== "si") return;
      // As it is shown in each cell: however many refer to it, its white space is looked at once.
      const shown = oneLine(rich.take());
      strings.push(shown);
      length += shown.length;
      if (length > maxTextLength || strings.length > maxStrings) throw tooMuchText();
    },
    text: (text) => rich.text(text),
  });
  return strings;
}

/** How the workbook's styles show numbers. */
export function readFormats(archive: ZipArchive, member: string, budget: ReadingBudget, formats: CellFormats): void {
  let inCellStyles = false;
  readOfficeXml(archive, member, budget, {
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
