/** Where an archive's list of members is. */
export interface ZipDirectory {
  count: number;
  start: number;
  /** Of the list, in bytes. */
  size: number;
}

/** Bytes of an archive from a place on: as many as are asked for, or fewer where it ends. */
type ReadBytes = (at: number, length: number) => Uint8Array;

export const [endSignature, endLength] = [0x06054b50, 22];
const [longLocator, locatorLength] = [0x07064b50, 20];
const [longEnd, longEndLength] = [0x06064b50, 56];
const longExtra = 1;
/** A number that does not fit stands in the records of ZIP64. */
const elsewhere = 0xffffffff;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const long = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

/** What the record at the end says, which begins at `end`, or that of ZIP64 where numbers do not fit or the writer always has both. */
export function directoryAt(read: ReadBytes, end: number): ZipDirectory {
  const view = viewOf(read(end, endLength));
  const directory = {
    count: view.getUint16(10, true),
    size: view.getUint32(12, true),
    start: view.getUint32(16, true),
  };
  const locator = end < locatorLength ? null : viewOf(read(end - locatorLength, locatorLength));
  if (locator?.byteLength !== locatorLength || locator.getUint32(0, true) !== longLocator) return directory;
  const record = viewOf(read(long(locator, 8), longEndLength));
  if (record.byteLength !== longEndLength || record.getUint32(0, true) !== longEnd) return directory;
  return { count: long(record, 32), size: long(record, 40), start: long(record, 48) };
}

/** The sizes of a member and where it is, by its entry in the list at `at`, which ends with its extra fields. */
export function placeInEntry(
  view: DataView,
  at: number,
): { compressedSize: number; size: number; headerOffset: number } {
  const numbers = {
    size: view.getUint32(at + 24, true),
    compressedSize: view.getUint32(at + 20, true),
    headerOffset: view.getUint32(at + 42, true),
  };
  let field = at + 46 + view.getUint16(at + 28, true);
  const end = Math.min(field + view.getUint16(at + 30, true), view.byteLength);
  while (field + 4 <= end) {
    const next = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === longExtra) {
      let place = field + 4;
      // Only those that do not fit stand there, in this order.
      for (const name of ["size", "compressedSize", "headerOffset"] as const) {
        if (numbers[name] !== elsewhere || place + 8 > Math.min(next, end)) continue;
        numbers[name] = long(view, place);
        place += 8;
      }
    }
    field = next;
  }
  return numbers;
}
