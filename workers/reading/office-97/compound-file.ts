import { damagedArchive } from "../archive/zip-archive.ts";

/** A stream of a compound file, or a storage that holds others. */
interface Entry {
  name: string;
  /** 1 is a storage, 2 a stream, 5 the root. */
  type: number;
  left: number;
  right: number;
  child: number;
  start: number;
  size: number;
}

const signature = "d0cf11e0a1b11ae1";
const endOfChain = 0xfffffffe;
const entrySize = 128;
const maxEntries = 20_000;

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether bytes begin as those of the old Office programs do. */
export const isCompound = (bytes: Uint8Array): boolean => hex(bytes.subarray(0, 8)) === signature;

/**
 * The file system in a file of the old Office programs ([MS-CFB]). Chains of sectors are followed as streams are read, and never
 * further than the file has sectors; streams in one piece are not copied.
 */
export class CompoundFile {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sectorShift: number;
  readonly #miniCutoff: number;
  /** The sectors that say which sector follows which. */
  readonly #tableSectors: number[];
  /** By their names in lower case, in which they are compared. */
  readonly #streams = new Map<string, Entry>();
  readonly #root: Entry;
  #miniStream: Uint8Array | null = null;
  #miniTable: Uint8Array | null = null;

  /** Reads the list of streams. Throws `UnreadableDocument` for what is no compound file, or a damaged one. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 512 || !isCompound(bytes)) throw damagedArchive();
    this.#sectorShift = this.#view.getUint16(30, true);
    if (this.#sectorShift !== 9 && this.#sectorShift !== 12) throw damagedArchive();
    this.#miniCutoff = this.#view.getUint32(56, true);
    this.#tableSectors = this.#readTableSectors();
    const directory = this.#chain(this.#view.getUint32(48, true));
    const root = this.#entry(directory, 0);
    if (root?.type !== 5) throw damagedArchive();
    this.#root = root;
    this.#list(directory, root.child);
  }

  has(name: string): boolean {
    return this.#streams.has(name.toLowerCase());
  }

  /** A stream beside the root; null where there is none. Throws `UnreadableDocument` where its sectors are not in the file. */
  stream(name: string): Uint8Array | null {
    const entry = this.#streams.get(name.toLowerCase());
    if (entry?.type !== 2) return null;
    return entry.size < this.#miniCutoff ? this.#mini(entry) : this.#chain(entry.start, entry.size);
  }

  #sector(number: number): Uint8Array {
    const at = (number + 1) * 2 ** this.#sectorShift;
    // The last sector may be cut off.
    if (at >= this.#bytes.length) throw damagedArchive();
    return this.#bytes.subarray(at, at + 2 ** this.#sectorShift);
  }

  #readTableSectors(): number[] {
    const sectors: number[] = [];
    const most = this.#bytes.length >> this.#sectorShift;
    const add = (number: number) => {
      if (number < endOfChain - 2 && sectors.length <= most) sectors.push(number);
    };
    for (let i = 0; i < 109; i++) add(this.#view.getUint32(76 + 4 * i, true));
    const perSector = 2 ** (this.#sectorShift - 2) - 1;
    let next = this.#view.getUint32(68, true);
    for (let hops = 0; next < endOfChain - 2 && hops <= most; hops++) {
      const sector = this.#sector(next);
      const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
      if (sector.length < 4 * (perSector + 1)) throw damagedArchive();
      for (let i = 0; i < perSector; i++) add(view.getUint32(4 * i, true));
      next = view.getUint32(4 * perSector, true);
    }
    return sectors;
  }

  #next(number: number): number {
    const perSector = 2 ** (this.#sectorShift - 2);
    const table = this.#tableSectors[Math.floor(number / perSector)];
    const at = table === undefined ? -1 : (table + 1) * 2 ** this.#sectorShift + 4 * (number % perSector);
    if (at < 0 || at + 4 > this.#bytes.length) throw damagedArchive();
    return this.#view.getUint32(at, true);
  }

  /** The sectors of a chain as one, cut off at `size` bytes. */
  #chain(start: number, size = Number.POSITIVE_INFINITY): Uint8Array {
    const numbers: number[] = [];
    const sectorSize = 2 ** this.#sectorShift;
    const most = Math.ceil(Math.min(size, this.#bytes.length) / sectorSize);
    for (let at = start; at < endOfChain - 2 && numbers.length < most; at = this.#next(at)) numbers.push(at);
    const first = numbers[0];
    if (first === undefined) return new Uint8Array();
    if (numbers.every((number, i) => number === first + i)) {
      const at = (first + 1) * sectorSize;
      return this.#bytes.subarray(at, at + Math.min(size, numbers.length * sectorSize));
    }
    const whole = new Uint8Array(numbers.length * sectorSize);
    for (const [i, number] of numbers.entries()) whole.set(this.#sector(number), i * sectorSize);
    return whole.subarray(0, Math.min(size, whole.length));
  }

  /** A short stream: those lie together in one, in sectors of 64 bytes. */
  #mini({ start, size }: Entry): Uint8Array {
    // The file itself says which streams are short.
    if (size > this.#bytes.length) throw damagedArchive();
    this.#miniStream ??= this.#chain(this.#root.start, this.#root.size);
    this.#miniTable ??= this.#chain(this.#view.getUint32(60, true));
    const table = new DataView(this.#miniTable.buffer, this.#miniTable.byteOffset, this.#miniTable.byteLength);
    const whole = new Uint8Array(size);
    let at = start;
    for (let length = 0; length < size; length += 64) {
      if (4 * at + 4 > table.byteLength) throw damagedArchive();
      whole.set(this.#miniStream.subarray(64 * at, 64 * at + Math.min(64, size - length)), length);
      at = table.getUint32(4 * at, true);
    }
    return whole;
  }

  #entry(directory: Uint8Array, index: number): Entry | null {
    const at = index * entrySize;
    if (at + entrySize > directory.length) return null;
    const view = new DataView(directory.buffer, directory.byteOffset + at, entrySize);
    const nameLength = Math.min(view.getUint16(64, true), 64);
    return {
      name: new TextDecoder("utf-16le").decode(directory.subarray(at, at + Math.max(0, nameLength - 2))),
      type: view.getUint8(66),
      left: view.getUint32(68, true),
      right: view.getUint32(72, true),
      child: view.getUint32(76, true),
      start: view.getUint32(116, true),
      size: view.getUint32(120, true),
    };
  }

  /** The entries beside the root; what lies in storages are other documents, put into this one. */
  #list(directory: Uint8Array, first: number): void {
    const seen = new Set<number>();
    const waiting = [first];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const entry = seen.has(index) || seen.size > maxEntries ? null : this.#entry(directory, index);
      seen.add(index);
      if (!entry) continue;
      this.#streams.set(entry.name.toLowerCase(), entry);
      waiting.push(entry.left, entry.right);
    }
  }
}
