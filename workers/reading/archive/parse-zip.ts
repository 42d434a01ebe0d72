import { DocumentBlocks } from "../document-blocks.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { damagedArchive, memberBytes, openZip } from "./zip-archive.ts";

/** What systems leave in archives without anybody wanting it there. */
const leftBySystems = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i;
const leadsOut = /(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[a-z]:/i;

/** The names of the files in an archive, without folders. Throws `UnreadableDocument` where one leads out of it. */
function filesOf(names: Iterable<string>): string[] {
  const files = [...names].filter((name) => !/[\\/]$/.test(name) && !leftBySystems.test(name));
  const outside = files.find((name) => leadsOut.test(name));
  if (outside === undefined) return files;
  throw new UnreadableDocument(
    "unsafe_archive",
    "This archive has names of files that lead out of it, as honest programs never write them. Pack the files anew and upload the new archive.",
  );
}

/** Reads an archive: every file in it is a section of its name, and read as it would be by itself. Throws `UnreadableDocument`. */
export async function parseZip(bytes: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  const archive = openZip(bytes);
  if (!archive) throw damagedArchive();
  const files = filesOf(archive.entries.keys());
  const all = new DocumentBlocks();
  for (const [i, name] of files.entries()) {
    const inside = await reading.blocksOf(name, () => memberBytes(archive, name, reading.budget));
    all.addAll(inside);
    await reading.budget.breathe();
    await reading.onProgress?.((i + 1) / files.length);
  }
  const { blocks } = all;
  if (blocks.length === 0 && files.length === 0)
    throw new UnreadableDocument(
      "empty",
      "This archive has no files in it. Upload one that has, or the files themselves.",
    );
  return assembleDocument(blocks, null);
}
