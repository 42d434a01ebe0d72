import { romanValue } from "../roman-numeral.ts";
import { goesOnWith, hanValue, numeralOf } from "./numerals.ts";
import type { Token } from "./tokens.ts";
import { type Unit, unitCalled } from "./units.ts";

interface Written {
  start: number;
  end: number;
  value: number;
  ordinal: boolean;
  /** Said by a word that is often no number. */
  weak: boolean;
  unit: Unit | null;
}

const joins = new Set(["and", "et", "y", "e", "en", "und"]);
const halves = /^ (?:and a half|et demie?|y medi[oa]|e mezz[oa]|e mei[oa])(?!\p{L})/u;

/** Words for many that say a number behind another one, or behind “a”: “millions of cranes” are none. */
const many = /^(?:hundred|thousand|m[ií]ll?i|milhao|milhoes|miljoen|billion|billones|mrd|doz|dutz|douz|docen|duzia)/;
const behindArticle = /(?<!\p{L})(?:an?|per|the|un|una|um|uma) $/iu;
const halfOf = /(?<!\p{L})(?:half an?|demi|halbe[nrs]?|medi[oa]|mezz[oa]|mei[oa]|een half|halve) $/iu;

/** How often a word that stands first is meant: half of it, once, or not at all. */
function timesOf(plain: string, token: Token, value: number): number {
  if (value < 12 || !many.test(token.folded)) return 1;
  const before = plain.slice(Math.max(0, token.start - 14), token.start);
  if (halfOf.test(before)) return 0.5;
  return behindArticle.test(before) ? 1 : 0;
}

interface Part {
  value: number;
  ordinal: boolean;
}

/** The numbers of a word that hyphens join, and what is left of it: “twenty-four”, “two-year”. */
function partsOf(token: Token, language: string | null): { parts: Part[]; rest: string } {
  const words = token.folded.replace(/dix-(?=sept|huit|neuf)/, "dix").split("-");
  const parts: Part[] = [];
  for (const [i, word] of words.entries()) {
    const numeral = joins.has(word) && i > 0 ? null : numeralOf(word, language);
    if (numeral) parts.push(numeral);
    else if (!joins.has(word) || i === 0) return { parts, rest: words.slice(i).join("-") };
  }
  return { parts, rest: "" };
}

function joined(sum: number, next: number): number | null {
  if (next === 12 && sum > 0 && sum < 12) return sum * 12;
  if (!goesOnWith(sum, next) && !(sum % 1000 === 0 && next < 1000 && sum > 0)) return null;
  if (next >= 1000) return sum * next;
  if (next === 100) return sum - (sum % 1000) + (sum % 1000 || 1) * 100;
  return next === 20 && sum % 100 === 4 ? sum - 4 + 80 : sum + next;
}

/** Numbers in words of a text, as far as several words say one. */
export function* numeralsIn(plain: string, tokens: readonly Token[], language: string | null): Generator<Written> {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token || /\d/.test(token.text)) continue;
    const { parts, rest } = partsOf(token, language);
    const [first] = parts;
    const times = first ? timesOf(plain, token, first.value) : 0;
    if (!first || times === 0) continue;
    let [sum, low] = [0, first.value];
    let ordinal = first.ordinal;
    let end = token.end;
    const add = ({ value, ordinal: last }: Part): boolean => {
      const next = value >= 1000 && low < value ? (low || 1) * value : low === 0 ? value : joined(low, value);
      if (next === null || ordinal) return false;
      if (value >= 1000) {
        sum += next;
        low = 0;
      } else low = next;
      ordinal = last;
      return true;
    };
    if (first.value >= 1000) [sum, low] = [first.value, 0];
    let goes = parts.slice(1).every(add) && rest === "";
    while (goes) {
      const [next, then] = [tokens[i + 1], tokens[i + 2]];
      const skips = next && joins.has(next.folded) ? 1 : 0;
      const word = skips ? then : next;
      if (!word || word.start - end > (skips ? 5 : 1) || !/^[ \u00a0]/.test(plain.slice(end, word.start))) break;
      const more = partsOf(word, language);
      goes =
        more.rest === "" &&
        more.parts.length > 0 &&
        (low > 0 || sum > 0) &&
        accepts(more.parts, skips, low, sum) &&
        more.parts.every(add);
      if (!goes) break;
      end = word.end;
      i += 1 + skips;
    }
    const half = halves.exec(plain.slice(end, end + 14))?.[0];
    const value = times * (sum + low) + (half ? 0.5 : 0);
    const weak = value === 0.5 || (value === 1 && token.text.length < 6) || (ordinal && value <= 2);
    yield {
      start: token.start,
      end: end + (half?.length ?? 0),
      value,
      ordinal,
      weak,
      unit: rest ? unitCalled(rest) : null,
    };
  }
}

/** Whether a further word belongs to the number: “one and two” are two. */
function accepts(parts: Part[], skips: number, low: number, sum: number): boolean {
  const value = parts[0]?.value ?? 0;
  if (low === 0) return sum > 0 && value < 1000;
  return (skips === 0 || low >= 20) && (value >= 1000 || joined(low, value) !== null);
}

/** Fractions that are one sign. */
export const fractions: Record<string, number> = {
  "½": 0.5,
  "¼": 0.25,
  "¾": 0.75,
  "⅓": 1 / 3,
  "⅔": 2 / 3,
  "⅛": 0.125,
  "⅜": 0.375,
  "⅝": 0.625,
  "⅞": 0.875,
};
const counts = [
  "",
  "an? one ein un une uno",
  "two zwei deux dos due",
  "three drei trois tres tre",
  "four vier quatre cuatro quattro",
];
const shares: Record<number, string> = {
  3: "thirds? drittel tiers tercios? terz[oi]",
  4: "quarters? fourths? viertel quarts? cuartos? quart[oi]",
  5: "fifths? fünftel cinquièmes? quintos? quint[oi]",
  8: "eighths? achtel huitièmes? octavos? ottav[oi]",
  10: "tenths? zehntel dixièmes? décimos? decim[oi]",
};
const eitherOf = (words: string) => words.replaceAll(" ", "|");
/** “Three quarters of”, “drei Viertel der”: shares in words. Quarters of a year have no “of” behind them. */
const spokenShare = new RegExp(
  `(?<![\\p{L}\\d])(${counts.slice(1).map(eitherOf).join("|")})[ -](${Object.values(shares).map(eitherOf).join("|")})(?= (?:of|all|der|des|aller|de|du|della|dei|degli|delle)(?!\\p{L})| d')`,
  "giu",
);
const is = (words: string, found: string) => new RegExp(`^(?:${eitherOf(words)})$`, "iu").test(found);

/** Shares that a text says in words, with the ways in which they are rounded. */
export function* sharesIn(plain: string): Generator<{ start: number; end: number; values: string[] }> {
  for (const { 0: text, index, 1: count = "", 2: share = "" } of plain.matchAll(spokenShare)) {
    const value =
      counts.findIndex((words) => words !== "" && is(words, count)) /
      Number(Object.keys(shares).find((each) => is(shares[Number(each)] ?? "", share)));
    const rounded = [value, ...[2, 3].map((places) => Number(value.toFixed(places)))];
    yield { start: index, end: index + text.length, values: [...new Set(rounded.map(String))] };
  }
}
const han =
  /[〇零一二三四五六七八九十百千万萬億亿兆两兩]{2,12}|[一二三四五六七八九十两兩](?=[年月日号號個个人名元円間楼階层層次天倍条章種种時点點分秒歳岁米条项項])/g;
const noNumber = /^(?:万一|一一|千万|十分)$/;
const roman =
  /(?<![\p{L}\d])(?:chapter|part|book|volume|act|title|article|section|appendix|annex|phase|type|class|war|kapitel|teil|band|buch|artikel|abschnitt|anhang|stufe|chapitre|partie|tome|titre|capítulo|parte|libro|tomo|título|capitolo|titolo|hoofdstuk|deel)[ \u00a0]([IVXLC]{1,9})(?![\p{L}\d])/giu;
/** Behind a name: Louis XIV, Henry VIII. An I is the speaker but behind two words of a name. */
const regnal =
  /(?<=(?<![\p{L}\d])\p{Lu}\p{Ll}+(?: der| the)? |\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+ )((?<=\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+ )I|[VX]|[IVX]{2,6})(?![\p{L}\d'’&+-])/gu;

/** Numbers in signs of their own: Chinese numerals, fractions in one sign, Roman numerals behind words that are counted. */
export function* handWritten(
  plain: string,
): Generator<{ start: number; end: number; kind: "number" | "ordinal"; value: number }> {
  for (const { 0: text, index } of plain.matchAll(/[½¼¾⅓⅔⅛⅜⅝⅞]/g))
    yield { start: index, end: index + 1, kind: "number", value: fractions[text] ?? 0 };
  for (const { 0: text, index } of plain.matchAll(han)) {
    const value = noNumber.test(text) ? null : hanValue(text);
    if (value !== null) yield { start: index, end: index + text.length, kind: "number", value };
  }
  for (const { 0: text, index, 1: numeral = "" } of [...plain.matchAll(roman), ...plain.matchAll(regnal)]) {
    if (!/^[IVXLC]+$/.test(numeral) || (numeral.length === 1 && /[CL]/.test(numeral))) continue;
    const end = index + text.length;
    yield { start: end - numeral.length, end, kind: "ordinal", value: romanValue(numeral) };
  }
}
