import { isGlued, isIndex } from "../../../markdown/citation-brackets.ts";

/** A marker as a model wrote it, or what looks like one and is none. */
export interface Form {
  length: number;
  /** The numbers that it names, in order; null where it is to stay as it is. */
  numbers: number[] | null;
}

/** Longer than any marker, in characters. */
const longestMarker = 200;
/** A range names no more sources than this. */
const longestRange = 20;

const names =
  "citations?|cites?|sources?|src|refs?|references?|docs?|documents?|passages?|chunks?|excerpts?|quellen?|quelle|fuentes?|fontes?|fonti|bron|bronnen|źródło|źródła|sursa|sursă|surse|kaynak|nguồn|источники?|джерело|джерела|πηγές|πηγή|المصدر|المصادر|مصدر|منبع|מקור|स्रोत|แหล่งที่มา|출처|출전|문서|出典|来源|來源|文献|资料|資料|文档";
const number = "[\\^#†]?\\s*\\d{1,3}\\s*[\\^†]?";
const dash = "(?:[-–—‑−~〜～]|\\.{2,3}|(?:to|bis)\\b)";
const item = `(?:(?:${names})[\\s:#._-]*)?${number}(?:\\s*${dash}\\s*(?:${number}))?`;
const place =
  "(?<!\\p{L})\\s*(?:†|[,:;]?\\s*(?:(?:pp?|pages?|seiten?|ss?|sec|section|ch|chapter|l|lines?|abs|kap)\\b|§)\\.?)[^\\]\\[\\n]{0,40}";
const list = `\\s*${item}(?:\\s*(?:[,;、&]|(?:,\\s*)?(?:and|und|et|y|en|и))\\s*${item})*(?:,|${place})?\\s*`;
const one = `\\[${list}\\]`;
const form = new RegExp(
  `^(?:(?<nested>\\[\\s*${one}(?:\\s*,?\\s*${one})*\\s*\\])|\\(${one}(?:\\s*,?\\s*${one})*\\)|${one}|【\\s*(?<source>\\d{1,3})(?:[:†][^】\\n]{0,40})?】|【${list}】|\\((?:${names})[\\s:#._-]*${number}(?:\\s*(?:[-–—,;&]|and|und)\\s*${number})*\\)|\\[\\s*(?:${names})[\\s:#._-]*(?<titled>\\d{1,3})\\s*[:,(][^\\]\\[\\n]{1,100}\\])`,
  "iu",
);
const placeAtEnd = new RegExp(`${place}[\\])】]*$`, "iu");
/** Where a marker may begin. */
export const opensForm = /[[【［(（〔〖]/;

const words = names.replace(/\?/g, "").split("|");
/** Whether what has come of a text may yet be a marker. */
function mayBecome(rest: string): boolean {
  if (rest.length >= longestMarker || rest.includes("\n")) return false;
  const [, opening = "", head = ""] = /^([[(【]+\s*(?:\[\s*)?)(.*)$/u.exec(rest) ?? [];
  if (head === "") return true;
  if (opening.startsWith("(") && /^[\d^#†]/.test(head) && !opening.includes("[")) return false;
  if (/^[\^#†]?\s*\d{0,3}(?:$|[^\d\p{L}])/u.test(head)) return !/\d{4}|[\])】]{3}/.test(head) && isOpen(rest);
  const word = /^[\p{L}]+/u.exec(head)?.[0].toLowerCase() ?? "";
  return (
    word !== "" &&
    words.some((name) => name.startsWith(word)) &&
    /^\p{L}+[\s:#.]*(?:[\^†]?\s*\d{0,3}(?:$|\D))?/u.test(head) &&
    isOpen(rest)
  );
}

/** Whether a bracket is still open, or one more may close what stands there. */
function isOpen(rest: string): boolean {
  const first = rest.charAt(0);
  const closing = { "[": "]", "(": ")", "【": "】" }[first] ?? "";
  let depth = 0;
  for (const sign of rest) {
    if (sign === first || sign === "[") depth++;
    else if (sign === closing || sign === "]") depth--;
    if (depth === 0) return false;
  }
  return true;
}

/** The same characters as ASCII has them, each at its place; of brackets that only CJK has, the usual ones. */
const plain = (text: string): string =>
  text
    .replace(/[０-９［］（），：]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[٠-٩۰-۹०-९]/g, (sign) => String((sign.charCodeAt(0) - (sign >= "०" ? 0x966 : 0x660)) % 16))
    .replace(/[،〔〖〕〗]/g, (sign) => (sign === "،" ? "," : /[〔〖]/.test(sign) ? "【" : "】"));

const ranges = new RegExp(`(\\d{1,3})\\s*\\^?(?:\\s*${dash}\\s*[\\^#]?(\\d{1,3}))?`, "giu");
/** What stands behind, or before, characters to choose from in an expression: `[1-9][0-9]*`. */
const inExpression = /^(?:\[\d-\d\]|[*+]|\{\d|\\[dw])/;
const furthestInExpression = 5;

function numbersIn(text: string): number[] | null {
  const numbers: number[] = [];
  const withoutPlace = text.replace(placeAtEnd, "");
  for (const [, first = "", last] of withoutPlace.matchAll(ranges)) {
    const [from, to] = [Number(first), Number(last ?? first)];
    if (to < from || to - from > longestRange) return null;
    for (let each = from; each <= to; each++) numbers.push(each);
  }
  // Sources are counted from 1; what has a zero is an interval, or an index.
  return numbers.length === 0 || numbers.includes(0) ? null : numbers;
}

const link = /^\(\s*<?([^\s()<>]*)>?(?:\s+"[^"\n]*")?\s*\)/;
const longestLink = 300;

/**
 * The marker that begins `rest`: `[1]`, `[1, 2]`, `[1-3]`, `[^1^]`, `[citation:1]`, `[Source 1]`, `[1, p. 3]`, `[[1]](#cite)`, `([1])`, `(Source 1)`, `【1†source】`,
 * `［１］`. Indices, links and definitions of links and footnotes stay as they are. 0 where none begins; null where more has to come to
 * tell. `line` is the line before it.
 */
export function formAt(rest: string, line: string, isEnd: boolean): Form | 0 | null {
  const text = plain(rest.slice(0, longestMarker + longestLink));
  const match = form.exec(text);
  if (!match) return !isEnd && mayBecome(text) ? null : 0;
  const [found] = match;
  const behind = text.slice(found.length);
  const isRange = /^\[\d-\d\]$/.test(found);
  const least = isRange ? furthestInExpression : isGlued(line) ? 4 : 1;
  if (!isEnd && behind.length < least && !behind.includes("\n")) return null;
  // What opens in the marker may close behind it: `[1](url)`.
  if (behind.startsWith("(") && found.startsWith("[")) {
    const target = link.exec(behind);
    if (!target && !isEnd && behind.length < longestLink && /^\([^)\n]*$/.test(behind)) return null;
    const length = found.length + (target?.[0].length ?? 0);
    if (target && /^(?:#|$|cite|citation|source)/i.test(target[1] ?? "")) return { length, numbers: numbersIn(found) };
    if (target) return { length, numbers: null };
  }
  const isDefinition = behind.startsWith(":") && /^[\s>]{0,6}$/.test(line) && found.startsWith("[");
  const isEscaped = line.endsWith("\\") || (isRange && (line.endsWith("^") || inExpression.test(behind)));
  if (isDefinition || isEscaped || (/^[[(]/.test(rest) && isIndex(line, behind)))
    return { length: found.length, numbers: null };
  return { length: found.length, numbers: numbersIn(match.groups?.source ?? match.groups?.titled ?? found) };
}
