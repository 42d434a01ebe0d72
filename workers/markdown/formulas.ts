import { closesFence, type Fence, fenceIn } from "./fence.ts";

/** A formula as it was written, with what it stands between. */
export interface Formula {
  source: string;
  latex: string;
  /** Whether it stands on a line of its own. */
  display: boolean;
}

/** What is longer is text. */
const longest = 2_000;

const closings: Record<string, string> = { $: "$", $$: "$$", "\\(": "\\)", "\\[": "\\]" };
/** Whatever may begin a formula, keeps one from beginning, or hides signs from it: backslashes with a bracket, code, dollars. */
const signs = /(\\+)([([]?)|`+|\$+/g;
/** What may end a formula, or says that it is none: a sign with its backslash, dollars, code, a blank line. */
const ends = /\\([\s\S])|\$+|`|\n(?=[ \t>]*\n)/g;

const isMathematical = (latex: string) => /[\\^_=+*/<>|{}-]/.test(latex);
/** Words as in “$5 and 6$” and `\\(optional\\)`, and letters that formulas have no use for but in words. */
const isProse = (latex: string) =>
  !/[\\^_={}|]/.test(latex) &&
  (/\s(?:.*[\s,;])?\p{L}{2,}(?=$|[\s,.;:])|^\p{L}{2,}[,.;:]?\s|^\p{L}\p{Ll}{3,}$|^\d[\d.,]*[,;]\s/su.test(latex) ||
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u.test(latex));

/** “the $n$th”, “all $\\alpha$s”: an ending of the word that a formula stands for. */
const hasEnding = (latex: string, behind: string) =>
  /^\p{L}$|\\/u.test(latex) && /^(?:th|st|nd|rd|s)(?![\p{L}\d$])/u.test(behind);

/** Whether what stands between two signs is a formula: amounts of money and brackets that were only escaped are none. */
function isFormula(text: string, start: number, end: number, opening: string): boolean {
  const width = opening.length;
  const latex = text.slice(start + width, end - width);
  if (latex.trim() === "" || isProse(latex.trim())) return false;
  if (opening === "\\[") return isMathematical(latex) && text[end] !== "(";
  if (opening !== "$") return true;
  if (/^\s|\s$/.test(latex) || /[a-z\d]/i.test(text[start - 1] ?? "")) return false;
  return !/[a-z\d]/i.test(text[end] ?? "") || hasEnding(latex, text.slice(end, end + 3));
}

/** Where the formula ends that `opening` begins: behind its sign, null where it does not, and "open" where the text ends before it does. */
function endOf(text: string, start: number, opening: string, stop: number): number | "open" | null {
  const closing = closings[opening];
  const limit = Math.min(stop, start + longest);
  ends.lastIndex = start + opening.length;
  for (let found = ends.exec(text); found && found.index < limit; found = ends.exec(text)) {
    if (found[0] === closing) return ends.lastIndex;
    const isBlank = found[0] === "\n";
    if (found[0] === opening || found[0] === "`" || (opening === "$" && found[0].startsWith("$"))) return null;
    if (isBlank && (opening === "$" || opening === "\\(")) return null;
  }
  return limit === text.length ? "open" : null;
}

/** The parts of a text that are not in blocks of code, as [from, to]. */
function* outsideCode(text: string): Generator<[from: number, to: number]> {
  let fence: (Fence & { isQuoted: boolean }) | null = null;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const next = end < 0 ? text.length : end + 1;
    const line = text.slice(at, end < 0 ? next : end);
    // Whatever list or quote it stands in.
    const [lead = ""] = /^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*/.exec(line) ?? [];
    const own = line.slice(lead.length).trimEnd();
    if (fence) {
      const isLeft: boolean = fence.isQuoted && !lead.includes(">");
      if (isLeft || closesFence(fence, own, 0)) [fence, start] = [null, isLeft ? at : next];
    } else {
      const opened = fenceIn(own, 0, 0);
      if (opened) {
        yield [start, at];
        fence = { ...opened, isQuoted: lead.includes(">") };
      }
    }
    at = next;
  }
  if (!fence && start < text.length) yield [start, text.length];
}

/** Finds where code within a paragraph ends that begins at `at`, from the first to the last: each run of backticks is passed once. */
function codeEnds(text: string) {
  const runs = new Map<number, { places: number[]; next: number }>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = runs.get(run.length);
    if (known) known.places.push(index);
    else runs.set(run.length, { places: [index], next: 0 });
  }
  const gaps = [...text.matchAll(/\n(?=[ \t>]*\n)/g)].map(({ index }) => index);
  let gap = 0;
  return (at: number, length: number): number | null => {
    const of = runs.get(length);
    if (!of) return null;
    while ((of.places[of.next] ?? Number.POSITIVE_INFINITY) <= at) of.next++;
    while ((gaps[gap] ?? Number.POSITIVE_INFINITY) < at) gap++;
    const end = of.places[of.next];
    return end === undefined || end > (gaps[gap] ?? Number.POSITIVE_INFINITY) ? null : end + length;
  };
}

const [hiddenFrom, hiddenTo] = ["\ufdd0", "\ufdd1"];
/** Letters of nobody's, of which Markdown thinks nothing, in the place of all that may mean something to it. */
const letters = 0xe000;
const hide = (source: string) =>
  hiddenFrom + source.replace(/[\0-\x7f]/g, (sign) => String.fromCharCode(letters + sign.charCodeAt(0))) + hiddenTo;
const unhide = (hidden: string) =>
  hidden.replace(/[\ue000-\ue07f]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - letters));

/**
 * A text of the same length for a parser of Markdown, in which formulas are single words that mean nothing to it: between dollars, and between
 * `\(` and `\)`, `\[` and `\]`. `formulasIn` finds them again in what was parsed, and `withFormulas` gives back what was written. Of a text that
 * `isGrowing`, a formula that has begun and not ended is hidden too: it stands as it was written until it has.
 */
export function hideFormulas(text: string, isGrowing = false): string {
  if (!/\$|\\[([]/.test(text)) return text;
  const endOfCode = codeEnds(text);
  let [out, kept] = ["", 0];
  const take = (from: number, to: number) => {
    out += text.slice(kept, from) + hide(text.slice(from, to));
    kept = to;
  };
  for (const [from, to] of outsideCode(text)) {
    signs.lastIndex = from;
    for (let found = signs.exec(text); found && found.index < to; found = signs.exec(text)) {
      const [sign, slashes, bracket] = found;
      const behind = signs.lastIndex;
      if (sign.startsWith("`")) signs.lastIndex = endOfCode(found.index, sign.length) ?? behind;
      else if (slashes && slashes.length % 2 === 1 && !bracket) signs.lastIndex = behind + 1;
      const opening = bracket && slashes && slashes.length % 2 === 1 ? `\\${bracket}` : sign;
      if (!(opening in closings)) continue;
      const start = behind - opening.length;
      const end = endOf(text, start, opening, to);
      if (end === "open" && isGrowing && opening !== "$") {
        take(start, text.length);
        return out;
      }
      if (typeof end === "number" && isFormula(text, start, end, opening)) {
        take(start, end);
        signs.lastIndex = end;
      } else signs.lastIndex = behind;
    }
  }
  return out + text.slice(kept);
}

const hidden = /\ufdd0([^\ufdd0\ufdd1]*)\ufdd1/g;

/** Gives back what was written, where `hideFormulas` has hidden it. */
export const withFormulas = (text: string): string => text.replace(hidden, (_, source: string) => unhide(source));

/** A formula by its source; null for one that has not ended. */
export function formulaOf(source: string): Formula | null {
  const opening = source.startsWith("$$") ? "$$" : source.startsWith("\\") ? source.slice(0, 2) : "$";
  const closing = closings[opening];
  if (!closing || !source.endsWith(closing) || source.length < 2 * opening.length) return null;
  const inner = source.slice(opening.length, -opening.length);
  // In a quote, each of its lines begins with the sign of that.
  const [first = "", ...rest] = inner.split("\n");
  const isQuoted = rest.length > 0 && rest.every((line) => /^[ \t]*>/.test(line));
  const latex = isQuoted ? [first, ...rest.map((line) => line.replace(/^[ \t]*(?:>[ \t]?)+/, ""))].join("\n") : inner;
  return { source, latex: latex.trim(), display: opening === "$$" || opening === "\\[" };
}

/** A text that was parsed as its words and the formulas between them. */
export function formulasIn(text: string): (string | Formula)[] {
  const parts: (string | Formula)[] = [];
  let at = 0;
  for (const found of text.matchAll(hidden)) {
    if (found.index > at) parts.push(text.slice(at, found.index));
    const source = unhide(found[1] ?? "");
    parts.push(formulaOf(source) ?? source);
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}
