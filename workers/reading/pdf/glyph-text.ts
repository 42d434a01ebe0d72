import { boundTurn } from "./pdf-bounds.ts";

const digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/** Figures of a kind that fonts have several of: old-style or lining, tabular or proportional, superior or inferior. */
const figure = new RegExp(
  `^(${digits.join("|")})[-_]?(?:lf|tf|osf|tosf|taboldstyle|oldstyle|lining|tab|prop|fitted|[lotp]num|slash|alt|small)\\w*$`,
);
/** No name is longer that means something: a ligature of four, each by its number. */
const longestName = 64;

/** A single glyph's text by its name: as the list of names (of Adobe) has it, by its number in Unicode, or as a figure. */
function single(name: string, listed: Record<string, number>): string | null {
  const code = listed[name];
  if (code !== undefined) return String.fromCodePoint(code);
  const units = /^uni((?:[0-9A-F]{4})+)$/.exec(name)?.[1];
  if (units) return (units.match(/.{4}/g) ?? []).map((unit) => String.fromCharCode(Number.parseInt(unit, 16))).join("");
  const point = Number.parseInt(/^u([0-9A-F]{4,6})$/.exec(name)?.[1] ?? "", 16);
  if (point <= 0x10ffff) return String.fromCodePoint(point);
  const digit = digits.indexOf(figure.exec(name)?.[1] ?? "");
  return digit < 0 ? null : String(digit);
}

/**
 * What pdf.js does not make of a glyph's name by itself: `one.lf` is a variant of `one`, `f_f_i` a ligature, `uni00660069` two characters.
 * Null where the name means nothing.
 */
export function glyphText(name: string, listed: Record<string, number>): string | null {
  if (name.length > longestName || name.startsWith(".")) return null;
  const [base = ""] = name.split(".", 1);
  const parts = base.split("_").map((part) => single(part, listed));
  return parts.every((part) => part !== null) ? parts.join("") : single(base, listed);
}

/** Whether what a file says of a glyph's character says nothing: some programs leave it empty for what they have no character for. */
export const isTextless = (text: string | undefined): boolean =>
  text === undefined || /^(?:(?!\s)[\p{Cc}\p{Co}\ufffd])*$/u.test(text);

/** What pdf.js holds of a font: its characters by their codes, and which glyphs the file itself names. */
interface FontProperties {
  toUnicode: { get(code: number): string | undefined; amend(texts: string[]): void };
  hasEncoding: boolean;
  baseEncodingName: string | null;
  differences: (string | undefined)[];
}

/** Reads glyphs that a file says nothing of by the `names` that the embedded font has for them. */
export function amendTextless(
  { toUnicode, hasEncoding, baseEncodingName, differences }: FontProperties,
  names: Record<string, string> | undefined,
  listed: Record<string, number>,
): void {
  const texts: string[] = [];
  for (const [key, name] of Object.entries(names ?? {})) {
    boundTurn();
    const code = Number(key);
    if (hasEncoding && (baseEncodingName || differences[code] !== undefined)) continue;
    const text = isTextless(toUnicode.get(code)) ? glyphText(name, listed) : null;
    if (text !== null) texts[code] = text;
  }
  if (texts.length > 0) toUnicode.amend(texts);
}
