interface Row {
  cells: readonly string[];
  line: string;
  /** Whether the file says that it names columns. */
  isHead: boolean;
}

/** Rows that are looked at below a head. */
const belowHead = 5;
/** Titles and dates of making that stand above a head at most. */
const mostAbove = 8;

const isNumeric = (cell: string) => /^[\p{Nd}\s.,:/+%$€£¥()–−-]*\p{Nd}[\p{Nd}\s.,:/+%$€£¥()–−-]*$/u.test(cell.trim());
const isYear = (cell: string) => /^(?:1[6-9]|20)\d\d(?:[/–-]\d{2,4})?$/.test(cell.trim());
const isDate = (cell: string) => /^\d{1,4}([./-])\d{1,2}(?:\1\d{1,4})?$/.test(cell.trim()) || isYear(cell);
const isFilled = (cell: string | undefined) => cell !== undefined && cell.trim() !== "";
const filled = ({ cells }: Row) => cells.filter(isFilled).length;

/** Whether numbers follow one another, as those of days, months and classes do. */
const areSteps = (cells: string[]) =>
  cells.length > 2 && cells.every((cell, i) => i === 0 || Number(cell) === Number(cells[i - 1]) + 1);

/** Whether `row` may name columns with what it says: words, or times and steps behind one. */
function mayName({ cells }: Row): boolean {
  const numbers = cells.filter((cell) => isNumeric(cell));
  if (numbers.length === 0) return true;
  return !isNumeric(cells[0] ?? "") && (numbers.every(isDate) || areSteps(numbers));
}

/** Whether `row` names what stands in the rows below it. */
function names(row: Row, below: Row[]): boolean {
  if (filled(row) < 2 || !mayName(row)) return false;
  const numbers = row.cells.filter((cell) => isNumeric(cell));
  const bodies = below.slice(0, belowHead);
  if (numbers.length > 0) {
    // Of the same kind below, they are values as well.
    const sameBelow = (i: number) => bodies.filter(({ cells }) => isDate(cells[i] ?? "")).length > bodies.length / 2;
    const isStep = areSteps(numbers);
    const columns = [...row.cells.keys()].filter((i) => isNumeric(row.cells[i] ?? ""));
    const [first] = bodies;
    if (!first) return false;
    return isStep
      ? !areSteps(columns.map((i) => first.cells[i] ?? "").filter(isFilled))
      : columns.filter(sameBelow).length <= columns.length / 2;
  }
  // Words everywhere, but for the corner, which often is empty; elsewhere there have to be numbers below them.
  if (row.cells.every((cell, i) => i === 0 || isFilled(cell))) return true;
  return row.cells.some((cell, i) => isFilled(cell) && bodies.some(({ cells }) => isNumeric(cells[i] ?? "")));
}

/** Whether the row behind a head is part of it: it says more of some columns, and the rows below have values there. */
function goesOn(head: Row, next: Row | undefined, below: Row[]): boolean {
  if (!next || below.length === 0 || !mayName(next) || filled(next) < 2) return false;
  const width = Math.max(...below.slice(0, belowHead).map(({ cells }) => cells.length));
  const leavesOpen = Array.from({ length: width }, (_, i) => head.cells[i]).some((cell) => !isFilled(cell));
  const isSameFirst = isFilled(head.cells[0]) && head.cells[0] === next.cells[0];
  if (!isSameFirst && (!leavesOpen || isFilled(next.cells[0]) === isFilled(head.cells[0]))) return false;
  return next.cells.some(
    (cell, i) => i > 0 && isFilled(cell) && below.slice(0, belowHead).some(({ cells }) => isNumeric(cells[i] ?? "")),
  );
}

/** Whether rows say one thing each, as titles do that a head may still follow. */
export const areTitles = (rows: Row[]): boolean => rows.length <= mostAbove && rows.every((row) => filled(row) === 1);

/** Which of the first rows of a table name its columns, if any do; those before them are titles. */
export function headOf(rows: Row[]): { from: number; to: number } | null {
  const said = rows.findIndex(({ isHead }) => isHead);
  if (said >= 0) {
    let to = said;
    while (rows[to]?.isHead) to++;
    return { from: said, to };
  }
  if (rows.length < 2) return null;
  const widths = rows
    .slice(Math.floor(rows.length / 2))
    .map(filled)
    .sort((a, b) => a - b);
  const usual = widths[widths.length >> 1] ?? 0;
  const from = rows.findIndex((row, i) => i <= mostAbove && filled(row) >= Math.max(2, Math.ceil(0.6 * usual)));
  const first = rows[from];
  if (!first || !names(first, rows.slice(from + 1))) return null;
  const to = goesOn(first, rows[from + 1], rows.slice(from + 2)) ? from + 2 : from + 1;
  return { from, to };
}
