/**
 * How much Markdown is parsed. A parser of Markdown takes time out of all proportion for what was written to that end: for each of
 * these there is a text of some kilobytes that holds it up for seconds. Within them its time grows as the text does.
 */
export const bounds = {
  /** Lists and quotes within each other. */
  depth: 10,
  /** Characters of a block, which ends at the next block that begins at the margin; code is not counted. */
  blockCharacters: 20_000,
  /** Paragraphs, entries and rows of a block. */
  leaves: 1_000,
  /** Columns times rows of a table: what a row leaves out is filled up. */
  cells: 4_000,
  /** Lines of a paragraph, each counted once more for every list and quote around it. */
  lines: 400,
  /** Runs of `*`, `_` and `~` in a paragraph, an entry, or a row of a table. */
  emphases: 150,
  /** `[` and `]` in the same. */
  brackets: 400,
  /** Lines of `=` or `-` under a text in a block. */
  underlines: 100,
  /** What a text may cost in all, in the units of `costs`. */
  work: 1_000_000,
} as const;

/** What parsing takes, beside each other: a unit is some tenths of a microsecond. */
export const costs = {
  character: 0.5,
  line: 20,
  codeLine: 4,
  /** A paragraph, an entry or a row that begins. */
  leaf: 40,
  /** Each list or quote around a line. */
  container: 20,
  item: 120,
  cell: 40,
  emphasis: 30,
  bracket: 20,
  formula: 800,
  /** Any other sign that means something. */
  sign: 20,
} as const;
