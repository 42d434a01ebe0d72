import { maxTextLength } from "../budget.ts";
import { type Block, tooMuchText } from "../parsed-document.ts";

/** Characters of a table that stand together in one block, about: less than a passage has. */
const blockLength = 700;
/** A head that is longer is not said again. */
const maxHead = 250;

/** A row of a table as a line: cells parted by bars, without the empty ones at its end. Empty for a row of nothing. */
export function rowLine(cells: readonly string[]): string {
  const texts = cells.map((cell) => cell.replace(/\s+/g, " ").trim());
  while (texts.at(-1) === "") texts.pop();
  return texts.join(" | ");
}

/** Whether a row names columns: more than one, each with a name that is no number. */
function isHead(cells: readonly string[], line: string): boolean {
  if (line.length > maxHead || cells.length < 2) return false;
  return cells.every((cell) => cell.trim() !== "" && !/^[\d\s.,:/+%$€£-]+$/.test(cell));
}

/**
 * Gathers a table in blocks of some rows each. A first row that names the columns is said again in every block, so that each
 * passage tells what its cells mean.
 */
export class TableBlocks {
  readonly #blocks: Block[] = [];
  readonly #place: Pick<Block, "page" | "section">;
  #head: string | null = null;
  #lines: string[] = [];
  #length = 0;
  #total = 0;

  constructor(place: Pick<Block, "page" | "section">) {
    this.#place = place;
  }

  /** Throws `UnreadableDocument` where the table alone is more than a document may hold. */
  add(cells: readonly string[]): void {
    const line = rowLine(cells);
    if (!line) return;
    if (this.#length > 0 && this.#length + line.length > blockLength) {
      this.#flush();
      if (this.#head) this.#push(this.#head);
    }
    this.#head ??= isHead(cells, line) ? line : "";
    this.#push(line);
  }

  end(): Block[] {
    this.#flush();
    return this.#blocks;
  }

  #push(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
    this.#total += line.length + 1;
    if (this.#total > maxTextLength) throw tooMuchText();
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#blocks.push({ ...this.#place, text: this.#lines.join("\n") });
    this.#lines = [];
    this.#length = 0;
  }
}
