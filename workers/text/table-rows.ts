/** One row of a table, of the form `cell | cell`. */
export interface TableRow {
  /** As it can be read alone: `Plan: Pro · Seats: 20`. A head is as it stands. */
  text: string;
  isHead: boolean;
  cells: { head: string; value: string }[];
}

/** The cells of a line that is a row of a table; null for any other line. */
export function cellsOf(line: string): string[] | null {
  if (!/^\s*\||\s\|(?:\s|$)/.test(line)) return null;
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split("|").map((cell) => cell.replace(/\s+/g, " ").trim());
}

const isRule = (cells: string[]) => cells.every((cell) => /^:?-{2,}:?$/.test(cell));
const longestHead = 60;
const digitsIn = (cell: string | undefined) => /\p{N}/u.test(cell ?? "");

/** Whether the first of a table's rows says what its columns hold: their names, over cells that are of another form. */
function hasHead([first, ...rest]: string[][], isRuled: boolean): boolean {
  if (!first || rest.length === 0) return false;
  if (isRuled) return true;
  const isName = (cell: string) => cell.length <= longestHead && !/[.!?。]$/.test(cell);
  if (!first.every(isName) || first.filter((cell) => cell !== "").length < 2) return false;
  if (rest.some((row) => row.length > first.length)) return false;
  const figures = (column: number) => rest.filter((row) => digitsIn(row[column])).length * 2 >= rest.length;
  if (first.some(digitsIn)) return first.every((cell, at) => !digitsIn(cell) || !figures(at) || /\p{L}/u.test(cell));
  if (first.length > 2 || first.some((_, at) => figures(at))) return true;
  // “Name | Peter” over “Town | Bonn” names no columns; “Ending | What is read” over longer cells does.
  const letters = (row: string[] | undefined) => row?.[1]?.length ?? 0;
  return rest.reduce((sum, row) => sum + letters(row), 0) > 1.5 * rest.length * letters(first);
}

function readable(cells: { head: string; value: string }[]): string {
  const filled = cells.filter(({ value }) => value !== "");
  if (cells.some(({ head }) => head !== ""))
    return filled.map(({ head, value }) => (head === "" ? value : `${head}: ${value}`)).join(" · ");
  return filled.length === 2
    ? filled.map(({ value }) => value).join(": ")
    : filled.map(({ value }) => value).join(" · ");
}

/** The rows of the tables among `lines`, by the number of the line; a rule under a head is none. */
export function tableRows(lines: readonly string[]): Map<number, TableRow> {
  const rows = new Map<number, TableRow>();
  for (let at = 0; at < lines.length; at++) {
    const table: { line: number; cells: string[] }[] = [];
    let isRuled = false;
    for (let cells = cellsOf(lines[at] ?? ""); cells; cells = cellsOf(lines[++at] ?? "")) {
      if (isRule(cells)) isRuled = true;
      else table.push({ line: at, cells });
    }
    const heads = hasHead(
      table.map(({ cells }) => cells),
      isRuled,
    )
      ? table[0]?.cells
      : undefined;
    for (const [i, { line, cells }] of table.entries()) {
      const isHead = heads !== undefined && i === 0;
      const named = cells.map((value, column) => ({ head: isHead ? "" : (heads?.[column] ?? ""), value }));
      const text = isHead ? cells.filter((cell) => cell !== "").join(" | ") : readable(named);
      if (/[\p{L}\p{N}]/u.test(text)) rows.set(line, { text, isHead, cells: named });
    }
  }
  return rows;
}
