import type { ReadingBudget } from "../budget.ts";

/** What may stand between cells, the usual first. */
const separators = [",", "\t", "|", ";", "\x1e", "\x1f"];
/** By so much of a table, and so many rows of it, the separator is found out. */
const [sampleLength, sampleRows] = [64 * 1024, 10];
/** Wider rows are several: no program has so many columns. */
const maxCells = 16_384;
const quote = '"';

/** What ends rows: of most programs `\n` or `\r\n`, of some old ones `\r`. */
function lineEndOf(text: string): "\n" | "\r" {
  const sample = text.slice(0, sampleLength);
  const [newline, carriage] = [sample.indexOf("\n"), sample.indexOf("\r")];
  if (carriage < 0 || (newline >= 0 && newline < carriage)) return "\n";
  const pairs = sample.split("\r\n").length;
  return pairs >= sample.split("\r").length / 2 ? "\n" : "\r";
}

/** One look over a table, from its first character to its last. */
class Scanner {
  readonly #text: string;
  readonly #separator: string;
  readonly #lineEnd: string;
  #at: number;
  /** Where the first quote stands that is never closed: it and all behind it are ordinary characters. */
  #openQuote = Number.POSITIVE_INFINITY;

  constructor(text: string, separator: string, lineEnd: string, start = 0) {
    this.#text = text;
    this.#at = start;
    this.#separator = separator;
    this.#lineEnd = lineEnd;
  }

  get isDone(): boolean {
    return this.#at >= this.#text.length;
  }

  get place(): number {
    return this.#at;
  }

  /** The cells of the next row, or of the first part of a very wide one. */
  row(): string[] {
    const cells: string[] = [];
    while (cells.length < maxCells) {
      cells.push(this.#cell());
      const next = this.#text[this.#at];
      if (next !== undefined) this.#at++;
      if (next !== this.#separator) return cells;
    }
    return cells;
  }

  #cell(): string {
    // Some programs write a space behind each separator.
    let at = this.#at;
    while (this.#text[at] === " ") at++;
    if (this.#text[at] !== quote || at >= this.#openQuote) return this.#plain(this.#at);
    this.#at = at;
    return this.#quoted();
  }

  /** Up to the next separator or the end of the line. */
  #plain(from: number): string {
    while (!this.isDone && !this.#endsCell(this.#at)) this.#at++;
    return this.#text.slice(from, this.#at);
  }

  #endsCell = (at: number): boolean => this.#text[at] === this.#separator || this.#text[at] === this.#lineEnd;

  /** Up to a quote that nothing but white space stands behind; others belong to the cell, and two are one. */
  #quoted(): string {
    const from = this.#at;
    for (let at = from + 1; ; at++) {
      at = this.#text.indexOf(quote, at);
      if (at < 0) {
        this.#openQuote = from;
        return this.#plain(from);
      }
      if (this.#text[at + 1] === quote) {
        at++;
        continue;
      }
      let end = at + 1;
      while (end < this.#text.length && !this.#endsCell(end) && /\s/.test(this.#text[end] ?? "")) end++;
      if (end >= this.#text.length || this.#endsCell(end)) {
        this.#at = end;
        return this.#text.slice(from + 1, at).replaceAll(quote + quote, quote);
      }
      at = end - 1;
    }
  }
}

/** How evenly a separator parts the first rows, and in how many cells on average. Lines before the table, as titles are, count little. */
function partingBy(sample: string, separator: string, lineEnd: string): { unevenness: number; cells: number } {
  const scanner = new Scanner(sample, separator, lineEnd);
  const counts: number[] = [];
  let before = 0;
  for (let rows = 0; rows < sampleRows && !scanner.isDone; rows++) {
    const row = scanner.row();
    if (counts.length === 0 && row.length === 1) before++;
    else if (row.some((cell) => cell.trim() !== "")) counts.push(row.length);
  }
  const unevenness = counts.reduce((sum, count, i) => sum + Math.abs(count - (counts[i - 1] ?? count)), before);
  const cells = counts.length < before ? 0 : counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
  return { unevenness, cells };
}

/** Commas in numbers, which most of Europe writes so. */
const decimalComma = /(?<=\d),(?=\d)/g;

function separatorOf(text: string, lineEnd: string): string {
  const sample = text.slice(0, sampleLength);
  let best = { separator: ",", unevenness: Number.POSITIVE_INFINITY, cells: 0 };
  const others = separators.filter((separator) => separator !== "," && sample.includes(separator));
  for (const separator of [...others, ","]) {
    // Where another separator parts all rows alike, the commas of numbers part nothing.
    const isParted = separator === "," && best.unevenness === 0;
    const parted = isParted ? sample.replace(decimalComma, ".") : sample;
    const { unevenness, cells } = partingBy(parted, separator, lineEnd);
    const isBetter = unevenness < best.unevenness || (unevenness === best.unevenness && cells > best.cells);
    if (cells > 1.99 && isBetter) best = { separator, unevenness, cells };
  }
  return best.separator;
}

/** What Excel writes and reads before a table: the separator, which is no row. */
const separatorLine = /^"?sep=([^\r\n"])"?(?:\r\n?|\n|$)/i;

/**
 * The rows of a table of separated values (RFC 4180, and what programs make of it), with the separator that was found out. A quote that is
 * never closed is a character like others.
 */
export function* csvRows(text: string, budget: ReadingBudget): Generator<{ cells: string[]; separator: string }> {
  const lineEnd = lineEndOf(text);
  const said = separatorLine.exec(text.slice(0, 20));
  const separator = said?.[1] ?? separatorOf(text, lineEnd);
  const scanner = new Scanner(text, separator, lineEnd, said?.[0].length);
  while (!scanner.isDone) {
    const from = scanner.place;
    const cells = scanner.row();
    budget.spend(scanner.place - from + cells.length);
    yield { cells, separator };
  }
}
