import { nearestHeading } from "./section-path.ts";
import { cellsOf, type TableRow, tableRows } from "./table-rows.ts";

/** One sentence of a passage, as it can be quoted. */
export interface Sentence {
  text: string;
  /**
   * `heading` lends its words to what follows but answers nothing; `item` is one entry of a list; `row` is one of a table, whose
   * text says each cell's head.
   */
  kind: "sentence" | "heading" | "item" | "row";
  /** False for what the passage's edge cut off. */
  whole: boolean;
  /** Number of the paragraph, the list entry or the row in the passage. */
  paragraph: number;
  /** A row's cells; none elsewhere. */
  row?: TableRow;
}

const abbreviations = new Set(
  (
    "mr mrs ms dr prof st mt sr jr vs etc no nos vol fig figs eq sec ch pp p cf al approx dept est inc ltd co corp gen col capt lt rev hon e.g i.e a.m p.m u.s u.k " +
    "jan feb mar apr jun jul aug sep sept oct nov dec viz ca bzw usw ggf evtl inkl zzgl nr hr fr abs str tel sra ud uds pág mme г ул стр им тыс млн"
  ).split(" "),
);
/** What a German number with a point is the ordinal of: its capital letter opens no sentence. */
const numbered =
  /^\s*(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Auflage|Stock|Etage|Klasse|Kapitel|Weltkrieg)/;

const bullet = /^\s*(?:[-*+•‣▪●◦–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+/;
// A run of marks is looked at from its first only: from each of them, time would grow with the square of the run.
const boundary =
  /(?<![.!?…])[.!?…]+["'”’»)\]]*(?=\s|$)|(?<=\p{sc=Greek});(?=\s|$)|[\u037e؟۔।॥։።፧။។]+["'”’»)\]]*|[。！？｡]+[」』”）]?/gu;
const opensSentence = /[\s"'“‘«([¿¡—–-]*[\p{Lu}\p{Lt}\p{Lo}\p{N}]/uy;
/** A document's own references (`[12]`) and marks of footnotes (`[^1]`) hide the ends of sentences, and would read as citations of the answer. */
const reference = /\[\d{1,4}\](?:: ?\d+(?:[–-]\d+)?)?|\[\^[^\s[\]]{1,60}\](?:: )?/g;
const endsSentence = /(?:[.!?…。！？｡\u037e؟۔।॥։።፧။។]|(?<=\p{sc=Greek});)["'”’»)\]」』）]*$/u;
/** Scripts whose sentences end with a space, or with nothing. */
const unmarked = /[\p{sc=Thai}\p{sc=Lao}]/gu;
const isUnmarked = (text: string) => (text.match(unmarked)?.length ?? 0) * 2 > text.length;
const longestPhrase = 160;

const opensAt = (text: string, at: number): boolean => {
  opensSentence.lastIndex = at;
  return opensSentence.test(text);
};

/** No abbreviation is longer, with its points. */
const longestAbbreviation = 24;

function isAbbreviation(before: string, after: string): boolean {
  if (/(?:^|\s)\d{1,2}\.$/.test(before)) return numbered.test(after);
  const word = /([\p{L}.]+)\.$/u.exec(before)?.[1];
  if (!word) return false;
  if (/^\p{L}$/u.test(word) && (/^\p{Lu}$/u.test(word) || /^\s?\p{Lu}\./u.test(after))) return true;
  return abbreviations.has(word.toLowerCase()) || /^(?:\p{L}\.)+\p{L}$/u.test(word);
}

/** The phrases of a script without marks, joined to what can be read as a sentence. */
function phrasesOf(paragraph: string): string[] {
  const joined: string[] = [];
  for (const phrase of paragraph.split(/\s+/)) {
    const last = joined.at(-1);
    if (last === undefined || last.length + phrase.length > longestPhrase) joined.push(phrase);
    else joined[joined.length - 1] = `${last} ${phrase}`;
  }
  return joined;
}

/** The sentences of one paragraph. */
function splitParagraph(paragraph: string): string[] {
  if (isUnmarked(paragraph)) return phrasesOf(paragraph);
  const sentences: string[] = [];
  const length = paragraph.trimEnd().length;
  let start = 0;
  for (const match of paragraph.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (end < length && !opensAt(paragraph, end)) continue;
    const before = paragraph.slice(Math.max(start, end - longestAbbreviation), end);
    if (end < length && match[0] === "." && isAbbreviation(before, paragraph.slice(end, end + 20))) continue;
    sentences.push(paragraph.slice(start, end).trim());
    start = end;
  }
  const rest = paragraph.slice(start).trim();
  if (rest !== "") sentences.push(rest);
  return sentences;
}

/** A Markdown heading, or a row of a table. */
const standsAlone = (line: string) => /^\s*#{1,6}\s/.test(line) || cellsOf(line) !== null;

interface Block {
  text: string;
  kind: "prose" | "heading" | "item" | "row";
  row?: TableRow;
}

/** Whether a line goes on in the next one, as lines of a PDF do, rather than ending a paragraph. */
function goesOn(line: string, next: string, usual: number): boolean {
  if (next.trim() === "" || bullet.test(next) || standsAlone(next) || standsAlone(line)) return false;
  if (/^\s*\p{Ll}/u.test(next)) return true;
  return line.trim().length >= usual * 0.75 && !endsSentence.test(line.trim());
}

const sectionNumber = /^\d{1,2}(?:\.\d{1,2})+\.?\s/;
/** Characters that a heading of a script without spaces rarely has. */
const longestUnspacedHeading = 24;

/** A short line without an end is a heading; with a figure or as “name: value” it tells something by itself. */
function shapeOf(text: string): "heading" | "item" | "prose" {
  const isShort =
    text.length <= 120 && !/[.!?…;,:。！？؟।]["”’)]*(?:\s+\p{Lu}|$)/u.test(text) && !endsSentence.test(text);
  if (!isShort || isUnmarked(text)) return "prose";
  if (/\p{N}|[:：]\s?\S/u.test(text.replace(sectionNumber, ""))) return "item";
  const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text);
  const isHeading = unspaced
    ? text.length <= longestUnspacedHeading
    : text.length <= 90 && text.split(" ").length <= 12;
  return isHeading ? "heading" : "prose";
}

/** Code and data: a line that is no prose and full of signs. Nobody's sentence, though its words may help to find one. */
function isCode(text: string): boolean {
  return !endsSentence.test(text) && (text.match(/[{}()<>\\=;$"'`_]|--|:\/\//g)?.length ?? 0) > text.length * 0.08;
}

function blockOf(lines: string, section: string | null): Block | null {
  const isMarked = /^\s*#{1,6}\s/.test(lines);
  const isBullet = bullet.test(lines);
  const text = lines
    .replace(/^\s*#{1,6}\s+/, "")
    .replace(bullet, "")
    .replace(/\s+/g, " ")
    .trim();
  // A rule between parts or a page's number is no sentence of anybody's.
  if (!/\p{L}/u.test(text)) return null;
  const isTitle = section !== null && lines.trim() === nearestHeading(section) && !endsSentence.test(text);
  if (isMarked || isTitle) return { text, kind: "heading" };
  if (isBullet) return { text, kind: "item" };
  return { text, kind: isCode(text) ? "heading" : shapeOf(text) };
}

function blocksOf(text: string, section: string | null): Block[] {
  const lines = text.split(/\r?\n/);
  const rows = tableRows(lines);
  const usual = lines.reduce((longest, line) => Math.max(longest, line.trim().length), 0);
  const blocks: Block[] = [];
  let current = "";
  const close = () => {
    const block = blockOf(current, section);
    if (block) blocks.push(block);
    current = "";
  };
  for (const [i, line] of lines.entries()) {
    const row = rows.get(i);
    if (row) {
      blocks.push({ text: row.text, kind: row.isHead ? "heading" : "row", row });
      continue;
    }
    if (line.trim() !== "") current = current === "" ? line : `${current} ${line.trim()}`;
    const next = lines[i + 1];
    if (next === undefined || rows.has(i + 1) || !goesOn(line, next, usual)) close();
  }
  close();
  return blocks;
}

/**
 * The sentences of a passage in order, with headings, list entries and rows told apart. Line breaks inside a paragraph are joined,
 * and a row is said with its head; nothing else of the wording changes. `section` is the heading that the passage stands under, where
 * one is known.
 */
export function sentencesOf(passage: string, section: string | null = null): Sentence[] {
  const blocks = blocksOf(passage.replace(reference, ""), section);
  const sentences: Sentence[] = [];
  blocks.forEach((block, b) => {
    const { row } = block;
    if (row) {
      sentences.push({ text: block.text, kind: row.isHead ? "heading" : "row", whole: true, paragraph: b, row });
      return;
    }
    const isProse = block.kind === "prose";
    const parts = block.kind === "heading" ? [block.text] : splitParagraph(block.text);
    parts.forEach((text, s) => {
      const first = b === 0 && s === 0;
      const last = b === blocks.length - 1 && s === parts.length - 1;
      const cutBefore = first && isProse && !opensAt(text, 0);
      const cutAfter = last && isProse && !endsSentence.test(text) && !isUnmarked(text);
      const kind = block.kind === "heading" || (block.kind === "item" && parts.length === 1) ? block.kind : "sentence";
      sentences.push({ text, kind, whole: !cutBefore && !cutAfter, paragraph: b });
    });
  });
  return sentences;
}
