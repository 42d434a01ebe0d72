/** Control characters that no text has; tabs, line ends and form feeds aside. */
const isControl = (code: number) => code < 0x20 && (code < 9 || code === 0x0b || (code >= 0x0e && code !== 0x1b));

/** Whether more than one character in two hundred is a control character. Counted, not gathered: there may be millions. */
function isBinary(text: string): boolean {
  const most = text.length / 200;
  let controls = 0;
  for (let i = 0; i < text.length; i++) if (isControl(text.charCodeAt(i)) && ++controls > most) return true;
  return false;
}

const frequentSimplified =
  "的一是不了人我在有他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对";
const frequentTraditional =
  "的一是不了人我在有他這為之大來以個中上們到說國和地也子時道出而要於就下得可你年生自會那後能對";

/** The share of the characters beyond ASCII that match. */
function share(text: string, ordinary: RegExp): number {
  const beyond = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  const matched = text.match(ordinary)?.reduce((sum, match) => sum + match.length, 0) ?? 0;
  return beyond > 0 ? matched / beyond : 0;
}

const oneOf = (characters: string) => new RegExp(`[${characters}]`, "g");
const kana = /[\u3040-\u30fa\u30fc-\u30ff\u3001\u3002]/g;
/** Accented letters of western languages stand alone between others; those of these alphabets in rows. */
const frequentCyrillic = /(?<=[а-яё])[оеаинтсрвл]|[оеаинтсрвл](?=[а-яё])/g;

/**
 * Encodings of before Unicode, and how much of a text must be ordinary in their language to believe in them. Western text read
 * as Shift-JIS gives single characters of Chinese, never runs of them.
 */
const legacy: { encoding: string; ordinary: RegExp; least: number }[] = [
  { encoding: "shift_jis", ordinary: /[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]{2,}/g, least: 0.7 },
  { encoding: "euc-jp", ordinary: kana, least: 0.25 },
  { encoding: "euc-kr", ordinary: /[\uac00-\ud7a3]/g, least: 0.75 },
  { encoding: "gb18030", ordinary: oneOf(frequentSimplified), least: 0.12 },
  { encoding: "big5", ordinary: oneOf(frequentTraditional), least: 0.12 },
  { encoding: "windows-1251", ordinary: frequentCyrillic, least: 0.45 },
  { encoding: "koi8-r", ordinary: frequentCyrillic, least: 0.45 },
  { encoding: "windows-1253", ordinary: /(?<=[α-ώ])[αοιετσνηυρς]|[αοιετσνηυρς](?=[α-ώ])/g, least: 0.45 },
];
/** Characters are counted in so much of a text. */
const sampleBytes = 64 * 1024;

function byMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : null;
}

/** UTF-16 without a mark shows in western text: every other byte is zero. */
function byZeros(bytes: Uint8Array): string | null {
  const zeros = [0, 0];
  const length = Math.min(bytes.length & ~1, 4_096);
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > length * 0.3 && even < length * 0.02) return "utf-16le";
  return even > length * 0.3 && odd < length * 0.02 ? "utf-16be" : null;
}

/** What a page or an XML file says of itself in its first kilobyte. */
function byDeclaration(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2_048));
  const said = /<(?:meta\b[^<>]*\bcharset|\?xml\b[^<>]*\bencoding)\s*=\s*(?:["']\s*)?([\w:-]+)/i.exec(head)?.[1];
  if (!said) return null;
  try {
    return new TextDecoder(said).encoding;
  } catch {
    // A name that no runtime knows says nothing.
    return null;
  }
}

function tryDecode(bytes: Uint8Array, encoding: string, isPart: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isPart });
  } catch {
    // Not this encoding: the caller tries the next.
    return null;
  }
}

function byLanguage(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, sampleBytes);
  for (const { encoding, ordinary, least } of legacy) {
    const text = tryDecode(sample, encoding, true);
    if (text !== null && share(text, ordinary) >= least) return encoding;
  }
  return "windows-1252";
}

/** The encoding of a text that is read piece by piece, by its beginning; ASCII alone says nothing, what the text says of itself does. */
function encodingOf(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, sampleBytes);
  const found = byMark(sample) ?? byZeros(sample);
  if (found) return found;
  if (tryDecode(sample, "utf-8", true) !== null) {
    return sample.some((byte) => byte > 127) ? "utf-8" : (byDeclaration(sample) ?? "utf-8");
  }
  return byDeclaration(sample) ?? byLanguage(sample);
}

/** A text of which little is held at once, piece by piece; what its encoding does not have is replaced. */
export function* decodedPieces(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let at = 0; at < bytes.length; at += sampleBytes) {
    const end = at + sampleBytes;
    yield decoder.decode(bytes.subarray(at, end), { stream: end < bytes.length });
  }
}

/**
 * The text in `bytes`, or null where they are none: by byte order mark, else UTF-8, else what the text says of itself, else the
 * old encoding in which it looks like a language, else Windows-1252, which western files without a mark mostly are. `isPart`
 * allows for a character that is cut in half at the end.
 */
export function decodeText(bytes: Uint8Array, isPart = false): string | null {
  const marked = byMark(bytes);
  if (marked) return new TextDecoder(marked).decode(bytes);
  const zeros = byZeros(bytes);
  const utf8 = zeros ? null : tryDecode(bytes, "utf-8", isPart);
  const otherwise = () => zeros ?? byDeclaration(bytes) ?? byLanguage(bytes);
  const text = utf8 ?? new TextDecoder(otherwise()).decode(bytes, { stream: isPart });
  return isBinary(text) ? null : text;
}
