const sectorSize = 512;
const [free, endOfChain, tableSector, listSector] = [0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffc];
/** So many sectors of the table stand in the head; the others in lists of their own. */
const [inHead, inList] = [109, 127];

/** Numbers as a file of the old Office programs stores them, in `size` bytes each. */
export function little(size: 1 | 2 | 4 | 8, ...numbers: number[]): number[] {
  const view = new DataView(new ArrayBuffer(8));
  return numbers.flatMap((number) => {
    if (size === 8) view.setFloat64(0, number, true);
    else view.setUint32(0, number >>> 0, true);
    return Array.from({ length: size }, (_, i) => view.getUint8(i));
  });
}

export const wide = (text: string): number[] =>
  Array.from({ length: 2 * text.length }, (_, i) => (text.charCodeAt(i >> 1) >> (8 * (i & 1))) & 0xff);

/** A compound file of streams ([MS-CFB]), each padded to 4,096 bytes so that it lies in sectors of its own; `scattered` in no order. */
export function makeCompound(streams: Record<string, Uint8Array | number[]>, { scattered = false } = {}): Uint8Array {
  const names = Object.keys(streams);
  const contents = Object.values(streams).map((stream) => {
    const padded = new Uint8Array(Math.max(4_096, Math.ceil(stream.length / sectorSize) * sectorSize));
    padded.set(stream);
    return padded;
  });
  const directorySectors = Math.ceil((names.length + 1) / 4);
  const dataSectors = contents.reduce((sum, { length }) => sum + length / sectorSize, 0);
  const tableSectors = Math.ceil((dataSectors + directorySectors) / 126);
  const listSectors = Math.ceil(Math.max(0, tableSectors - inHead) / inList);
  const firstDirectory = tableSectors + listSectors;
  const table = new Array<number>((tableSectors * sectorSize) / 4).fill(free);
  table.fill(tableSector, 0, tableSectors).fill(listSector, tableSectors, firstDirectory);
  const file = new Uint8Array((1 + firstDirectory + directorySectors + dataSectors) * sectorSize);
  const put = (at: number, bytes: ArrayLike<number>) => file.set(bytes, at);
  const place = (sector: number) => (sector + 1) * sectorSize;
  const chain = (sectors: number[]) => {
    for (const [i, sector] of sectors.entries()) table[sector] = sectors[i + 1] ?? endOfChain;
  };
  const directory = Array.from({ length: directorySectors }, (_, i) => firstDirectory + i);
  chain(directory);
  const entry = (index: number, name: string, type: number, [right, child, start, size]: number[]) => {
    const at = place(firstDirectory) + index * 128;
    put(at, wide(name));
    put(at + 64, [...little(2, 2 * name.length + 2), type, 1, ...little(4, free, right ?? free, child ?? free)]);
    put(at + 116, little(4, start ?? 0, size ?? 0));
  };
  entry(0, "Root Entry", 5, [free, names.length > 0 ? 1 : free, endOfChain, 0]);
  let next = firstDirectory + directorySectors;
  for (const [i, content] of contents.entries()) {
    const sectors = Array.from({ length: content.length / sectorSize }, (_, at) => next + at);
    next += sectors.length;
    if (scattered) sectors.reverse();
    chain(sectors);
    for (const [at, sector] of sectors.entries())
      put(place(sector), content.subarray(at * sectorSize, (at + 1) * sectorSize));
    entry(i + 1, names[i] ?? "", 2, [i + 1 < names.length ? i + 2 : free, free, sectors[0] ?? free, content.length]);
  }
  put(0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  put(24, little(2, 0x3e, 3, 0xfffe, 9, 6));
  put(44, little(4, tableSectors, firstDirectory, 0, 4_096, endOfChain, 0));
  put(68, little(4, listSectors > 0 ? tableSectors : endOfChain, listSectors));
  const numbers = Array.from({ length: inHead + listSectors * inList }, (_, i) => (i < tableSectors ? i : free));
  for (const [i, number] of numbers.slice(0, inHead).entries()) put(76 + 4 * i, little(4, number));
  for (let list = 0; list < listSectors; list++) {
    const from = inHead + list * inList;
    const next = list + 1 < listSectors ? tableSectors + list + 1 : endOfChain;
    put(place(tableSectors + list), little(4, ...numbers.slice(from, from + inList), next));
  }
  for (const [i, value] of table.entries()) put(place(0) + 4 * i, little(4, value));
  return file;
}

/** `bytes` with some of them changed, the same ones for the same `seed`. */
export function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const copy = bytes.slice();
  let state = seed * 2_654_435_761 + 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < 40; i++) copy[random(copy.length)] = [0, 1, 0x7f, 0xff][random(4)] ?? 0;
  return random(4) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}
