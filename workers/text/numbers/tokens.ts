/** A run of letters and figures, of one text whose signs were made plain by `plainSigns`. */
export interface Token {
  text: string;
  /** Lower case, without accents. */
  folded: string;
  start: number;
  end: number;
}

const zeros = new Map<string, number>();

/** The value of a figure of any script. */
function figure(character: string): number {
  let code = character.codePointAt(0) ?? 0;
  const known = zeros.get(character);
  if (known !== undefined) return known;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code--;
    value++;
  }
  zeros.set(character, value);
  return value;
}

const foreign = /[\u0660-\uffff]/;
const spaces = /[\u00a0\u2007\u2009\u202f]/g;

/** `text` with figures of all scripts, full-width signs, thin spaces and kinds of hyphens and apostrophes as ASCII has them, each at its place. */
export function plainSigns(text: string): string {
  const plain = text
    .replace(spaces, "\u00a0")
    .replace(/[’ʼ′]/g, "'")
    .replace(/[\u2010\u2011\u2212]/g, "-");
  if (!foreign.test(plain)) return plain;
  return plain
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\uffff]/g, (sign) => (/\p{Nd}/u.test(sign) ? String(figure(sign)) : sign))
    .replaceAll("٫", ".")
    .replaceAll("٬", "'")
    .replaceAll("٪", "%");
}

/** Lower case without accents; the length may change. */
export const withoutAccents = (word: string): string =>
  /^[\0-\x7f]*$/.test(word)
    ? word.toLowerCase()
    : word
        .toLowerCase()
        .normalize("NFD")
        .replace(/[\u0300-\u036f]/g, "")
        .normalize("NFC")
        .replaceAll("ß", "ss");

/** Scripts without spaces end a run: what stands before and behind a number in them is none of it. */
const unspaced = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}";
const letter = `(?:(?![${unspaced}])[\\p{L}\\p{M}\\d])`;
const run = `${letter}+(?:(?:(?<=\\d)[.,:/'](?=\\d)|[-_](?=${letter}))${letter}+)*`;
const pattern = new RegExp(`${run}|[${unspaced}]+`, "gu");

/** The runs of letters and figures of a text, joined by what joins figures (`1,500.00`, `15:00`) or by hyphens. */
export function tokensOf(plain: string): Token[] {
  const tokens: Token[] = [];
  for (const { 0: text, index } of plain.matchAll(pattern))
    tokens.push({ text, folded: withoutAccents(text), start: index, end: index + text.length });
  return tokens;
}
