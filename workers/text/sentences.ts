import { nearestHeading } from "./section-path.ts";

/** One sentence of a passage, as it can be quoted. */
export interface Sentence {
  text: string;
  /** `heading` lends its words to what follows but answers nothing; `item` is one entry of a list. */
  kind: "sentence" | "heading" | "item";
  /** False for what the passage's edge cut off. */
  whole: boolean;
  /** Number of the paragraph or list entry in the passage. */
  paragraph: number;
}

const abbreviations = new Set(
  "mr mrs ms dr prof st mt sr jr vs etc no nos vol fig figs eq sec ch pp p cf al approx dept est inc ltd co corp gen col capt lt rev hon e.g i.e a.m p.m u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec viz ca".split(
    " ",
  ),
);

const bullet = /^\s*(?:[-*+•‣▪●◦–]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+/;
// A run of marks is looked at from its first only: from each of them, time would grow with the square of the run.
const boundary = /(?<![.!?…])[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？]+[」』”]?/g;
const opensSentence = /[\s"'“‘«([¿¡—–-]*[\p{Lu}\p{Lt}\p{Lo}\p{N}]/uy;
/** A document's own references (`[12]`) hide the ends of sentences, and would read as citations of the answer. */
const reference = /\[\d{1,4}\](?:: ?\d+(?:[–-]\d+)?)?/g;
const endsSentence = /[.!?…。！？]["'”’»)\]」』]*$/;

const opensAt = (text: string, at: number): boolean => {
  opensSentence.lastIndex = at;
  return opensSentence.test(text);
};

/** No abbreviation is longer, with its points. */
const longestAbbreviation = 24;

function isAbbreviation(before: string): boolean {
  const word = /([\p{L}.]+)\.$/u.exec(before)?.[1];
  if (!word) return false;
  return /^\p{Lu}$/u.test(word) || abbreviations.has(word.toLowerCase()) || /^(?:\p{L}\.)+\p{L}$/u.test(word);
}

/** The sentences of one paragraph. */
function splitParagraph(paragraph: string): string[] {
  const sentences: string[] = [];
  const length = paragraph.trimEnd().length;
  let start = 0;
  for (const match of paragraph.matchAll(boundary)) {
    const end = match.index + match[0].length;
    if (end < length && !opensAt(paragraph, end)) continue;
    const before = paragraph.slice(Math.max(start, end - longestAbbreviation), end);
    if (end < length && match[0] === "." && isAbbreviation(before)) continue;
    sentences.push(paragraph.slice(start, end).trim());
    start = end;
  }
  const rest = paragraph.slice(start).trim();
  if (rest !== "") sentences.push(rest);
  return sentences;
}

/** A Markdown heading, or a row of a table. */
const standsAlone = /^\s*(?:#{1,6}\s|\|)|\s\|\s/;

interface Block {
  text: string;
  item: boolean;
  heading: boolean;
}

/** Whether a line goes on in the next one, as lines of a PDF do, rather than ending a paragraph. */
function goesOn(line: string, next: string, usual: number): boolean {
  if (next.trim() === "" || bullet.test(next) || standsAlone.test(next) || standsAlone.test(line)) return false;
  if (/^\s*\p{Ll}/u.test(next)) return true;
  return line.trim().length >= usual * 0.75 && !endsSentence.test(line.trim());
}

const sectionNumber = /^\d{1,2}(?:\.\d{1,2})+\.?\s/;

/** A short line without an end is a heading; with a figure or as “name: value” it tells something by itself. */
function shapeOf(text: string): "heading" | "item" | "prose" {
  const short = text.length <= 120 && !/[.!?…;,:。！？]["”’)]*(?:\s+\p{Lu}|$)/u.test(text);
  if (!short) return "prose";
  if (/\d|: /.test(text.replace(sectionNumber, ""))) return "item";
  return text.length <= 90 && text.split(" ").length <= 12 ? "heading" : "prose";
}

/** Code and data: a line that is no prose and full of signs. Nobody's sentence, though its words may help to find one. */
function isCode(text: string): boolean {
  return !endsSentence.test(text) && (text.match(/[{}()<>\\=;$"'`_]|--|:\/\//g)?.length ?? 0) > text.length * 0.08;
}

function blocksOf(text: string, section: string | null): Block[] {
  const lines = text.split(/\r?\n/);
  const usual = lines.reduce((longest, line) => Math.max(longest, line.trim().length), 0);
  const blocks: Block[] = [];
  let current = "";
  const close = () => {
    const isMarked = /^\s*#{1,6}\s/.test(current);
    const isBullet = bullet.test(current);
    const plain = current
      .replace(/^\s*#{1,6}\s+/, "")
      .replace(bullet, "")
      .replace(/\s+/g, " ")
      .trim();
    // A rule between parts or a page's number is no sentence of anybody's.
    if (/\p{L}/u.test(plain)) {
      const shape = isCode(plain) ? "heading" : shapeOf(plain);
      const isTitle = section !== null && current.trim() === nearestHeading(section);
      const heading = isMarked || isTitle || (!isBullet && shape === "heading");
      blocks.push({ text: plain, item: !heading && (isBullet || shape === "item"), heading });
    }
    current = "";
  };
  for (const [i, line] of lines.entries()) {
    if (line.trim() !== "") current = current === "" ? line : `${current} ${line.trim()}`;
    const next = lines[i + 1];
    if (next === undefined || !goesOn(line, next, usual)) close();
  }
  close();
  return blocks;
}

/**
 * The sentences of a passage in order, with headings and list entries told apart. Line breaks inside a paragraph are joined;
 * nothing else of the wording changes. `section` is the heading that the passage stands under, where one is known.
 */
export function sentencesOf(passage: string, section: string | null = null): Sentence[] {
  const blocks = blocksOf(passage.replace(reference, ""), section);
  const sentences: Sentence[] = [];
  blocks.forEach((block, b) => {
    const parts = block.heading ? [block.text] : splitParagraph(block.text);
    parts.forEach((text, s) => {
      const first = b === 0 && s === 0;
      const last = b === blocks.length - 1 && s === parts.length - 1;
      const cutBefore = first && !opensAt(text, 0) && !block.item;
      const cutAfter = last && !endsSentence.test(text) && !block.item;
      const alone = parts.length === 1;
      const kind = block.heading ? "heading" : block.item && alone ? "item" : "sentence";
      sentences.push({ text, kind, whole: !cutBefore && (!cutAfter || block.heading), paragraph: b });
    });
  });
  return sentences;
}
