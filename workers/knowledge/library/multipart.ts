import { pause } from "../../platform/pause.ts";

/** One part of a multipart form, with its bytes. */
export interface FormPart {
  name: string;
  /** Null for a plain field. */
  filename: string | null;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The body is not multipart/form-data, or was cut off. */
export class MalformedForm extends Error {}

const maxHeaderBytes = 16 * 1024;
/** Others have their turn after so much of a form: bytes that come as fast as they are read would not let go of the thread. */
const pauseEveryBytes = 512 * 1024;
/** From here on a part counts as large. */
const largeBytes = 1024 * 1024;

/** Bytes of one part. A large file is put where all that is still to come would fit: it is never in memory twice. */
class GrowingBytes {
  readonly #limit: number;
  readonly #stillToCome: () => number;
  #bytes = new Uint8Array();
  #length = 0;

  constructor(limit: number, stillToCome: () => number) {
    this.#limit = limit;
    this.#stillToCome = stillToCome;
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#limit) throw new MalformedForm("A part is too long.");
    if (needed > this.#bytes.length) {
      const guess = needed < largeBytes ? needed * 2 : Math.max(needed * 1.5, needed + this.#stillToCome());
      const longer = new Uint8Array(Math.ceil(Math.min(this.#limit, guess)));
      longer.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = longer;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
  }

  take(): Uint8Array<ArrayBuffer> {
    const { buffer, byteLength } = this.#bytes;
    return this.#length > byteLength * 0.8
      ? new Uint8Array(buffer, 0, this.#length)
      : this.#bytes.slice(0, this.#length);
  }
}

/** Where `needle` begins in `bytes` from `from` on, or -1. */
function indexOf(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const first = needle[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < needle.length && bytes[at + length] === needle[length]) length++;
    if (length === needle.length) return at;
  }
  return -1;
}

/** Reads a stream up to given marks, with no more of it in memory than a mark's length beyond one piece. */
class MarkReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  /** Bytes of the stream that were not read yet, as far as its length is known. */
  left: number;
  #sincePause = 0;

  constructor(pieces: AsyncIterator<Uint8Array>, length: number) {
    this.#pieces = pieces;
    this.left = length;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#pieces.next();
    if (done) throw new MalformedForm("The form ends before its last boundary.");
    this.left = Math.max(0, this.left - value.length);
    this.#sincePause += value.length;
    if (this.#sincePause > pauseEveryBytes) {
      this.#sincePause = 0;
      await pause();
    }
    const joined = new Uint8Array(this.#rest.length + value.length);
    joined.set(this.#rest);
    joined.set(value, this.#rest.length);
    this.#rest = joined;
  }

  /** Hands on everything before the mark and moves behind it. */
  async until(mark: Uint8Array, onBytes: (bytes: Uint8Array) => void): Promise<void> {
    for (;;) {
      const at = indexOf(this.#rest, mark, 0);
      if (at >= 0) {
        onBytes(this.#rest.subarray(0, at));
        this.#rest = this.#rest.subarray(at + mark.length);
        return;
      }
      // The mark may have begun in what is here.
      const safe = Math.max(0, this.#rest.length - mark.length + 1);
      onBytes(this.#rest.subarray(0, safe));
      this.#rest = this.#rest.subarray(safe);
      await this.#more();
    }
  }

  async next(count: number): Promise<Uint8Array> {
    while (this.#rest.length < count) await this.#more();
    const bytes = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return bytes;
  }
}

/** A parameter of a header: `name="a \"b\""`, or without quotes. Browsers write %22 for quotes and %0D%0A for line ends. */
function parameter(header: string, name: string): string | null {
  const match = new RegExp(`[;\\s]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, "i").exec(header);
  const value = match?.[1] ?? match?.[2];
  return value === undefined ? null : value.replace(/\\(["\\])/g, "$1").replaceAll("%22", '"');
}

function partOf(head: string): { name: string; filename: string | null } {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const extended = /[;\s]filename\*=utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  const name = parameter(disposition, "name");
  if (!/form-data/i.test(disposition) || name === null) throw new MalformedForm("A part has no name.");
  if (extended === undefined) return { name, filename: parameter(disposition, "filename") };
  try {
    return { name, filename: decodeURIComponent(extended) };
  } catch {
    // Not percent-encoding: taken as it stands.
    return { name, filename: extended };
  }
}

/** The boundary that a Content-Type names, or null where it is not a form's. */
export function boundaryOf(contentType: string): string | null {
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(contentType)) return null;
  const boundary = parameter(contentType, "boundary");
  return boundary !== null && boundary.length >= 1 && boundary.length <= 200 ? boundary : null;
}

/** Most parts of a form: what a page sends has some twenty. */
const maxParts = 100;

/**
 * Reads a form as it arrives, part by part. Every file is in memory once, whatever the runtime's own `formData` would hold of
 * it, as an isolate has 128 MB for everything. `length` is the body's, or 0 where it is not known; `limit` the most bytes that
 * one part may have. Throws `MalformedForm`.
 */
export async function* readMultipart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  { length, limit }: { length: number; limit: number },
): AsyncGenerator<FormPart> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    yield* partsIn(new MarkReader(pieces, length), boundary, limit);
  } finally {
    await pieces.return?.();
  }
}

async function* partsIn(reader: MarkReader, boundary: string, limit: number): AsyncGenerator<FormPart> {
  const encoder = new TextEncoder();
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  const headEnd = encoder.encode("\r\n\r\n");
  // The first boundary may stand at the very start, without the line end that belongs to the others.
  await reader.until(delimiter.subarray(2), () => {});
  for (let count = 0; ; count++) {
    const [first, second] = await reader.next(2);
    if (first === 0x2d && second === 0x2d) return;
    if (count === maxParts) throw new MalformedForm("The form has too many parts.");
    if (first !== 0x0d || second !== 0x0a) throw new MalformedForm("A boundary is not followed by a line end.");
    const head = new GrowingBytes(maxHeaderBytes, () => 0);
    await reader.until(headEnd, (bytes) => head.append(bytes));
    const { name, filename } = partOf(new TextDecoder().decode(head.take()));
    const content = new GrowingBytes(limit, () => reader.left);
    await reader.until(delimiter, (bytes) => content.append(bytes));
    yield { name, filename, bytes: content.take() };
  }
}
