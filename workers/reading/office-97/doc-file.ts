import { damagedArchive } from "../archive/zip-archive.ts";
import { maxTextLength, type ReadingBudget } from "../budget.ts";
import { tooMuchText } from "../parsed-document.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import type { CompoundFile } from "./compound-file.ts";

const oldestFormat = 0xc1;

/** Bytes as numbers of little-endian order. Reading past the end throws `RangeError`. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Text of a Word document as it is stored: in order, in pieces that lie anywhere in the file. */
export interface Piece {
  /** Characters from here on, counted over the whole document. */
  start: number;
  text: string;
  /** Where the first character lies in the stream, and how many bytes each has. */
  at: number;
  size: 1 | 2;
}

/** A Word document of Word 97 to 2003 ([MS-DOC]): where its parts are. */
export class DocFile {
  readonly stream: Uint8Array;
  readonly #view: DataView;
  readonly #table: Uint8Array;

  /** Throws `UnreadableDocument` for what is too old, protected or damaged. */
  constructor(file: CompoundFile) {
    const stream = file.stream("WordDocument");
    if (!stream || stream.length < 0x1aa) throw damagedArchive();
    this.stream = stream;
    this.#view = viewOf(stream);
    const flags = this.#view.getUint16(10, true);
    if (this.#view.getUint16(0, true) !== 0xa5ec || this.#view.getUint16(2, true) < oldestFormat) {
      throw new UnreadableDocument(
        "unreadable",
        "This document is of Word 95 or older. Open it in Word or LibreOffice, save it as .docx, and upload that.",
      );
    }
    if (flags & 0x100) {
      throw new UnreadableDocument(
        "encrypted",
        "This document is protected by a password. Remove it and upload it again.",
      );
    }
    const table = file.stream(flags & 0x200 ? "1Table" : "0Table");
    if (!table) throw damagedArchive();
    this.#table = table;
  }

  /** A part of the table stream, by its number in the list of the file's head. */
  part(index: number): Uint8Array {
    const at = this.#view.getUint32(0x9a + 8 * index, true);
    return this.#table.subarray(at, at + this.#view.getUint32(0x9e + 8 * index, true));
  }

  /** The ranges of characters that people read: the text, its footnotes and endnotes, its text boxes; without headers and comments. */
  ranges(): [start: number, end: number][] {
    const length = (index: number) => this.#view.getUint32(0x40 + 4 * index, true);
    const ranges: [number, number][] = [];
    let start = 0;
    for (const [index, isRead] of [
      [3, true],
      [4, true],
      [5, false],
      [7, false],
      [8, true],
      [9, true],
    ] as const) {
      if (isRead && length(index) > 0) ranges.push([start, start + length(index)]);
      start += length(index);
    }
    return ranges;
  }

  /** The text in pieces. Throws `UnreadableDocument` where they are not in the file, or more than a document may hold. */
  *pieces(budget: ReadingBudget): Generator<Piece> {
    const plc = this.#pieceTable();
    const view = viewOf(plc);
    const count = Math.floor((plc.length - 4) / 12);
    for (let i = 0; i < count; i++) {
      const [start, end] = [view.getUint32(4 * i, true), view.getUint32(4 * i + 4, true)];
      if (end < start) throw damagedArchive();
      budget.spend(1 + end - start);
      if (end === start) continue;
      budget.keep();
      if (end > maxTextLength) throw tooMuchText();
      const place = view.getUint32(4 * (count + 1) + 8 * i + 2, true);
      const isNarrow = (place & 0x40000000) !== 0;
      const at = isNarrow ? (place & 0x3fffffff) / 2 : place;
      const size = isNarrow ? 1 : 2;
      const bytes = this.stream.subarray(at, at + (end - start) * size);
      if (bytes.length < (end - start) * size) throw damagedArchive();
      yield { start, at, size, text: isNarrow ? decodeNarrow(bytes) : decodeWide(bytes) };
    }
  }

  #pieceTable(): Uint8Array {
    const part = this.part(33);
    const view = viewOf(part);
    for (let at = 0; at < part.length; ) {
      const kind = part[at];
      if (kind === 2) return part.subarray(at + 5, at + 5 + view.getUint32(at + 1, true));
      if (kind !== 1) break;
      at += 3 + view.getUint16(at + 1, true);
    }
    throw damagedArchive();
  }
}

const decodeNarrow = (bytes: Uint8Array) => new TextDecoder("windows-1252").decode(bytes);

/** UTF-16 unit by unit: no decoder may drop one, since places in the text are counted by them. */
function decodeWide(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length / 2);
  new Uint8Array(units.buffer).set(bytes);
  let text = "";
  for (let i = 0; i < units.length; i += 8_192) text += String.fromCharCode(...units.subarray(i, i + 8_192));
  return text;
}
