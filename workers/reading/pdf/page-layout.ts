import type { DrawnLine, Stretch } from "./drawn-lines.ts";
import { type Grid, gridOf, isProse } from "./page-columns.ts";
import { type Cell, isItem, type Row, rowsOf } from "./page-rows.ts";
import { boundTurn } from "./pdf-bounds.ts";
import { tidy } from "./pdf-runs.ts";

/** A line of print on a page in the order of reading; coordinates in points from the bottom left, as its own direction has it. */
export interface Line {
  text: string;
  page: number;
  x: number;
  y: number;
  right: number;
  size: number;
  /** The font of most of its characters; an opaque name. */
  font: string;
  angle: number;
  /** Of a row of a table: its cells, with empty ones in their columns. */
  cells?: string[];
  /** Whether the row is the first of its table. */
  isFirstRow?: boolean;
  /** Whether it stands beside the text: a head or foot of pages, a note. */
  isAside?: boolean;
}

const lineOf = (stretches: Stretch[], page: number): Line => {
  const [first] = stretches as [Stretch];
  const longest = stretches.reduce((best, stretch) => (stretch.text.length > best.text.length ? stretch : best), first);
  return {
    text: stretches.length === 1 ? first.text : tidy(stretches.map(({ text }) => text).join(" ")),
    page,
    x: stretches.reduce((least, { x }) => Math.min(least, x), first.x),
    y: first.y,
    right: stretches.reduce((most, { right }) => Math.max(most, right), first.right),
    size: stretches.reduce((most, { size }) => Math.max(most, size), 0),
    font: longest.font,
    angle: first.angle,
  };
};

const textOf = (cell: Cell): string => cell.lines.map(({ text }) => text).join(" ");

/** Single rows that may stand between rows of several cells: a cell that goes on, or a row of which only one is filled. */
const mostSingles = 3;
/** Rows that are looked at together: no page has more that is printed. */
const mostRows = 200;

/** Whether a row of one cell may belong to a table of this width whose last row is above it: it stands close, in the same print, and is no line across. */
function mayBelong(row: Row, above: Row, width: number): boolean {
  const [cell] = row.cells as [Cell];
  const [first] = row.drawn[0] as [Stretch];
  const like = above.cells
    .flatMap(({ lines }) => lines)
    .some(({ font, size }) => font === first.font && size === first.size);
  return like && cell.right - cell.x < 0.6 * width && above.bottom - row.y < 2.2 * row.size;
}

/** The rows from a place on that may be one table or columns of print: how many they are. */
function reach(rows: Row[], from: number): number {
  let above: Row | null = null;
  let [end, singles, width] = [from, 0, 0];
  for (let i = from; i < Math.min(rows.length, from + mostRows); i++) {
    boundTurn();
    const row = rows[i] as Row;
    if (above && (row.angle !== above.angle || row.y >= above.bottom || above.bottom - row.y > 4.5 * row.size)) break;
    if (row.cells.length > 1) {
      [end, singles] = [i + 1, 0];
      width = Math.max(width, (row.cells.at(-1)?.right ?? 0) - (row.cells[0]?.x ?? 0));
    } else if (++singles > mostSingles || !above || !mayBelong(row, above, width)) break;
    above = row;
  }
  return end - from;
}

/** The texts of a grid's rows, each cell in its column. Rows that only go on with cells of the one above are put together with it. */
function tableRows({ rows, columns, places }: Grid): { row: Row; cells: string[] }[] {
  const gaps = rows.map((row, i) => (rows[i - 1]?.bottom ?? Number.POSITIVE_INFINITY) - row.y);
  const widest = gaps.slice(1).reduce((most, gap) => Math.max(most, gap), 0);
  const table: { row: Row; cells: string[] }[] = [];
  for (const [i, row] of rows.entries()) {
    const cells = Array.from({ length: columns }, () => "");
    for (const [j, cell] of row.cells.entries()) {
      const place = places[i]?.[j] ?? 0;
      cells[place] = `${cells[place]} ${textOf(cell)}`.trim();
    }
    const above = table.at(-1);
    const isClose = (gaps[i] as number) < 1.4 * row.size && (gaps[i] as number) < 0.8 * widest;
    const isRest = cells.every((text) => text === "" || /^\p{Ll}/u.test(text));
    if (above && cells[0] === "" && (isClose || (isRest && (gaps[i] as number) < 1.4 * row.size)))
      above.cells = above.cells.map((text, k) => `${text} ${cells[k]}`.trim());
    else table.push({ row, cells });
  }
  return table;
}

/** The lines of columns of print, one column after the other. */
function proseLines({ rows, columns, places }: Grid, page: number): Line[] {
  const lines: Line[][] = Array.from({ length: columns }, () => []);
  for (const [i, { cells }] of rows.entries())
    for (const [j, cell] of cells.entries())
      for (const stretch of cell.lines) lines[places[i]?.[j] ?? 0]?.push(lineOf([stretch], page));
  return lines.flat();
}

const tableLines = (grid: Grid, page: number): Line[] =>
  tableRows(grid).map(({ row, cells }, i) => ({
    ...lineOf(row.drawn.flat(), page),
    text: cells.join(" ").trim(),
    cells,
    isFirstRow: i === 0,
  }));

/** The lines of a page in the order of reading: rows of tables as such, and columns that were drawn line by line across one after the other. */
export function layOut(drawn: DrawnLine[], page: number): Line[] {
  const rows = rowsOf(drawn);
  const lines: Line[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as Row;
    const count = row.cells.length > 1 ? reach(rows, i) : 1;
    const group = rows.slice(i, i + count);
    const items = group.filter(isItem).length;
    const grid = count > 1 && items < group.filter(({ cells }) => cells.length > 1).length ? gridOf(group) : null;
    if (grid) i += count - 1;
    const more = !grid
      ? row.drawn.map((stretches) => lineOf(stretches, page))
      : isProse(grid)
        ? proseLines(grid, page)
        : tableLines(grid, page);
    for (const line of more) lines.push(line);
  }
  return lines;
}
