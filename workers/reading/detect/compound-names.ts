import { type FileSample, viewOf } from "./file-sample.ts";

const endOfChain = 0xfffffffe;
const none = 0xffffffff;
/** Of an entry, only its name and its neighbours are read. */
const [entrySize, entryHead] = [128, 80];
/** Sectors of the table that the head of the file names itself. */
const inHead = 109;

/** The list of streams of a compound file ([MS-CFB]), of which only what is asked for is read. */
class Directory {
  readonly #sample: FileSample;
  readonly #head: DataView;
  readonly #shift: number;
  /** The sectors of the list as far as they were followed. */
  readonly #sectors: number[];

  constructor(sample: FileSample, head: DataView) {
    this.#sample = sample;
    this.#head = head;
    this.#shift = head.getUint16(30, true);
    this.#sectors = [head.getUint32(48, true)];
  }

  get isDamaged(): boolean {
    return this.#shift !== 9 && this.#shift !== 12;
  }

  /** The place of a sector in the file. */
  #place = (sector: number) => (sector + 1) * 2 ** this.#shift;

  #number(at: number): number {
    const bytes = this.#sample.read(at, 4);
    return bytes.length === 4 ? viewOf(bytes).getUint32(0, true) : none;
  }

  /** The sector of the table in which the sector numbered `index` of it stands. */
  #tableSector(index: number): number {
    if (index < inHead) return this.#head.getUint32(76 + 4 * index, true);
    const inList = 2 ** (this.#shift - 2) - 1;
    let list = this.#head.getUint32(68, true);
    for (let hops = Math.floor((index - inHead) / inList); hops > 0 && list < endOfChain; hops--)
      list = this.#number(this.#place(list) + 4 * inList);
    return list < endOfChain ? this.#number(this.#place(list) + 4 * ((index - inHead) % inList)) : none;
  }

  #next(sector: number): number {
    const perSector = 2 ** (this.#shift - 2);
    const table = this.#tableSector(Math.floor(sector / perSector));
    return table < endOfChain ? this.#number(this.#place(table) + 4 * (sector % perSector)) : none;
  }

  /** An entry of the list; null where the file has none, or no more may be read. */
  entry(index: number): Uint8Array | null {
    const perSector = 2 ** this.#shift / entrySize;
    const wanted = Math.floor(index / perSector);
    while (this.#sectors.length <= wanted && this.#sample.left > 0) {
      const next = this.#next(this.#sectors.at(-1) ?? none);
      if (next >= endOfChain - 2) return null;
      this.#sectors.push(next);
    }
    const sector = this.#sectors[wanted];
    if (sector === undefined || sector >= endOfChain) return null;
    const bytes = this.#sample.read(this.#place(sector) + (index % perSector) * entrySize, entryHead);
    return bytes.length === entryHead ? bytes : null;
  }
}

/** The names beside the root of a compound file, as far as they may be read. Null where the bytes are none, or damaged. */
export function compoundNames(sample: FileSample): Set<string> | null {
  const head = sample.read(0, 512);
  if (head.length < 512) return null;
  const directory = new Directory(sample, viewOf(head));
  const root = directory.isDamaged ? null : directory.entry(0);
  if (root?.[66] !== 5) return null;
  const names = new Set<string>();
  const seen = new Set<number>();
  const waiting = [viewOf(root).getUint32(76, true)];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (index === none || seen.has(index)) continue;
    seen.add(index);
    const entry = directory.entry(index);
    if (!entry) continue;
    const view = viewOf(entry);
    const length = Math.max(0, Math.min(view.getUint16(64, true), 64) - 2);
    names.add(new TextDecoder("utf-16le").decode(entry.subarray(0, length)));
    waiting.push(view.getUint32(68, true), view.getUint32(72, true));
  }
  return names;
}
