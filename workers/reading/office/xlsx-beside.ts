import { readTextMember, type ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { oneLine } from "../document-blocks.ts";
import { localName, xmlParser } from "../markup/read-xml.ts";
import { cellOf, rangeOf } from "./cell-reference.ts";
import { type Relations, relationId } from "./office-relations.ts";
import { readOfficeXml } from "./office-xml.ts";
import { RichText } from "./xlsx-workbook.ts";

/** A cell that goes on over the rows below it. */
export interface MergedCell {
  column: number;
  from: number;
  to: number;
}

/** What a sheet says of its cells behind them, and in parts of its own. */
export interface BesideCells {
  merged: Map<number, MergedCell[]>;
  /** Addresses and notes by row, then by column. */
  links: Map<number, Map<number, string>>;
  notes: Map<number, Map<number, string>>;
  /** What is printed at the head and foot of its pages. */
  running: string[];
}

const endOfCells = /<\/(?:[\w-]+:)?sheetData>|<(?:[\w-]+:)?sheetData\s*\/>/;
/** What stands behind the cells of a sheet is read so far. */
const maxTail = 2_000_000;
const maxMerged = 50_000;

/** The text of a sheet behind its cells. */
function tailOf(archive: ZipArchive, member: string, budget: ReadingBudget): string {
  let tail = "";
  let isBehind = false;
  // What comes out is counted when the cells are read.
  const once = { left: budget.left, spend: (operations: number) => budget.spend(operations) };
  readTextMember(archive, member, once, (text) => {
    if (isBehind) {
      if (tail.length < maxTail) tail += text;
      return;
    }
    const seen = tail + text;
    const end = endOfCells.exec(seen);
    isBehind = end !== null;
    tail = end ? seen.slice(end.index + end[0].length) : seen.slice(-64);
  });
  return isBehind ? tail.slice(0, maxTail) : "";
}

/** What a head or foot of pages says, without its codes for fonts, dates and numbers of pages. */
const runningText = (code: string) =>
  oneLine(
    code
      .replace(/&"[^"]*"|&K[0-9A-F]{6}|&\d+|&[BIUESXYOHPNDTFAGZ]/gi, "")
      .replace(/&[LCR]/g, " ")
      .replaceAll("&&", "&"),
  );

function put(cells: Map<number, Map<number, string>>, reference: string | undefined, text: string): void {
  const cell = cellOf(reference);
  if (!cell || !text) return;
  const row = cells.get(cell.row) ?? new Map<number, string>();
  cells.set(cell.row, row);
  const before = row.get(cell.column);
  row.set(cell.column, before ? `${before}\n${text}` : text);
}

function readTail(tail: string, relations: Relations, budget: ReadingBudget, beside: BesideCells): void {
  let running: string | null = null;
  let merged = 0;
  const parser = xmlParser(
    {
      open(qualified, attributes) {
        const name = localName(qualified);
        if (name === "hyperlink")
          put(beside.links, attributes.ref?.split(":")[0], relations.address(relationId(attributes)) ?? "");
        else if (/^(?:odd|even|first)(?:Header|Footer)$/.test(name)) running = "";
        if (name !== "mergeCell") return;
        const range = rangeOf(attributes.ref);
        if (!range || range.to.row <= range.from.row || ++merged > maxMerged) return;
        const cell = { column: range.from.column, from: range.from.row, to: range.to.row };
        beside.merged.set(cell.from, [...(beside.merged.get(cell.from) ?? []), cell]);
      },
      close() {
        const text = runningText(running ?? "");
        if (/\p{L}{2}/u.test(text) && !beside.running.includes(text)) beside.running.push(text);
        running = null;
      },
      text(text) {
        if (running !== null) running += text;
      },
    },
    budget,
  );
  parser.write(tail);
  parser.end();
}

/** The notes of a part, in the old way or as threads. */
function readNotes(archive: ZipArchive, member: string, budget: ReadingBudget, notes: BesideCells["notes"]): void {
  const rich = new RichText();
  let [reference, plain, inText]: [string | undefined, string, boolean] = [undefined, "", false];
  readOfficeXml(archive, member, budget, {
    open(qualified, attributes) {
      const name = localName(qualified);
      if (name === "comment" || name === "threadedComment") {
        budget.keep();
        [reference, plain] = [attributes.ref, ""];
      }
      inText = name === "text";
      rich.open(name, attributes);
    },
    close(qualified) {
      const name = localName(qualified);
      rich.close(name);
      inText = false;
      if (name !== "comment" && name !== "threadedComment") return;
      const text = oneLine(rich.take() || plain);
      // Of a thread, old readers are told that they cannot show it.
      if (!text.startsWith("[Threaded comment]")) put(notes, reference, text);
    },
    text(text) {
      rich.text(text);
      if (inText) plain += text;
    },
  });
}

/** Reads what is said of a sheet's cells elsewhere than in them. */
export function readBeside(
  archive: ZipArchive,
  member: string,
  relations: Relations,
  budget: ReadingBudget,
): BesideCells {
  const beside: BesideCells = { merged: new Map(), links: new Map(), notes: new Map(), running: [] };
  readTail(tailOf(archive, member, budget), relations, budget, beside);
  for (const type of ["comments", "threadedComment"])
    for (const part of relations.ofType(type)) readNotes(archive, part, budget, beside.notes);
  return beside;
}
