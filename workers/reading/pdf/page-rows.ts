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
  /^(?:[•◦▪‣●○■□☐☑✓–—*·-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[[x ]\]|\[?\^?\d{1,3}\]?|\d{1,2}(?:\.\d{1,2})+\.?)$/iu;

/** Whether a row is an item of a list or a heading, with its mark or number apart from its text. */
export function isItem({ cells, drawn }: Row): boolean {
  const [mark, text] = cells;
  if (cells.length !== 2 || drawn[0]?.length !== 2) return false;
  return label.test(mark?.lines[0]?.text ?? "") && /^[\p{L}“"„«(]/u.test(text?.lines[0]?.text ?? "");
}

const cellOf = (line: Stretch): Cell => ({ x: line.x, right: line.right, lines: [line] });

function rowOf(stretches: Stretch[]): Row {
  const isLeading = stretches.some(({ text }) => leader.test(text) || text.endsWith(" …"));
  const [first] = stretches as [Stretch];
  return {
    // A line of a table of contents is one text.
    cells: (isLeading ? [first] : stretches).map(cellOf),
    drawn: [stretches],
    y: first.y,
    bottom: first.y,
    size: stretches.reduce((most, { size }) => Math.max(most, size), 0),
    angle: first.angle,
  };
}

const isOver = (cell: Cell, { x, right }: Stretch): boolean => x < cell.right && right > cell.x;
const rightOf = ({ cells }: Row): number => cells.reduce((most, { right }) => Math.max(most, right), 0);

/** Lines that one cell of a table has, at most, before the cell beside it is drawn. */
const tallest = 12;
/** A first cell that is longer begins no row whose other cells begin above it. */
const shortCell = 30;

/** Whether what is drawn next stands in the same row: beside its first cell, as the end of another cell or as a new one. */
function goesOn(row: Row, stretches: Stretch[]): boolean {
  const [line, ...others] = stretches as [Stretch, ...Stretch[]];
  const [first, ...rest] = row.cells as [Cell, ...Cell[]];
  const near = 0.3 * line.size;
  if (row.angle !== line.angle || line.x < first.right + near) return false;
  const [below, above] = [row.bottom - line.y, line.y - row.y];
  if (below > 0.4 * line.size) {
    // Figures are not broken at the end of a line: they are a row of their own.
    const isText = /\p{L}/u.test(line.text) && below < 1.7 * line.size;
    return (
      isText && rest.some((cell) => isOver(cell, line)) && !others.some((other) => rest.some((c) => isOver(c, other)))
    );
  }
  if (line.x < rightOf(row) + near) return rest.some((cell) => isOver(cell, line)) && above < 0.4 * line.size;
  if (above <= 0.4 * line.size) return true;
  const isShort = first.lines.length === 1 && (first.lines[0]?.text.length ?? 0) <= shortCell;
  return above < 8 * line.size && (rest.length > 0 || isShort);
}

/** Where the row begins that a line stands beside, to the right of all that was drawn of it; -1 where there is none. */
function besideWhich(rows: Row[], line: Stretch): number {
  const least = Math.max(0, rows.length - tallest);
  for (let i = rows.length - 1; i >= least; i--) {
    boundTurn();
    const row = rows[i] as Row;
    if (row.angle !== line.angle || row.cells.length > 1 || line.x < rightOf(row) + 0.3 * line.size) return -1;
    const slack = 0.7 * line.size;
    if (line.y <= row.y + slack && line.y >= row.bottom - slack) return i;
    const above = rows[i - 1];
    // Lines of one cell stand close under each other.
    if (!above || above.bottom - row.y > 1.7 * row.size || above.bottom <= row.y) return -1;
  }
  return -1;
}

function addTo(row: Row, stretches: Stretch[]): void {
  for (const line of stretches) {
    const cell = row.cells.find((other, i) => i > 0 && isOver(other, line));
    if (cell) {
      cell.lines.push(line);
      cell.x = Math.min(cell.x, line.x);
      cell.right = Math.max(cell.right, line.right);
    } else row.cells.push(cellOf(line));
    row.y = Math.max(row.y, line.y);
    row.bottom = Math.min(row.bottom, line.y);
  }
  row.drawn.push(stretches);
}

/** Makes rows from a place on one, whose first cell their lines are. */
function mergeFrom(rows: Row[], from: number): Row {
  const row = rows[from] as Row;
  const [first] = row.cells as [Cell];
  for (const { cells, drawn, bottom } of rows.splice(from + 1)) {
    for (const cell of cells) {
      first.lines = first.lines.concat(cell.lines);
      first.x = Math.min(first.x, cell.x);
      first.right = Math.max(first.right, cell.right);
    }
    row.drawn = row.drawn.concat(drawn);
    row.bottom = Math.min(row.bottom, bottom);
  }
  return row;
}

/** The lines of a page by what stands beside each other, however the cells of a table were drawn. */
export function rowsOf(lines: DrawnLine[]): Row[] {
  const rows: Row[] = [];
  for (const drawn of lines) {
    const stretches = drawn.stretches();
    const [line] = stretches;
    if (!line) continue;
    const last = rows.at(-1);
    if (last && goesOn(last, stretches)) {
      addTo(last, stretches);
      continue;
    }
    const beside = besideWhich(rows, line);
    if (beside >= 0) addTo(mergeFrom(rows, beside), stretches);
    else rows.push(rowOf(stretches));
  }
  return rows;
}
