/** What a line of Markdown begins with. Columns count a tab as the distance to the next fourth column. */
export interface LineStart {
  /** Column of the first character that is no white space. */
  indent: number;
  isBlank: boolean;
  /** How many `>` stand before its text, and how far it is indented behind the last of them. */
  quotes: number;
  inner: number;
  /** The columns from which the text of the entries and footnotes counts that begin on it. */
  items: number[];
  /** The number of the first of these entries; null for one without. */
  number: number | null;
  /** Where its own text begins: index and column. */
  at: number;
  column: number;
  /** Whether it has a text of its own. */
  hasText: boolean;
}

const marker = /(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)|(\[\^[^\]\s]{1,200}\]:)/y;

/** Reads the quotes, entries and footnotes that a line opens or goes on with; `baseOf` says from where an indent counts. */
export function readLineStart(line: string, baseOf: (indent: number) => number): LineStart {
  let at = 0;
  let column = 0;
  const skip = () => {
    for (; line[at] === " " || line[at] === "\t"; at++) column += line[at] === " " ? 1 : 4 - (column % 4);
  };
  skip();
  const start = { indent: column, isBlank: at === line.length, quotes: 0, inner: 0 };
  const items: number[] = [];
  let number: number | null = null;
  let base = baseOf(column);
  // Four columns in, it is code or goes on with a paragraph. In a quote, lines before it may have gone in.
  while (at < line.length && (start.quotes > 0 || column - base < 4)) {
    if (line[at] === ">") {
      start.quotes++;
      at++;
      base = ++column;
      skip();
      start.inner = column - base;
      continue;
    }
    marker.lastIndex = at;
    const found = marker.exec(line);
    if (!found) break;
    if (items.length === 0 && found[1]) number = Number(found[1]);
    const footnote = found[2] !== undefined;
    at += found[0].length;
    column += found[0].length;
    const after = column;
    skip();
    // Text that is far in begins one column behind the marker, and is code.
    const text = at === line.length || column - after > 4 ? after + 1 : column;
    items.push(footnote ? base + 4 : text);
    base = text;
  }
  return { ...start, items, number, at, column, hasText: at < line.length };
}

const underline = /^(?:=+|-+)[ \t]*$/;

/** Whether a line's text makes a heading of the line before it. */
export const isUnderline = (text: string): boolean => underline.test(text);

/** How many columns the row under a table's head makes; 0 where it is no such row. */
export function columnsOf(text: string): number {
  if (!/^[-:| \t]*$/.test(text) || !/[|:]/.test(text)) return 0;
  const cells = text.split("|").map((cell) => cell.trim());
  if (cells[0] === "") cells.shift();
  if (cells.at(-1) === "") cells.pop();
  return cells.every((cell) => /^:?-+:?$/.test(cell)) ? cells.length : 0;
}
