/** What a worksheet may have at most; references beyond it are a mistake or worse. */
export const maxColumns = 16_384;

/** A cell by its column and row, both from 0; null for what names no cell. */
export function cellOf(reference: string | undefined): { column: number; row: number } | null {
  const [, letters = "", digits = ""] = /^\$?([a-z]{1,3})\$?(\d{0,7})/i.exec(reference ?? "") ?? [];
  if (!letters) return null;
  const column = [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return column < maxColumns ? { column, row: Number(digits) - 1 } : null;
}

/** The cells at the two ends of a range such as `A1:B3`. */
export function rangeOf(reference: string | undefined): { from: Cell; to: Cell } | null {
  const [first, last] = (reference ?? "").split(":");
  const from = cellOf(first);
  const to = last === undefined ? from : cellOf(last);
  return from && to ? { from, to } : null;
}

type Cell = NonNullable<ReturnType<typeof cellOf>>;
