import type { DrawnLine, Stretch } from "./drawn-lines.ts";
import { boundTurn } from "./pdf-bounds.ts";

/** Lines that stand under each other within a row, beside others. */
export interface Cell {
  x: number;
  right: number;
  lines: Stretch[];
}

/** What stands beside each other on a page: one line, or cells of a table. */
export interface Row {
  cells: Cell[];
  /** As it was drawn: the stretches of each line. */
  drawn: Stretch[][];
  /** Of its first and its last line. */
  y: number;
  bottom: number;
  size: number;
  angle: number;
}

const leader = /^[.·_…⋯\s]+$/;
const label =
  /^(?:[•◦▪‣●○■□☐☑✓→–—*·-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[[x ]\]|\[?\^?\d{1,3}\]?|\d{1,2}(?:\.\d{1,2})+\.?)$/iu;

const cellOf = (line: Stretch): Cell => ({ x: line.x, right: line.right, lines: [line] });

/** Stretches without the label of a list's item or a heading apart from its text. */
function withLabels(stretches: Stretch[]): Stretch[] {
  const [first, second, ...rest] = stretches;
  if (!first || !second || !label.test(first.text) || !/^[\p{L}“"„«(]/u.test(second.text)) return stretches;
  return [{ ...second, text: `${first.text} ${second.text}`, x: first.x }, ...rest];
}

function rowOf(stretches: Stretch[]): Row {
  const isLeading = stretches.some(({ text }) => leader.test(text) || text.endsWith(" …"));
  const [first] = stretches as [Stretch];
  return {
    // A line of a table of contents is one text.
    cells: (isLeading ? [first] : withLabels(stretches)).map(cellOf),
    drawn: [stretches],
    y: first.y,
    bottom: first.y,
    size: stretches.reduce((most, { size }) => Math.max(most, size), 0),
    angle: first.angle,
  };
}

/** Whether a line goes on in the last cell of a row that has several. */
function goesOn(row: Row, line: Stretch): boolean {
  const cell = row.cells.at(-1);
  const above = cell?.lines.at(-1);
  if (!cell || !above || row.cells.length < 2 || row.angle !== line.angle) return false;
  const gap = above.y - line.y;
  const isBelow = gap > 0.5 * line.size && gap < 1.7 * line.size;
  return isBelow && line.x < cell.right && line.x > (row.cells.at(-2)?.right ?? 0);
}

/** Lines that one cell of a table has, at most, before the cell beside it is drawn. */
const tallest = 12;

/** Where the row begins that a line stands beside, to the right of all that was drawn of it; -1 where there is none. */
function besideWhich(rows: Row[], line: Stretch): number {
  const least = Math.max(0, rows.length - tallest);
  for (let i = rows.length - 1; i >= least; i--) {
    boundTurn();
    const row = rows[i] as Row;
    const isLast = i === rows.length - 1;
    if (row.angle !== line.angle || (row.cells.length > 1 && !isLast)) return -1;
    const right = row.cells.reduce((most, cell) => Math.max(most, cell.right), Number.NEGATIVE_INFINITY);
    if (line.x < right + 0.3 * line.size) return -1;
    const slack = 0.7 * line.size;
    if (line.y <= row.y + slack && line.y >= row.bottom - slack) return i;
    const above = rows[i - 1];
    // Lines of one cell stand close under each other.
    if (!above || above.bottom - row.y > 1.7 * row.size || above.bottom <= row.y) return -1;
  }
  return -1;
}

/** The lines of a page by what stands beside each other, however the cells of a table were drawn. */
export function rowsOf(lines: DrawnLine[]): Row[] {
  const rows: Row[] = [];
  for (const drawn of lines) {
    const stretches = drawn.stretches();
    const [line] = stretches;
    if (!line) continue;
    const last = rows.at(-1);
    if (stretches.length === 1 && last && goesOn(last, line)) {
      const cell = last.cells.at(-1) as Cell;
      cell.lines.push(line);
      cell.x = Math.min(cell.x, line.x);
      cell.right = Math.max(cell.right, line.right);
      last.bottom = Math.min(last.bottom, line.y);
      last.drawn.push(stretches);
      continue;
    }
    const beside = stretches.length === 1 ? besideWhich(rows, line) : -1;
    const row = rows[beside];
    if (!row) {
      rows.push(rowOf(stretches));
      continue;
    }
    const [first] = row.cells as [Cell];
    for (const { cells, drawn: more, bottom } of rows.splice(beside + 1)) {
      for (const cell of cells) {
        first.lines = first.lines.concat(cell.lines);
        first.x = Math.min(first.x, cell.x);
        first.right = Math.max(first.right, cell.right);
      }
      row.drawn = row.drawn.concat(more);
      row.bottom = Math.min(row.bottom, bottom);
    }
    row.cells.push(cellOf(line));
    row.drawn.push(stretches);
    row.y = Math.max(row.y, line.y);
  }
  return rows;
}
