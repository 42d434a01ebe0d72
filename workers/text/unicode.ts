import { decoderOf, encodingNamed } from "./encodings.ts";

/** Control characters that no text has: those aside for tabs, line ends, form feeds, switches of encodings, and what parts records. */
const isControl = (code: number) => code < 0x1e && (code < 9 || code === 0x0b || (code >= 0x0e && code !== 0x1b));

/** Whether more than one character in two hundred is a control character. Counted, not gathered: there may be millions. */
function isBinary(text: string): boolean {
  const most = text.length / 200;
  let controls = 0;
  for (let i = 0; i < text.length; i++) if (isControl(text.charCodeAt(i)) && ++controls > most) return true;
  return false;
}

const marks: [encoding: string, mark: number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-32le", [0xff, 0xfe, 0, 0]],
  ["utf-32be", [0, 0, 0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

const byMark = (bytes: Uint8Array): string | null =>
  marks.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))?.[0] ?? null;

/** So much shows how zeros lie. */
const headLength = 4_096;

/** Without a mark, UTF-16 and UTF-32 show in the zeros of spaces, figures and western letters: always at the same places of two, or of four. */
function byZeros(bytes: Uint8Array): string | null {
  const zeros = [0, 0, 0, 0];
  const length = Math.min(bytes.length & ~3, headLength);
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 3] = (zeros[i & 3] ?? 0) + 1;
  const [a, b, c, d] = zeros.map((count) => (4 * count) / length) as [number, number, number, number];
  if (c > 0.9 && d > 0.9 && a < 0.1) return "utf-32le";
  if (a > 0.9 && b > 0.9 && d < 0.1) return "utf-32be";
  const [even, odd] = [(a + c) / 2, (b + d) / 2];
  if (odd > 0.6 && even < 0.04) return "utf-16le";
  return even > 0.6 && odd < 0.04 ? "utf-16be" : null;
}

const inScripts = /[\p{L}\p{M}\p{N}\s、。，．「」・！？：；（）]/gu;
const unusual = /[\p{Co}\p{Cn}\p{Cs}\ufffd]/u;

/** Without zeros, as in Chinese or Russian: what is no text by its bytes is one of UTF-16 where nearly all are letters of a few alphabets. */
function byLetters(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, Math.min(bytes.length & ~1, headLength));
  if (head.length < 8 || !isBinary(new TextDecoder("latin1").decode(head))) return null;
  for (const encoding of ["utf-16le", "utf-16be"]) {
    const text = new TextDecoder(encoding).decode(head);
    const letters = text.match(inScripts)?.length ?? 0;
    const blocks = new Set(Array.from(text, (character) => (character.codePointAt(0) ?? 0) >> 7));
    const isFewScripts = blocks.size < Math.max(8, text.length / 4) || /[\u3040-\u30ff\u3002\uac00-\ud7a3]/.test(text);
    if (letters > 0.9 * text.length && !unusual.test(text) && isFewScripts && /[ 、。]/.test(text)) return encoding;
  }
  return null;
}

/** How many characters of UTF-8 beyond ASCII bytes hold, and how many bytes that belong to none; the last may be cut off. */
export interface Utf8Counts {
  characters: number;
  strays: number;
  isCut: boolean;
}

/** Which bytes may come second; those that come later are 80 to BF. */
function secondIn(lead: number): [least: number, most: number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}

function lengthOf(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** Counts what of `bytes` is UTF-8. */
export function utf8Counts(bytes: Uint8Array): Utf8Counts {
  const counts = { characters: 0, strays: 0, isCut: false };
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at++] ?? 0;
    if (lead < 0x80) continue;
    const end = at - 1 + lengthOf(lead);
    let [least, most] = secondIn(lead);
    while (at < end && at < bytes.length) {
      const next = bytes[at] ?? 0;
      if (next < least || next > most) break;
      [least, most] = [0x80, 0xbf];
      at++;
    }
    if (at === end) counts.characters++;
    else if (at === bytes.length && end > at) counts.isCut = true;
    else counts.strays++;
  }
  return counts;
}

/** Whether bytes are UTF-8 of which a few are damaged: no other encoding's text has so many characters of it by chance. */
function isUtf8({ characters, strays, isCut }: Utf8Counts, isPart: boolean): boolean {
  if (strays === 0) return !isCut || isPart || characters > 0;
  return characters >= 2 * strays;
}

/** Japanese in seven bits, which changes to and fro by such marks. */
const shifts = [0x24, 0x28];
function byShifts(bytes: Uint8Array): string | null {
  for (let at = bytes.indexOf(0x1b); at >= 0; at = bytes.indexOf(0x1b, at + 1)) {
    const [first = 0, second = 0] = bytes.subarray(at + 1, at + 3);
    if (shifts.includes(first) && [0x40, 0x42, 0x49, 0x4a].includes(second) && !(first === 0x28 && second === 0x42))
      return "iso-2022-jp";
  }
  return null;
}

/** The encoding that bytes themselves tell: a form of Unicode, or one that switches by marks. Null for those of eight bits, and of two. */
export function evidentEncoding(bytes: Uint8Array, isPart: boolean): string | null {
  const unicode = byMark(bytes) ?? byZeros(bytes) ?? byLetters(bytes);
  if (unicode) return unicode;
  return isUtf8(utf8Counts(bytes), isPart) ? (byShifts(bytes) ?? "utf-8") : null;
}

/** What a page or an XML file says of itself near its beginning, where it can be true: whoever reads it in bytes of ASCII knows that it is no UTF-16. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2_048));
  const said = /<(?:meta\b[^<>]*\bcharset|\?xml\b[^<>]*\bencoding)\s*=\s*(?:["']\s*)?([\w:-]+)/i.exec(head)?.[1];
  const encoding = said ? encodingNamed(said) : null;
  return encoding && /^(?:utf-|replacement|x-user)/.test(encoding) ? null : encoding;
}

/** Bytes as a text in their encoding, without a character that is cut off at the end, or null where they are none. UTF-16 was told by more than its letters. */
export function textIn(encoding: string, bytes: Uint8Array): string | null {
  const text = decoderOf(encoding).decode(bytes, { stream: true });
  return /^utf-(?:16|32)/.test(encoding) || !isBinary(text) ? text : null;
}

/**
 * The beginning of a file as text, so that what kind of text it is can be told, or null where it is none. Letters beyond ASCII in old encodings may
 * be others.
 */
export function decodeBeginning(bytes: Uint8Array, isPart: boolean): string | null {
  return textIn(evidentEncoding(bytes, isPart) ?? declaredEncoding(bytes) ?? "windows-1252", bytes);
}
