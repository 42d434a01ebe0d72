import { damagedArchive } from "../archive/zip-archive.ts";

/** A record of a BIFF8 stream: its type, and its data with what continues it. */
export interface XlsRecord {
  type: number;
  /** Where it begins in the stream. */
  at: number;
  /** Its data, and those of the records that continue it; for texts, each begins anew with how its characters are stored. */
  parts: Uint8Array[];
}

const continuation = 0x3c;

/** The records of a stream from `start` on. */
export function* recordsOf(stream: Uint8Array, start = 0): Generator<XlsRecord> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const partAt = (at: number) => stream.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));
  for (let at = start; at + 4 <= stream.length; ) {
    const record: XlsRecord = { type: view.getUint16(at, true), at, parts: [partAt(at)] };
    at += 4 + view.getUint16(at + 2, true);
    while (at + 4 <= stream.length && view.getUint16(at, true) === continuation) {
      record.parts.push(partAt(at));
      at += 4 + view.getUint16(at + 2, true);
    }
    yield record;
  }
}

/** Reads the fields of a record in order, over the parts that it is in. Throws `UnreadableDocument` past its end. */
export class FieldReader {
  readonly #parts: Uint8Array[];
  #part = 0;
  #at: number;

  constructor(parts: Uint8Array[], at = 0) {
    this.#parts = parts;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#part >= this.#parts.length - 1 && this.#at >= (this.#parts[this.#part]?.length ?? 0);
  }

  byte(): number {
    let part = this.#parts[this.#part];
    while (part && this.#at >= part.length) {
      part = this.#parts[++this.#part];
      this.#at = 0;
    }
    const byte = part?.[this.#at++];
    if (byte === undefined) throw damagedArchive();
    return byte;
  }

  short(): number {
    return this.byte() | (this.byte() << 8);
  }

  long(): number {
    return (this.short() | (this.short() << 16)) >>> 0;
  }

  skip(bytes: number): void {
    for (let left = bytes; left > 0; ) {
      const part = this.#parts[this.#part];
      if (!part) throw damagedArchive();
      const step = Math.min(left, part.length - this.#at);
      this.#at += step;
      left -= step;
      if (left > 0) {
        this.#part++;
        this.#at = 0;
      }
    }
  }

  /** `count` characters, of two bytes each where `isWide`; each part that they go on in says anew how wide they are. */
  characters(count: number, isWide: boolean): string {
    let text = "";
    let wide = isWide;
    for (let left = count; left > 0; ) {
      let part = this.#parts[this.#part];
      if (part && this.#at >= part.length) {
        part = this.#parts[++this.#part];
        wide = ((part?.[0] ?? 0) & 1) === 1;
        this.#at = 1;
      }
      if (!part) throw damagedArchive();
      const size = wide ? 2 : 1;
      const fitting = Math.min(left, Math.floor((part.length - this.#at) / size));
      if (fitting <= 0) throw damagedArchive();
      const bytes = part.subarray(this.#at, this.#at + fitting * size);
      // One byte each are the first 256 characters of Unicode, which no decoder is.
      text += wide ? new TextDecoder("utf-16le").decode(bytes) : String.fromCharCode(...bytes);
      this.#at += fitting * size;
      left -= fitting;
    }
    return text;
  }

  /** A text with the number of its characters, its formats and readings before and behind it (XLUnicodeRichExtendedString). */
  text(countSize: 1 | 2 = 2): string {
    const count = countSize === 1 ? this.byte() : this.short();
    const flags = this.byte();
    const runs = flags & 8 ? this.short() : 0;
    const extension = flags & 4 ? this.long() : 0;
    const text = this.characters(count, (flags & 1) === 1);
    this.skip(runs * 4);
    this.skip(extension);
    return text;
  }
}
