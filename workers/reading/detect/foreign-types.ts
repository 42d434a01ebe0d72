/** What files of other kinds have at a place near their beginning, as Latin-1. */
const signatures: [offset: number, bytes: string, name: string][] = [
  [0, "GIF8", "a GIF picture"],
  [0, "BM", "a bitmap picture"],
  [0, "II*\0", "a TIFF picture"],
  [0, "MM\0*", "a TIFF picture"],
  [4, "ftypheic", "a HEIC picture"],
  [4, "ftypavif", "an AVIF picture"],
  [4, "ftyp", "a video"],
  [0, "\x1aE\xdf\xa3", "a video"],
  [8, "AVI ", "a video"],
  [0, "\0\0\x01\xba", "a video"],
  [8, "WAVE", "an audio file"],
  [0, "ID3", "an audio file"],
  [0, "\xff\xfb", "an audio file"],
  [0, "OggS", "an audio file"],
  [0, "fLaC", "an audio file"],
  [0, "%!PS", "a PostScript file"],
  [0, "\x1f\x8b", "a gzip archive"],
  [0, "7z\xbc\xaf", "a 7z archive"],
  [0, "Rar!", "a RAR archive"],
  [0, "BZh", "a bzip2 archive"],
  [0, "\xfd7zXZ", "an xz archive"],
  [257, "ustar", "a tar archive"],
  [0, "SQLite format 3", "a database"],
  [0, "\x7fELF", "a program"],
  [0, "MZ", "a program"],
  [0, "\xca\xfe\xba\xbe", "a program"],
  [0, "\0asm", "a program"],
];

/** Bytes as characters of the same numbers; the decoder that is called Latin-1 is Windows-1252. */
function characters(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8_192) text += String.fromCharCode(...bytes.subarray(i, i + 8_192));
  return text;
}

/** Streams by which compound files are told apart that are no documents of the old Office programs. */
const compoundStreams: [stream: RegExp, name: string][] = [
  [/^EncryptedPackage$/, "an Office document that is protected by a password"],
  [/^__substg1\.0_/, "an Outlook message (.msg)"],
];

/** What a compound file of a foreign kind is, in words, by the names of its streams. */
export function foreignCompound(streams: string[]): string {
  const known = compoundStreams.find(([stream]) => streams.some((name) => stream.test(name)));
  return known?.[1] ?? "a file of an old Windows program";
}

/** What a binary file of a foreign kind is, in words; null where nothing is known of it. */
export function foreignBinary(bytes: Uint8Array): string | null {
  const head = characters(bytes.subarray(0, 512));
  return signatures.find(([offset, text]) => head.startsWith(text, offset))?.[2] ?? null;
}

/** EBCDIC's space, and its letters and figures. */
const ebcdicSpace = 0x40;
const isEbcdicLetter = (byte: number) =>
  (byte & 0x0f) <= 9 && ((byte >= 0x81 && byte <= 0xa9) || (byte >= 0xc1 && byte <= 0xe9) || byte >= 0xf0);

/** Whether a file is text of IBM's mainframes: other encodings have letters and spaces elsewhere. */
export function isEbcdic(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4_096);
  const spaces = head.filter((byte) => byte === ebcdicSpace).length;
  const letters = head.filter(isEbcdicLetter).length;
  const ofAscii = head.filter((byte) => byte === 0x20 || byte === 0x0a || (byte > 0x60 && byte < 0x6a)).length;
  return spaces > 0.04 * head.length && spaces + letters > 0.75 * head.length && ofAscii < 0.05 * head.length;
}

/** What a ZIP file is that is a document of a foreign kind, in words; null where it is an archive of files. */
export function foreignZip(names: string[]): string | null {
  const has = (prefix: string) => names.some((name) => name.startsWith(prefix));
  if (has("xl/")) return "a binary Excel workbook (.xlsb)";
  if (has("mimetype") && has("content.xml")) return "an OpenDocument drawing or formula";
  return null;
}

/** What a text is that only looks like plain text: one of its kinds has to be taken apart before it can be read. */
export function foreignText(beginning: string): string | null {
  if (/^(?:<\?xml\b[^>]*>\s*)?(?:<!doctype svg[^>]*>\s*)?<svg\b/i.test(beginning)) return "an SVG picture";
  return null;
}
