import { fold } from "../../text/words.ts";
import type { OfferedPassage } from "../ports/chat-model.ts";

/** An abbreviation and what it stands for, as a passage has them. */
export interface Expansion {
  short: string;
  long: string;
}

const asks = [
  /\b(?:what|which words?) (?:do|does|did) (?:the )?(?:(?:abbreviation|acronym|initials|letters) )?["“'‘]?(.{1,40}?)["”'’]? (?:stand|stands|stood) for\b/iu,
  /\bwhat(?:'s| is| are| was| does)? ["“'‘]?(.{1,40}?)["”'’]? (?:an? )?(?:short|abbreviation|acronym) (?:for|of)\b/iu,
  /\b(?:full (?:form|name)|long form|expansion|meaning) of (?:the (?:abbreviation|acronym) )?["“'‘]?(.{1,40}?)["”'’]?\s*\??$/iu,
  /\bwof(?:ü|ue)r steh(?:t|en) (?:die abk(?:ü|ue)rzung )?["„“'‘]?(.{1,40}?)["”“'’]?\s*\??$/iu,
  /\bwas (?:bedeutet|heißt|heisst) (?:die abkürzung )?["„“'‘]?(\p{Lu}[\p{Lu}\p{N}.&-]{1,10})["”“'’]?\s*\??$/iu,
  /\bque signifie(?:nt)? (?:le sigle |l['’]acronyme )?["«“'‘]?\s?(.{1,40}?)\s?["»”'’]?\s*\??$/iu,
  /\bqu[ée] significan? (?:las? siglas? )?["«“'‘]?(.{1,40}?)["»”'’]?\s*\??$/iu,
];

/** The abbreviation that a question wants to hear the words of, and whether its letters leave no doubt that it is one; null for any other question. */
export function abbreviationAsked(question: string): { short: string; isSure: boolean } | null {
  for (const pattern of asks) {
    const short = pattern.exec(question.trim())?.[1]?.trim();
    if (short && isAbbreviation(short)) return { short, isSure: (short.match(/\p{Lu}/gu)?.length ?? 0) >= 2 };
  }
  return null;
}

/** IBM, U.S.A., C-T-R, SaaS, “sso” as people type it; not “the company”. */
const isAbbreviation = (text: string) => /^(?:the )?[\p{L}\p{N}](?:[.&/-]?[\p{L}\p{N}]){1,9}\.?s?$/u.test(text);
/** Without what may stand between the letters: U.S.A. and USA are one. */
export const lettersOf = (abbreviation: string): string =>
  fold(abbreviation.replace(/^the /i, "")).replace(/[^\p{L}\p{N}]/gu, "");

const small = new Set(
  "of the and for in on to a an de la le les des du et der die das und für von y del el los & und".split(" "),
);
const wordIn = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu;
const mostWords = 14;

/** Whether the words' first letters spell `letters`; a little word, or one more inside a longer one, may give none, or more than one. */
function spells(words: readonly string[], letters: string): boolean {
  if (letters === "") return words.every((word) => small.has(fold(word)));
  const [word, ...rest] = words;
  if (word === undefined) return false;
  const plain = fold(word);
  if (small.has(plain) && spells(rest, letters)) return true;
  for (let taken = Math.min(3, letters.length); taken >= 1; taken--) {
    if (
      plain[0] === letters[0] &&
      isWithin(letters.slice(1, taken), plain.slice(1)) &&
      spells(rest, letters.slice(taken))
    )
      return true;
  }
  return false;
}

/** Whether a word has some letters in their order, as “Datenschutz” has those of DS. */
function isWithin(letters: string, word: string): boolean {
  let at = 0;
  for (const letter of word) if (letter === letters[at]) at++;
  return at >= letters.length;
}

/** The shortest run of words that ends at `words`' end, or begins at their beginning, and spells `letters`. */
function spelling(words: readonly RegExpMatchArray[], letters: string, from: "start" | "end"): [number, number] | null {
  const least = Math.max(2, Math.ceil(letters.length / 3));
  for (let count = least; count <= Math.min(words.length, letters.length + 4); count++) {
    const run = from === "end" ? words.slice(-count) : words.slice(0, count);
    const texts = run.map(([word]) => word);
    if (small.has(fold(texts[0] ?? "")) || !spells(texts, letters)) continue;
    const last = run.at(-1);
    return [run[0]?.index ?? 0, (last?.index ?? 0) + (last?.[0].length ?? 0)];
  }
  return null;
}

const escaped = (text: string) =>
  [...text].map((character) => character.replace(/[^\p{L}\p{N}]/u, "\\$&")).join("[.&/-]?");
/** Between an abbreviation and the words behind it. */
const introducing =
  /^[)\]"”'’.]*\s*(?:\(|\[|[:=–—-]\s|,\s|,? ?(?:stands?|stood|standing) for\b|,? ?(?:is |are )?(?:an? )?(?:short|abbreviation|acronym) (?:for|of)\b|,? ?(?:means?|steht für|bedeutet|significa|signifie)\b|,? or\b)[\s"“'‘:]*(?:the |an? |die |der |das |la |le |el |l['’])?/iu;
const nearBy = 120;

/** What one place of a passage, behind which or before which `short` stands, has as its words. */
function expansionAt(text: string, start: number, end: number, letters: string): string | null {
  const before = text.slice(Math.max(0, start - nearBy), start);
  const isBracketed =
    /(?:[([]|, or| or|[:=–—-]\s|called|using the trademark|known as|abbreviated(?: as| to)?|kurz|sigle|siglas)[\s"“'‘]*$/iu.exec(
      before,
    );
  if (isBracketed) {
    const ahead = before.slice(0, isBracketed.index);
    const words = [...ahead.slice(ahead.search(/[^.;:!?\n]*$/)).matchAll(wordIn)].slice(-mostWords);
    const offset = ahead.search(/[^.;:!?\n]*$/);
    // “International Business Machines Corporation (IBM)”: what a firm is may stand behind.
    for (const dropped of [0, 1]) {
      const found = spelling(words.slice(0, words.length - dropped), letters, "end");
      if (found) return ahead.slice(offset + found[0], offset + found[1]);
    }
  }
  const after = text.slice(end, end + nearBy);
  const introduced = introducing.exec(after);
  if (!introduced) return null;
  const behind = after.slice(introduced[0].length).split(/[.;!?\n)\]]/)[0] ?? "";
  const found = spelling([...behind.matchAll(wordIn)].slice(0, mostWords), letters, "start");
  return found && behind.slice(found[0], found[1]);
}

/** What `short` stands for by the passages, in the order of the passages; empty where none says it. */
export function expansionsOf(short: string, passages: readonly OfferedPassage[]): Expansion[] {
  const letters = lettersOf(short);
  if (letters.length < 2) return [];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(letters)}(?:\\.|['’]?s)?(?![\\p{L}\\p{N}])`, "giu");
  const found = new Map<string, Expansion>();
  for (const { text } of passages) {
    for (const match of text.matchAll(pattern)) {
      const long = expansionAt(text, match.index, match.index + match[0].length, letters)?.replace(/\s+/g, " ");
      if (long && !found.has(fold(long))) found.set(fold(long), { short: match[0], long });
    }
  }
  return [...found.values()];
}

/** “STANDS FOR” needs no likeness of the letters: whatever follows is what the text says. */
export const saysMeaning = (sentence: string, short: string): boolean =>
  new RegExp(
    `(?<![\\p{L}\\p{N}])${escaped(lettersOf(short))}["”'’]?,? (?:stands?|stood|is short|is an? (?:abbreviation|acronym)|steht|bedeutet|significa|signifie)\\b`,
    "iu",
  ).test(sentence);

const mostWordsLookedAt = 60;
const capitals = /(?<![\p{L}\p{N}])\p{Lu}[\p{Lu}\p{N}]{1,7}(?=s?(?![\p{L}\p{N}]))/gu;

/** The abbreviations that a question says, or says the words of, with what the passages have for the other. */
export function expansionsIn(question: string, passages: readonly OfferedPassage[]): Expansion[] {
  const known = new Set(passages.flatMap(({ text }) => [...text.matchAll(capitals)].map(([short]) => fold(short))));
  const words = [...question.matchAll(wordIn)].slice(0, mostWordsLookedAt).map(([word]) => fold(word));
  const asked = new Set(words.filter((word) => known.has(word)));
  for (let start = 0; start < words.length; start++) {
    let initials = "";
    for (const word of words.slice(start, start + 7)) {
      initials += small.has(word) ? "" : word.slice(0, 1);
      if (initials.length > 1 && known.has(initials)) asked.add(initials);
    }
  }
  return [...asked].flatMap((short) => expansionsOf(short, passages));
}
