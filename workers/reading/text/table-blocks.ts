import { wideCharacters } from "../../text/tokens.ts";
import { maxTextLength } from "../budget.ts";
import { type Block, tooMuchText } from "../parsed-document.ts";
import { areTitles, headOf } from "./table-head.ts";

/** Length of a table that stands together in one block, about: less than a passage has. */
const blockLength = 700;
/** What a passage has, nearly: where the head alone is long, blocks are. */
const longBlock = 850;
/** A head that is longer is not said again. */
const maxHead = 500;
/** Titles above a head are said again with it where both are not longer. */
const maxTitled = 300;
/** Rows that are looked at to tell the head from what it names. */
const rowsAhead = 12;

/** A row of a table as a line: cells parted by bars, without the empty ones at its end. Empty for a row of nothing. */
export function rowLine(cells: readonly string[]): string {
  const texts = cells.map((cell) => cell.replace(/\s+/g, " ").trim());
  while (texts.at(-1) === "") texts.pop();
  return texts.join(" | ");
}

/** The length of a line as passages measure it: characters of Chinese, Japanese or Korean are words. */
const lengthOf = (line: string) => line.length + 3 * (line.match(wideCharacters)?.length ?? 0);

interface Row {
  cells: readonly string[];
  line: string;
  isHead: boolean;
}

/**
 * Gathers a table in blocks of some rows each. The rows that name its columns, with the titles above them, are said again in every
 * block, so that each passage tells what its cells mean.
 */
export class TableBlocks {
  readonly #blocks: Block[] = [];
  readonly #place: Pick<Block, "page" | "section">;
  /** Rows that wait until it is known which of them are the head; null once it is. */
  #waiting: Row[] | null = [];
  #head: string[] = [];
  #headLength = 0;
  /** The names of the columns. */
  #names: readonly string[] = [];
  #lines: string[] = [];
  #length = 0;
  #total = 0;

  constructor(place: Pick<Block, "page" | "section">) {
    this.#place = place;
  }

  /** The next row; `isHead` where the file says that it names columns. Throws `UnreadableDocument` where the table alone is more than a document may hold. */
  add(cells: readonly string[], isHead = false): void {
    const line = rowLine(cells);
    if (!line) {
      this.gap();
      return;
    }
    if (!this.#waiting) {
      this.#addRow(cells, line);
      return;
    }
    this.#waiting.push({ cells: [...cells], line, isHead });
    if (this.#waiting.length >= rowsAhead) this.#decide();
  }

  /** Rows that come apart from those before them may be another table, with a head of its own. */
  gap(): void {
    if (this.#waiting && areTitles(this.#waiting)) return;
    this.#decide();
    this.#waiting = [];
  }

  end(): Block[] {
    this.#decide();
    this.#flush();
    return this.#blocks;
  }

  /** Finds the head of the rows that wait; where they have none, that of the rows before them still holds. */
  #decide(): void {
    const rows = this.#waiting ?? [];
    this.#waiting = null;
    const head = headOf(rows);
    if (head) {
      this.#flush();
      const named = rows.slice(head.from, head.to);
      const titled = rows.slice(0, head.to).map(({ line }) => line);
      const lengthOfAll = (lines: string[]) => lines.reduce((sum, line) => sum + lengthOf(line) + 1, 0);
      this.#head = lengthOfAll(titled) <= maxTitled ? titled : named.map(({ line }) => line);
      this.#headLength = lengthOfAll(this.#head);
      this.#names = named.at(-1)?.cells ?? [];
      for (const { line } of rows.slice(0, head.to)) this.#push(line);
    }
    for (const { cells, line } of rows.slice(head?.to ?? 0)) this.#addRow(cells, line);
  }

  #addRow(cells: readonly string[], line: string): void {
    const length = lengthOf(line);
    const most = this.#headLength > blockLength / 3 ? longBlock : blockLength;
    if (this.#length > 0 && this.#length + length > most) {
      this.#flush();
      if (this.#headLength <= maxHead) for (const each of this.#head) this.#push(each);
    }
    // A row that will be cut, or that stands far below its head, says itself what its cells are.
    const isAlone = this.#names.length > 0 && (this.#headLength > maxHead || this.#headLength + length > longBlock);
    this.#push(isAlone ? this.#withNames(cells) : line);
  }

  #withNames(cells: readonly string[]): string {
    const named = cells.map((cell, i) => {
      const name = this.#names[i]?.trim();
      return name && cell.trim() && name !== cell.trim() ? `${name}: ${cell}` : cell;
    });
    return rowLine(named);
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#length += lengthOf(line) + 1;
    this.#total += line.length + 1;
    if (this.#total > maxTextLength) throw tooMuchText();
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#blocks.push({ ...this.#place, text: this.#lines.join("\n"), table: true });
    this.#lines = [];
    this.#length = 0;
  }
}

/** The blocks of a table whose rows are all known; the first of them are its head where `heads` says how many. */
export function tableBlocksOf(
  rows: Iterable<readonly string[]>,
  place: Pick<Block, "page" | "section">,
  heads = 0,
): Block[] {
  const table = new TableBlocks(place);
  let i = 0;
  for (const row of rows) table.add(row, i++ < heads);
  return table.end();
}
