import { maxBlocks, maxTextLength } from "./budget.ts";
import { type DocumentProperties, documentProperties } from "./document-properties.ts";
import type { LeftOut } from "./left-out.ts";
import { unglueRaised } from "./raised-text.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

/** A paragraph, heading, table or list item as a reader delivers it, in reading order. */
export interface Block {
  text: string;
  /** Physical page from 1; null where the format has none. */
  page: number | null;
  /** The headings above, from the outermost to the nearest (a heading's own text is the last for itself): see `SectionPath`. */
  section: string | null;
  heading?: boolean;
  /** Rows of a table below its head, a line each. */
  table?: boolean;
}

/** Where a block stands in the document's text, in UTF-16 units. */
export interface PlacedBlock {
  start: number;
  end: number;
  page: number | null;
  section: string | null;
  heading: boolean;
  table?: true;
}

/** A document as it was read: one text that chunks and citations point into, and the blocks it is made of. */
export interface ParsedDocument {
  text: string;
  pages: number | null;
  blocks: PlacedBlock[];
  properties: DocumentProperties;
  /** What of the file was not read. */
  leftOut?: LeftOut;
}

export const tooMuchText = () =>
  new UnreadableDocument(
    "too_much_text",
    "This document holds more than 12 million characters or 400,000 paragraphs of text. Split it into several files and upload those.",
  );

/** A list of blocks that ends with `too_much_text` before it is more than a document may hold. */
export class BlockList<B extends Block = Block> extends Array<B> {
  override push(...blocks: B[]): number {
    if (this.length + blocks.length > maxBlocks) throw tooMuchText();
    return super.push(...blocks);
  }
}

const separator = "\n\n";

/** Lone surrogates cannot be stored as UTF-8 and would shift every offset behind them; NUL ends strings in SQLite. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

/** Joins blocks into one text; `said` is what the file says of itself. Throws `UnreadableDocument` where there is nothing to read, or too much. */
export function assembleDocument(
  blocks: Iterable<Block>,
  pages: number | null,
  said: Parameters<typeof documentProperties>[0] = {},
): ParsedDocument {
  const parts: string[] = [];
  const placed: PlacedBlock[] = [];
  let length = 0;
  for (const block of blocks) {
    const text = unglueRaised(storable(block.text)).trim();
    if (!text) continue;
    if (placed.length > 0) {
      parts.push(separator);
      length += separator.length;
    }
    placed.push({
      start: length,
      end: length + text.length,
      page: block.page,
      section: block.section === null ? null : storable(block.section).slice(0, 200).trim() || null,
      heading: block.heading ?? false,
      ...(block.table && { table: true }),
    });
    parts.push(text);
    length += text.length;
    if (length > maxTextLength || placed.length > maxBlocks) {
      throw tooMuchText();
    }
  }
  const text = parts.join("");
  if (!/[\p{L}\p{N}]/u.test(text)) {
    throw new UnreadableDocument("empty", "This document has no text in it. Upload one that has.");
  }
  return { text, pages, blocks: placed, properties: documentProperties(said) };
}
