import { datesOf } from "./calendar.ts";
import { readingsOf } from "./literals.ts";
import type { Token } from "./tokens.ts";
import { unitCalled } from "./units.ts";

/** A code of a text: its letters and figures mean this one thing together. */
export interface ReadCode {
  start: number;
  end: number;
  /** As it is compared: lower case, without what joins letters to figures (`XR 500-B`, `xr500b`). */
  code: string;
}

/** Figures in front or behind, and what is glued to them; `null` where the run is a code. */
export interface Figures {
  /** What stands before the figures: a currency, or nothing. */
  prefix: string;
  literal: string;
  /** What stands behind them: a unit, a scale, the ending of an ordinal, or nothing. */
  suffix: string;
}

const plain = /^\d+(?:[.,:/'-]\d+)*$/;
const ending = /^(\d+(?:[.,']\d+)*)(-?)(\p{L}[\p{L}\p{M}-]*)$/u;
const beginning = /^(EUR|USD|US|GBP|CHF|JPY|CNY|INR|Rs|R|FY|CY)-?(\d+(?:[.,']\d+)*)(\p{L}*)$/u;
const power = /^\d+(?:[.,]\d+)?[eE][+-]?\d+$/;
const ordinal = /^(?:st|nd|rd|th|er|e|ère|re|ème|eme|ste|de|te|ten|ter|º|ª|o|a|x|k|K|mal|fach)$/u;

/** What a run of letters and figures is, as far as it is a number. */
export function figuresOf(run: string): Figures | null {
  if (run.length > 64) return null;
  if (plain.test(run)) return { prefix: "", literal: run, suffix: "" };
  if (power.test(run)) return { prefix: "", literal: run, suffix: "" };
  const [, literal = "", hyphen, suffix = ""] = ending.exec(run) ?? [];
  // “24-month”, “3-phase”; “5-B” is a code.
  if (literal && (hyphen ? /^\p{Ll}{2}|^\p{Lu}\p{Ll}{2}/u.test(suffix) : ordinal.test(suffix) || isGlued(suffix)))
    return { prefix: "", literal, suffix: `${hyphen}${suffix}` };
  // Hebrew joins “in”, “to” and “about” to figures by a hyphen.
  const [, hebrew = "", figures = ""] = /^([בלכמהוש]{1,2}-)(\d+(?:[.,:/']\d+)*)$/.exec(run) ?? [];
  if (hebrew) return { prefix: hebrew, literal: figures, suffix: "" };
  const [, prefix = "", amount = "", rest = ""] = beginning.exec(run) ?? [];
  return amount && (rest === "" || isGlued(rest)) && (!/^[FC]Y$/.test(prefix) || /^\d{4}$/.test(amount))
    ? { prefix, literal: amount, suffix: rest }
    : null;
}

const isGlued = (suffix: string) =>
  /^(?:[mM]|bn|mn|mio|am|pm|h|Uhr|€)$/u.test(suffix) || unitCalled(suffix) !== null || /^\p{Ll}{4,}$/u.test(suffix);

const whole: RegExp[] = [
  // Telephone numbers, bank accounts, versions, parts of laws and documents, standards.
  /(?<![\d\p{L}])(?:\+|00)\d[\d ()/-]{6,20}\d(?![\d\p{L}])/gu,
  /(?<![\d\p{L}.,:/-]|\d[ \u00a0])0\d{1,4}[ /-]{1,3}\d{2,}(?:[ -]\d{2,}){0,4}(?![\d\p{L}:/-]|[.,]\d)/gu,
  /(?<![\d\p{L}])\p{Lu}{2}\d{2}(?: ?[\p{Lu}\d]{4}){3,7}(?: ?[\p{Lu}\d]{1,3})?(?![\d\p{L}])/gu,
  /(?<=(?:version|release|v|section|abschnitt|§|clause|kapitel|chapter|article|artikel|figure|fig|abbildung|table|tabelle|step|sección|capítulo|chapitre)\.?[ \u00a0]?)\d+(?:\.\d+)+(?![\d\p{L}])/giu,
  /(?<![\d\p{L}])(?:ISO(?:\/IEC)?|IEC|EN|DIN(?: EN)?(?: ISO)?|IEEE|RFC|ANSI|ASTM|NIST|CVE|ANSI|UL|VDE|OSHA|GOST|ГОСТ|JIS|BS|NF)[ \u00a0-]?\d+(?:[-.:]\d+)*\p{L}?(?![\d\p{L}])/gu,
];
/** Words before a letter that names one of several things of a kind; behind other words only letters that are nothing else. */
const label =
  /(?<![\p{L}\d])(?:(plan|type|class|group|option|appendix|annex|category|grade|model|variant|vitamin|building|block|gate|hall|series|schedule|form|zone|level|tarif|typ|klasse|gruppe|anhang|kategorie|modell|variante|gebäude|halle|stufe|classe|groupe|annexe|catégorie|modèle|tipo|clase|grupo|anexo|modelo|categoría|categoria|gruppo|allegato|modello|bijlage|groep)|\p{L}{3,})[ \u00a0]([A-Z])(?![\p{L}\p{M}\d.'’+#&-])/giu;

/** Without case, and without what joins letters to figures. */
const asCompared = (text: string) =>
  text
    .toLowerCase()
    .replace(/(?<=\p{L})[-_ \u00a0./]+(?=\d)|(?<=\d)[-_ \u00a0]+(?=\p{L})/gu, "")
    .replace(/[_ \u00a0()/]+/g, "-")
    .replace(/^v(?=\d+\.\d)/, "");

const isVersion = (run: string) =>
  /^\d+(?:\.\d+){2,}$/.test(run) &&
  datesOf(run).length === 0 &&
  readingsOf(run, { point: "group", comma: null }).length === 0;
/** Figures that nobody counts with: what begins with a zero, or is joined by hyphens in more than two parts. */
const isIdentifier = (run: string, before: string) =>
  (/^0\d{2,}$/.test(run) && !/\d[ \u00a0]$/.test(before)) ||
  (/^\d+(?:-\d+){2,}$/.test(run) && datesOf(run).length === 0);

/** The codes of a text whose signs are plain, in no order: model and part numbers, standards, versions, telephone numbers, letters as labels. */
export function* codesIn(text: string, tokens: readonly Token[]): Generator<ReadCode> {
  for (const pattern of whole)
    for (const { 0: found, index } of text.matchAll(pattern)) {
      const figures = found.replace(/\D/g, "");
      if (/^[0+]/.test(found) && (figures.length < 7 || datesOf(found).length > 0)) continue;
      const code = /^[+0\d]/.test(found) && !found.includes(".") ? figures.replace(/^00/, "") : asCompared(found);
      yield { start: index, end: index + found.length, code };
    }
  for (const { text: run, start, end } of tokens) {
    if (!/\d/.test(run) || /^\d{1,2}h\d{2}$/.test(run)) continue;
    const figures = figuresOf(run);
    if (figures === null || isVersion(run) || isIdentifier(run, text.slice(Math.max(0, start - 2), start)))
      yield { start, end, code: asCompared(run) };
  }
  for (const { 0: found, index, 1: known, 2: sign = "" } of text.matchAll(label)) {
    const end = index + found.length;
    if (!/[A-Z]/.test(sign) || (known === undefined && /[AIEOYU]/.test(sign))) continue;
    yield { start: end - 1, end, code: sign.toLowerCase() };
  }
}
