import { languageOf } from "./language.ts";
import { dateAround, datesOf, easternDates, timesIn } from "./numbers/calendar.ts";
import { codesIn, figuresOf, type ReadCode } from "./numbers/codes.ts";
import { canonical, readingsOf, type Style, styleOf } from "./numbers/literals.ts";
import { scaleBehind } from "./numbers/scales.ts";
import { plainSigns, type Token, tokensOf } from "./numbers/tokens.ts";
import { currencyBefore, isMoney, type Unit, unitAt, unitCalled } from "./numbers/units.ts";
import { fractions, handWritten, numeralsIn, sharesIn } from "./numbers/written.ts";

export type { ReadCode } from "./numbers/codes.ts";

/** A number of a text, with its place in it. */
export interface ReadNumber {
  start: number;
  end: number;
  kind: "number" | "ordinal" | "percent" | "money" | "date" | "time";
  /**
   * Every value that it may mean, in one form each: `30000`, `1.5`, `2024-03-05` (`????-03-05` without a year), `15:00`. Where a text
   * does not tell a point for thousands from one for decimals, there are two.
   */
  values: readonly string[];
  unit: Unit | null;
  /** Said by a word that is often none (“one”, “first”): it supports, but nobody has to support it. */
  weak?: true;
}

interface Reading {
  plain: string;
  style: Style;
  language: string | null;
  tokens: readonly Token[];
  /** 1 where a sign belongs to what was read already. */
  taken: Uint8Array;
  found: ReadNumber[];
}

const isFree = ({ taken }: Reading, start: number, end: number) => !taken.subarray(start, end).includes(1);

function take(reading: Reading, number: ReadNumber): void {
  reading.found.push(number);
  reading.taken.fill(1, number.start, number.end);
}

const sticky = (pattern: RegExp, text: string, at: number) => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};
const groups = /(?:([ \u00a0])\d{3}(?!\d))(?:\1\d{3}(?!\d))*(?:[.,]\d+)?(?!\p{L}{3}|[ \u00a0]\d{3}(?!\d))/uy;
const exponent = /(?:( ?[×x*·] ?10)(?:\^|\*\*)?|\^|\*\*|(?=[⁻⁰¹²³⁴-⁹]))\(?([-+]?\d{1,3}|⁻?[⁰¹²³⁴-⁹]{1,3})\)?/uy;
const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten behind a literal: `10^6`, `1.5 × 10⁶`. Any other raised figure is a footnote's mark, and none of the number. */
function powerBehind(plain: string, literal: string, end: number): { factor: number; end: number } | null {
  const match = sticky(exponent, plain, end);
  if (!match) return null;
  const figures = (match[2] ?? "").replace("⁻", "-").replace(/[⁰¹²³⁴-⁹]/g, (sign) => String(raised.indexOf(sign)));
  const isPower = match[1] !== undefined || literal === "10";
  const base = match[1] === undefined ? 0.1 : 1;
  return { factor: isPower ? base * 10 ** Number(figures) : 1, end: end + match[0].length };
}

const joining = /(?:[ \u00a0]?(?:d'|de |di |of )|[ \u00a0-])?/uy;
const east = /(\d{1,8})([千万萬億亿천만억])?/uy;

const amountAhead = /^ ?(?:[kKmMbB]|bn) ?(?:[€$£₹]|EUR|USD|GBP|CHF|[Ee]uros?|[Dd]ollars?)/;

/** What stands behind the figures of a number: its scale, its unit. */
function tailOf(
  plain: string,
  end: number,
  before: Unit | null,
): { factor: number; more: number; unit: Unit | null; end: number } {
  let [factor, more, at] = [1, 0, end];
  // “the 1990s” are no seconds; the m of “5m EUR” are millions.
  if (/\d0s(?!\p{L})/u.test(plain.slice(end - 2, end + 2))) return { factor, more, unit: before, end: end + 1 };
  const money = before !== null || amountAhead.test(plain.slice(end, end + 8));
  for (let scale = scaleBehind(plain, at, money); scale; scale = scaleBehind(plain, at, money)) {
    factor *= scale.factor;
    at = scale.end;
    const low = /[\u3400-\uffff]/.test(plain[at - 1] ?? "") ? sticky(east, plain, at) : null;
    if (!low) continue;
    more += Number(low[1]) * (scaleBehind(plain, at + (low[1]?.length ?? 0), false)?.factor ?? 1);
    at += low[0].length;
    break;
  }
  const joined = sticky(joining, plain, at)?.[0].length ?? 0;
  const named = unitAt(plain, at) ?? unitAt(plain, at + joined);
  return { factor, more, unit: before ?? named?.unit ?? null, end: named?.end ?? at };
}

const kindOf = (unit: Unit | null) => (unit?.name === "%" ? "percent" : isMoney(unit) ? "money" : "number");

const negative = /(?:^|[\s(:|=])(?:-|minus )$/;

/** Takes one number whose figures stand at `start`. */
function takeLiteral(reading: Reading, literal: string, start: number, prefix = ""): void {
  const { plain, style } = reading;
  let end = start + literal.length;
  const spaced = /^[1-9]\d{0,2}$/.test(literal) ? sticky(groups, plain, end)?.[0] : undefined;
  if (spaced) end += spaced.length;
  const whole = literal + (spaced ?? "");
  const power = powerBehind(plain, literal, end);
  if (power) end = power.end;
  const part = sticky(/ ?([½¼¾⅓⅔⅛⅜⅝⅞])| (\d)\/(\d{1,2})(?![\d/])/uy, plain, end);
  const extra = part ? (fractions[part[1] ?? ""] ?? Number(part[2]) / Number(part[3])) : 0;
  if (part) end += part[0].length;
  const values = /[eE]/.test(whole) ? [canonical(Number(whole))] : readingsOf(whole, style);
  if (values.length === 0) return;
  const money = currencyBefore(plain, start - prefix.length);
  const tail = tailOf(plain, end, money?.unit ?? unitCalled(prefix));
  const from = money?.start ?? start - prefix.length;
  const sign = negative.test(plain.slice(Math.max(0, from - 7), from)) ? -1 : 1;
  const scale = (power?.factor ?? 1) * tail.factor;
  const isPlain = scale === 1 && extra === 0 && tail.more === 0 && sign === 1;
  const counted = (value: string) =>
    isPlain ? value : canonical(sign * ((Number(value) + extra) * scale + tail.more));
  const ordinal = /^(?:st|nd|rd|th|er|e|ère|ème|º|ª|ste|te)(?!\p{L})/u.exec(plain.slice(end, end + 5))?.[0];
  const kind = ordinal ? "ordinal" : kindOf(tail.unit);
  const last = tail.end + (tail.end === end ? (ordinal?.length ?? 0) : 0);
  take(reading, { start: from, end: last, kind, values: values.map(counted), unit: tail.unit });
}

/** Takes what a literal of figures is: a date, a fraction, one number, or several that are joined. */
function takeFigures(reading: Reading, literal: string, start: number, prefix: string): void {
  const dates = datesOf(literal);
  if (dates.length > 0) {
    take(reading, { start, end: start + literal.length, kind: "date", values: dates, unit: null });
    return;
  }
  const fraction = /^(\d{1,3})\/([1-9]\d{0,2})$/.exec(literal);
  if (fraction) {
    const end = start + literal.length;
    const tail = tailOf(reading.plain, end, null);
    const value = canonical((Number(fraction[1]) / Number(fraction[2])) * tail.factor);
    take(reading, { start, end: tail.end, kind: kindOf(tail.unit), values: [value], unit: tail.unit });
    return;
  }
  const isList = /^\d+(?:,\d+){2,}$/.test(literal) && readingsOf(literal, reading.style).length === 0;
  let at = start;
  for (const part of /[eE]/.test(literal) ? [literal] : literal.split(isList ? /[,:/-]/ : /[:/-]/)) {
    takeLiteral(reading, part, at, at === start ? prefix : "");
    at += part.length + 1;
  }
}

const between = /^ ?(?:[-–—~〜]|to|bis|und|and|or|oder|à|a|et|ou|y|e|o|en|tot|до) ?$/u;

const days = /^ ?\.?(?: ?[-–—~〜] ?| (?:to|bis|und|and|au|et|al?|y|e|en|tot|do|по|до) )$/u;

/** “5–9 August 2024”, “August 5–9, 2024”: the end without a month has that of the other. */
function shareMonths(plain: string, numbers: ReadNumber[]): void {
  for (const [i, first] of numbers.entries()) {
    const [last, year] = [numbers[i + 1], numbers[i + 2]];
    if (!last || !days.test(plain.slice(first.end, last.start))) continue;
    const [day, date] = first.kind === "date" ? [last, first] : [first, last];
    const value = Number(day.values[0]);
    const isDay = /^(?:number|ordinal)$/.test(day.kind) && day.unit === null && value >= 1 && value <= 31;
    if (!isDay || !/-\d\d$/.test(date.values[0] ?? "")) continue;
    const inYear =
      date === first && year && /^,? $/.test(plain.slice(last.end, year.start)) ? (year.values[0] ?? "") : "";
    const placed = (each: string) => (/^\d{4}$/.test(inYear) ? each.replace("????", inYear) : each);
    const values = date.values.map(placed);
    Object.assign(date, { values });
    // The year is said of both, and is no number of its own.
    if (inYear !== "") numbers.splice(i + 2, 1);
    const two = String(value).padStart(2, "0");
    Object.assign(day, { kind: "date", values: values.map((each) => each.replace(/\d\d$/, two)) });
  }
}

/** “5 to 7 kg”, “10–20 %”: the first end has the unit of the last. */
function shareUnits(plain: string, numbers: ReadNumber[]): void {
  for (let i = numbers.length - 2; i >= 0; i--) {
    const [first, last] = [numbers[i], numbers[i + 1]];
    if (!first || !last?.unit || first.unit || first.kind !== "number") continue;
    if (between.test(plain.slice(first.end, last.start))) Object.assign(first, { unit: last.unit, kind: last.kind });
  }
}

function begin(text: string, language: string | null | undefined): Reading {
  const plain = plainSigns(text);
  const known = language === undefined ? languageOf(plain) : language;
  const taken = new Uint8Array(plain.length);
  return { plain, style: styleOf(plain, known), language: known, tokens: tokensOf(plain), taken, found: [] };
}

/**
 * The numbers that a text says, in order: in figures of any script or in words, with their units, as dates and as times of day. How
 * figures are grouped is decided by the language (found out where it is not given) and by the text's other numbers. What is a code
 * (`readCodes`) is no number.
 */
export function readNumbers(text: string, language?: string | null): ReadNumber[] {
  const reading = begin(text, language);
  const { plain, tokens } = reading;
  for (const { start, end } of codesIn(plain, tokens)) reading.taken.fill(1, start, end);
  const takeFree = (number: ReadNumber) => {
    if (isFree(reading, number.start, number.end)) take(reading, number);
  };
  for (const { value, ...place } of easternDates(plain))
    takeFree({ ...place, kind: "date", values: [value], unit: null });
  for (const token of tokens) {
    if (/\d/.test(token.text)) continue;
    const date = dateAround(plain, token.start, token.end);
    if (date) takeFree({ start: date.start, end: date.end, kind: "date", values: [date.value], unit: null });
  }
  for (const time of timesIn(plain)) takeFree({ ...time, kind: "time", unit: null });
  for (const share of sharesIn(plain)) takeFree({ ...share, kind: "number", unit: null });
  for (const { text: run, start, end } of tokens) {
    if (!/\d/.test(run) || !isFree(reading, start, end)) continue;
    const figures = figuresOf(run);
    if (figures) takeFigures(reading, figures.literal, start + figures.prefix.length, figures.prefix);
  }
  for (const written of numeralsIn(plain, tokens, reading.language)) {
    const tail = tailOf(plain, written.end, null);
    const unit = written.unit ?? tail.unit;
    const values = [canonical(written.value * tail.factor)];
    const number = { start: written.start, end: Math.max(written.end, tail.end), values, unit };
    const kind = written.ordinal ? "ordinal" : kindOf(unit);
    takeFree({ ...number, kind, ...(written.weak && !(unit && !written.ordinal) ? { weak: true as const } : {}) });
  }
  for (const { kind, value, ...place } of handWritten(plain))
    takeFree({ ...place, kind, values: [canonical(value)], unit: null });
  reading.found.sort((a, b) => a.start - b.start);
  shareMonths(plain, reading.found);
  shareUnits(plain, reading.found);
  return reading.found;
}

/** The codes of a text (`XR-500B`, `ISO 9001`, `1.2.3`, plan `B`, telephone numbers): words that have to agree in every sign. */
export function readCodes(text: string): ReadCode[] {
  const plain = plainSigns(text);
  const codes = [...codesIn(plain, tokensOf(plain))].sort((a, b) => a.start - b.start || b.end - a.end);
  return codes.filter((code, i) => !codes.slice(Math.max(0, i - 4), i).some((each) => each.end >= code.end));
}
