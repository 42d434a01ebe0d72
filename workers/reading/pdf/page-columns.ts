import type { Cell, Row } from "./page-rows.ts";
import { boundTurn } from "./pdf-bounds.ts";

/** A column of a table or of print: how far its cells reach. */
interface Column {
  x: number;
  right: number;
}

/** Rows whose cells stand under each other: the column of each cell of each row. */
export interface Grid {
  rows: Row[];
  columns: number;
  places: number[][];
}

/** No table is wider that people write. */
const mostColumns = 40;
const overlap = (a: Column, b: Column): number => Math.min(a.right, b.right) - Math.max(a.x, b.x);

/** The columns of some rows, from the fullest of them on: where a cell stands in no column yet, there is one more. */
function columnsOf(rows: Row[]): Column[] {
  const columns: Column[] = [];
  for (const { cells } of rows.toSorted((a, b) => b.cells.length - a.cells.length)) {
    if (cells.length < 2) break;
    for (const cell of cells) {
      boundTurn();
      const over = columns.filter((column) => overlap(column, cell) > 0);
      const [column] = over;
      if (!column) {
        if (columns.length < mostColumns) columns.push({ x: cell.x, right: cell.right });
        continue;
      }
      if (over.length > 1) continue;
      const wider = { x: Math.min(column.x, cell.x), right: Math.max(column.right, cell.right) };
      if (columns.every((other) => other === column || overlap(other, wider) <= 0)) Object.assign(column, wider);
    }
  }
  return columns.sort((a, b) => a.x - b.x);
}

/** The column of a cell: that which it shares most with, else the nearest. */
function placeOf(cell: Cell, columns: Column[]): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  for (const [i, column] of columns.entries()) {
    const shared = overlap(column, cell);
    if (shared > most) [best, most] = [i, shared];
    // A cell that spans several belongs to the first of them.
    if (shared > 0.8 * (column.right - column.x)) return i;
  }
  return best;
}

/** Columns of which no row has both, as a head on the left of its figures, are one. */
function joined(places: number[][], columns: number): { places: number[][]; columns: number } {
  const target = Array.from({ length: columns }, (_, i) => i);
  for (let i = 1; i < columns; i++) {
    const before = target[i - 1] as number;
    const isShared = places.some((row) => row.includes(i) && row.some((place) => target[place] === before));
    target[i] = isShared ? before + 1 : before;
  }
  return {
    places: places.map((row) => row.map((place) => target[place] as number)),
    columns: (target.at(-1) ?? 0) + 1,
  };
}

/** Rows as a grid; null where their cells do not stand under each other. */
export function gridOf(rows: Row[]): Grid | null {
  const columns = columnsOf(rows);
  if (columns.length < 2) return null;
  const found = rows.map(({ cells }) => cells.map((cell) => placeOf(cell, columns)));
  const isClean = (row: number[]) => row.every((place, i) => i === 0 || place > (row[i - 1] as number));
  const unclean = found.filter((row) => !isClean(row)).length;
  if (unclean > rows.length / 5) return null;
  const grid = joined(found, columns.length);
  return grid.columns < 2 ? null : { rows, ...grid };
}

const wordsIn = (text: string): number => text.split(" ").length;

/** Whether the columns of a grid are print that goes on from line to line, and no table. */
export function isProse({ rows, columns, places }: Grid): boolean {
  if (rows.length < 3) return false;
  let [cased, small] = [0, 0];
  const of = Array.from({ length: columns }, () => ({ lines: 0, words: 0, length: 0, width: 0, widest: 0 }));
  for (const [i, { cells }] of rows.entries())
    for (const [j, cell] of cells.entries()) {
      const column = of[places[i]?.[j] ?? 0];
      const text = cell.lines.map((line) => line.text).join(" ");
      if (!column) continue;
      column.lines += cell.lines.length;
      column.words += wordsIn(text);
      column.length += text.length;
      column.width += (cell.right - cell.x) * cell.lines.length;
      column.widest = Math.max(column.widest, cell.right - cell.x);
      if (i > 0 && /^\p{Lu}/u.test(text)) cased++;
      if (i > 0 && /^\p{Ll}/u.test(text)) [cased, small] = [cased + 1, small + 1];
    }
  const isFull = of.every(
    ({ lines, words, length, width, widest }) =>
      lines >= 3 && (words >= 3 * lines || length >= 12 * lines) && width >= 0.55 * widest * lines,
  );
  return isFull && (cased > 0 ? small >= 0.35 * cased : true);
}
