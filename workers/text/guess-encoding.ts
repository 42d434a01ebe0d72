import { detectAll } from "jschardet";
import { decoderOf, encodingNamed } from "./encodings.ts";
import { declaredEncoding, evidentEncoding } from "./unicode.ts";

/** Encodings of before Unicode that texts are met in, by their names at jschardet. */
const detectEncodings =
  "windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 cp874 iso-8859-2 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-13 iso-8859-15 iso-8859-16 koi8-r koi8-u cp866 mac-roman mac-cyrillic mac-latin2 cp437 cp850 cp852 cp737 cp857 cp932 euc-jp cp949 gb18030 big5hkscs".split(
    " ",
  );
/** How much likelier the encoding is that a file says: many say that of the program that wrote a part of them. */
const [declared, declaredWestern] = [4, 1.5];
/** Hardly a word, or one letter of a text, fits many encodings, of which Windows-1252 is by far the commonest. */
const [shortText, ofShort, ofOneLetter] = [12, 2, 1.03];
const common = 0.9;
/** Seldom met, and near to one that is. */
const rare = /^(?:iso-8859-(?:4|1\d)|mac-latin2|cp737|cp857)$/;

/** Characters are told by so much of a text, in pieces with so much about them. */
const [sampleLength, contextLength] = [12_000, 120];

/** What lies about bytes beyond ASCII, wherever in the file that is. */
function telling(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(sampleLength);
  let [length, from] = [0, 0];
  while (length < sampleLength) {
    let at = from;
    while (at < bytes.length && (bytes[at] ?? 0) < 0x80) at++;
    if (at >= bytes.length) break;
    const start = Math.max(from, at - contextLength);
    let end = Math.min(at + 2 * contextLength, bytes.length);
    // Up to what is no half of a character in any encoding.
    while (end < bytes.length && (bytes[end] ?? 0) >= 0x30) end++;
    const piece = bytes.subarray(start, Math.min(end, start + sampleLength - length));
    sample.set(piece, length);
    length += piece.length;
    from = end;
  }
  return sample.subarray(0, length);
}

const scripts = ["Latin", "Cyrillic", "Greek", "Hebrew", "Arabic", "Thai"].map(
  (script) => new RegExp(`\\p{Script=${script}}`, "u"),
);
const wordsWithOthers = /[^\s\0-\x40[-`{-\x7f]*[^\0-\x7f][^\s\0-\x40[-`{-\x7f]*/g;
/** Signs within a word, capitals behind small letters, and what no text has. */
const odd =
  /(?<=\p{L})[^\p{L}\p{M}\p{N}\p{Pi}\p{Pf}\0-\x7f\u00ad\u00b7\u2013\u2014\u2026\u200c\u200d](?=\p{L})|(?<=\p{Ll})\p{Lu}|[\u2500-\u259f](?=\p{L})|(?<=\p{L})[\u2500-\u259f]|[\ufffd\x80-\x9f\p{Co}]/gu;

/** A letter of another alphabet by itself, as signs turn into: real ones have few such words. */
const alone = /^[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}]$/u;

/** How much a text looks like one, 0 to 1, by those of its words that hold more than ASCII. */
function likeness(text: string): number {
  let [others, oddities] = [0, 0];
  for (const [word] of text.matchAll(wordsWithOthers)) {
    const length = word.match(/[^\0-\x7f]/gu)?.length ?? 0;
    others += length;
    const isMixed = scripts.filter((script) => script.test(word)).length > 1;
    oddities += isMixed || alone.test(word) ? length : (word.match(odd)?.length ?? 0);
  }
  const share = others === 0 ? 0 : oddities / others;
  return share < 0.15 ? 1 : Math.max(0.02, 1 - 2 * share);
}

/** How much likelier an encoding is than the letters of a text say. */
function favourOf(encoding: string, said: string | null, sample: Uint8Array): number {
  const isWestern = encoding === "windows-1252";
  const bySaying = encoding !== said ? 1 : isWestern ? declaredWestern : declared;
  if (!isWestern) return bySaying * (rare.test(encoding) ? common : 1);
  if (sample.length < shortText) return bySaying * ofShort;
  return bySaying * (sample.filter((byte) => byte > 127).length === 1 ? ofOneLetter : 1);
}

/** The old encoding in which bytes say most likely what somebody wrote. */
function likeliestEncoding(bytes: Uint8Array, said: string | null): string {
  const sample = telling(bytes);
  let best = { encoding: said ?? "windows-1252", score: 0 };
  for (const { encoding: name, confidence } of detectAll(sample, { detectEncodings, minimumThreshold: 0 })) {
    const encoding = name && encodingNamed(name);
    if (!encoding) continue;
    const most = confidence * favourOf(encoding, said, sample);
    // Of those that are as likely, the first was chosen by more than the numbers tell.
    if (most <= best.score) continue;
    const score = most * likeness(decoderOf(encoding).decode(sample));
    if (score > best.score) best = { encoding, score };
  }
  return best.encoding;
}

/** What is no Unicode by its bytes is none, whatever it says. */
const isOfBytes = (said: string | null) => said !== null && !/^(?:utf-|replacement|x-user)/.test(said);

/**
 * The encoding of a file's text: what its bytes show (a byte order mark, UTF-8 of which a little may be damaged, UTF-16 or UTF-32 without a mark,
 * ISO-2022-JP), else the one in which it looks most like a language, where what is said of it counts, by itself or beside it. Files with nothing to tell are
 * Windows-1252.
 */
export const encodingOf = (bytes: Uint8Array, said = declaredEncoding(bytes)): string =>
  evidentEncoding(bytes, false) ?? likeliestEncoding(bytes, isOfBytes(said) ? said : null);
