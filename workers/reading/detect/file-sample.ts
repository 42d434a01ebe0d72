/** Bytes of a file that may be looked at to tell what it is: uploads wait for it, whatever their size. */
const most = 64 * 1024;

/** A file of which little is read, at any place. */
export class FileSample {
  readonly #bytes: Uint8Array;
  #left = most;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** How many bytes may still be read. */
  get left(): number {
    return this.#left;
  }

  /** The bytes from `start` on: `length` of them, as far as the file has them and they may be read. */
  read(start: number, length: number): Uint8Array {
    const at = Math.min(Math.max(0, start), this.#bytes.length);
    const bytes = this.#bytes.subarray(at, at + Math.max(0, Math.min(length, this.#left)));
    this.#left -= bytes.length;
    return bytes;
  }

  /** The last bytes, as `read` gives them. */
  readEnd(length: number): Uint8Array {
    const most = Math.min(length, this.#left, this.#bytes.length);
    return this.read(this.#bytes.length - most, most);
  }
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
