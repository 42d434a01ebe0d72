import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

/** A file of an archive. */
export interface ZipEntry {
  /** Its path, with slashes. */
  name: string;
  /** In ms. */
  modifiedAt: number;
  /** Whether it is stored as it is: most documents are compressed in themselves. */
  isStored?: boolean;
  body: AsyncIterable<Uint8Array>;
}

/** Most bytes and files of an archive, with room for what stands around them: beyond, a ZIP needs another format (ZIP64). */
export const zipLimits = { bytes: 3.5 * 1024 ** 3, files: 60_000 };

/** An archive piece by piece, a file after the other, without ever holding a whole one. */
export async function* zipped(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, piece) => {
    if (error) failure = error;
    else made.push(piece);
  });
  function* taken() {
    if (failure) throw failure;
    yield* made.splice(0).filter(({ byteLength }) => byteLength > 0);
  }
  for await (const { name, modifiedAt, isStored, body } of entries) {
    const file = isStored ? new ZipPassThrough(name) : new ZipDeflate(name);
    file.mtime = modifiedAt;
    zip.add(file);
    for await (const piece of body) {
      file.push(piece);
      yield* taken();
    }
    file.push(new Uint8Array(0), true);
    yield* taken();
  }
  zip.end();
  yield* taken();
}
