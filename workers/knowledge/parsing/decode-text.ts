/** Control characters that no text has; tabs, line ends and form feeds aside. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
const control = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/g;

function byMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : null;
}

function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Not this encoding: the caller tries the next.
    return null;
  }
}

/**
 * The text in `bytes`, or null where they are none: by byte order mark, else UTF-8, else Shift-JIS where it makes Japanese, else
 * Windows-1252, which western files without a mark mostly are.
 */
export function decodeText(bytes: Uint8Array): string | null {
  const marked = byMark(bytes);
  if (marked) return tryDecode(bytes, marked) ?? new TextDecoder(marked).decode(bytes);
  const utf8 = tryDecode(bytes, "utf-8");
  const japanese = utf8 === null ? tryDecode(bytes, "shift_jis") : null;
  const text =
    utf8 ??
    (japanese && /[\u3040-\u30ff\u4e00-\u9fff]{2}/.test(japanese)
      ? japanese
      : new TextDecoder("windows-1252").decode(bytes));
  const controls = text.match(control)?.length ?? 0;
  return controls > text.length / 200 ? null : text;
}
