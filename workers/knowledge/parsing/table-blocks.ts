import type { Block } from "./parsed-document.ts";

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
 * A table in blocks of some rows each. A first row that names the columns is said again in every block, so that each passage
 * tells what its cells mean.
 */
export function* tableBlocks(
  rows: Iterable<readonly string[]>,
  place: Pick<Block, "page" | "section">,
): Generator<Block> {
  let head: string | null = null;
  let lines: string[] = [];
  let length = 0;
  for (const cells of rows) {
    const line = rowLine(cells);
    if (!line) continue;
    if (length > 0 && length + line.length > blockLength) {
      yield { ...place, text: lines.join("\n") };
      lines = head ? [head] : [];
      length = head?.length ?? 0;
    }
    head ??= length === 0 && isHead(cells, line) ? line : "";
    lines.push(line);
    length += line.length + 1;
  }
  if (lines.length > 0) yield { ...place, text: lines.join("\n") };
}
