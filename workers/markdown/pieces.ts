import { bounds } from "./bounds.ts";
import { definitionsIn, definitionsUsed } from "./definitions.ts";
import { Meter, opensBlock } from "./meter.ts";

/** A part of a text that is parsed by itself, or that is shown as the characters it is. */
export interface Piece {
  kind: "markdown" | "plain";
  text: string;
  /** What links and footnotes of this piece refer to and other pieces define, to be put before it. */
  definitions: string;
}

interface Block {
  kind: Piece["kind"];
  text: string;
  work: number;
}

/** Blocks that are parsed together, and what the text has cost up to their end. */
interface Part extends Block {
  spent: number;
}

/** Blocks are parsed together up to this length: a text that is being written is parsed anew from its last piece only. */
const usualPiece = 2_000;
/** A text with footnotes is parsed at once up to this length, so that they are numbered through and stand at its end. */
const longestWithFootnotes = 20_000;

const lineEnd = /\r\n|\n|\r/g;
const footnote = /(?:^|[\r\n])\[\^[^\]\s]+\]:/;

/** The blocks of Markdown that mean the same alone as between the others. */
function* blocksOf(text: string): Generator<Block> {
  let meter = new Meter();
  let start = 0;
  const ended = (end: number): Block => ({
    kind: meter.isBeyond ? "plain" : "markdown",
    text: text.slice(start, end),
    work: meter.work,
  });
  for (let at = 0; at < text.length; ) {
    lineEnd.lastIndex = at;
    const end = lineEnd.exec(text);
    const next = end ? lineEnd.lastIndex : text.length;
    const line = text.slice(at, end?.index ?? next);
    let look = meter.look(line);
    if (at > start && !meter.inCode && !look.isBlank && look.indent === 0) {
      const isLong = at - start > usualPiece;
      // A list goes on behind a blank line; a long one may be cut between two entries, where their numbers stay what they are.
      const isEntry = look.items.length > 0 && look.quotes === 0;
      const cutsList =
        isLong && isEntry && look.hasText && look.number !== 1 && (look.number === null || meter.afterBlank);
      if (opensBlock(line) || (isEntry && meter.inList ? cutsList : meter.afterBlank)) {
        yield ended(at);
        start = at;
        meter = new Meter();
        look = meter.look(line);
      }
    }
    meter.count(line, look);
    at = next;
  }
  if (start < text.length) yield ended(text.length);
}

/** Puts blocks together as they are parsed, and gives up parsing where the whole has cost `bounds.work`. */
function gather(blocks: Iterable<Block>, usual: number, before: number): Part[] {
  const parts: Part[] = [];
  let spent = before;
  for (const block of blocks) {
    if (block.kind === "markdown") spent += block.work;
    const kind = spent > bounds.work ? "plain" : block.kind;
    const last = parts.at(-1);
    if (last?.kind === kind && (kind === "plain" || last.text.length + block.text.length <= usual)) {
      last.text += block.text;
      last.spent = spent;
    } else parts.push({ ...block, kind, spent });
  }
  return parts;
}

/** A text in pieces, and what is needed to go on where it grows. */
export interface Split {
  pieces: Piece[];
  text: string;
  parts: Part[];
}

/** The parts that no more text can change: the last may grow, and a line that is not whole may turn out to belong above. */
function settledIn({ parts }: Split): Part[] {
  return parts.slice(0, parts.at(-1)?.text.includes("\n") ? -1 : -2);
}

/**
 * A text as pieces that can be parsed one by one in time that grows as the text does; what is beyond the bounds is plain. Their
 * texts, put together, are the text. `before` is the split of a beginning of it: what is settled there is not read again.
 */
export function splitMarkdown(text: string, before?: Split): Split {
  const hasFootnotes = text.length <= longestWithFootnotes && footnote.test(text);
  const settled = before && !hasFootnotes && text.startsWith(before.text) ? settledIn(before) : [];
  const start = settled.reduce((sum, part) => sum + part.text.length, 0);
  const usual = hasFootnotes ? longestWithFootnotes : usualPiece;
  const parts = [...settled, ...gather(blocksOf(text.slice(start)), usual, settled.at(-1)?.spent ?? 0)];
  const all = parts.length > 1 ? definitionsIn(text) : new Map<string, string>();
  const pieces = parts.map(({ kind, text: own }) => {
    return { kind, text: own, definitions: kind === "markdown" ? definitionsUsed(all, own) : "" };
  });
  return { pieces, text, parts };
}
