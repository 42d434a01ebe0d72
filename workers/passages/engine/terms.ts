import { readNumbers } from "../../text/numbers.ts";
import { headingsNotIn } from "../../text/section-path.ts";
import { askedPart, isFunctionWord, unmarked, type Word, wordsOf } from "../../text/words.ts";
import { namesOf } from "./names.ts";
import type { Statistics } from "./rank.ts";

const maxQueryTerms = 32;

/** How passages are cut into words now: to be counted up when `wordsOf`, stems or keys change, so that stored passages follow. */
export const wordsVersion = 1;

/** Letters of a stem that are compared: of languages without a stemmer, what follows is an ending more often than another word. */
const keyLetters = { latin: 6, other: 5 };

/** What a stem is looked up by: its beginning, or all of a number or a code. */
export function keyOf(stem: string): string {
  if (/^[-?\p{N}#]/u.test(stem)) return stem;
  return stem.slice(0, /^\p{sc=Latin}/u.test(stem) ? keyLetters.latin : keyLetters.other);
}

/** The keys of the stems that stand in a passage's column of them, with spaces between. */
export const keysIn = (terms: SqlStorageValue | undefined): string[] =>
  terms ? String(terms).split(" ").map(keyOf) : [];

/** What a text is searched by: its words, with its numbers as values, and behind them what has to agree as a whole. */
function searchedWords(text: string): Pick<Word, "text" | "stem">[] {
  const plain = unmarked(text);
  const words = wordsOf(plain);
  const numbers = readNumbers(plain).filter(({ values }) => values.length > 0);
  const added = [
    ...namesOf(plain),
    ...numbers.flatMap(({ values, end }) => values.map((value) => ({ text: value, end }))),
  ].sort((a, b) => a.end - b.end);
  if (added.length === 0) return words;
  // A date is looked for by its year, too; figures of other numbers are found by their value.
  const counted = numbers.filter(({ kind }) => kind !== "date" && kind !== "time");
  const searched: Pick<Word, "text" | "stem">[] = [];
  let [next, number] = [0, 0];
  const add = (before: number) => {
    for (let each = added[next]; each && each.end <= before; each = added[++next])
      searched.push({ text: each.text, stem: each.text });
  };
  for (const word of words) {
    add(word.start);
    while ((counted[number]?.end ?? Number.POSITIVE_INFINITY) <= word.start) number++;
    const isWithin = (counted[number]?.start ?? Number.POSITIVE_INFINITY) <= word.start;
    if (!isWithin || !/^\p{N}/u.test(word.text)) searched.push(word);
  }
  add(Number.POSITIVE_INFINITY);
  return searched;
}

/** The words of a passage: the keys of all of them, and the stems of those that tell something. */
export function passageTerms(section: string | null, text: string): { all: string[]; telling: string[] } {
  const words = searchedWords(section ? `${headingsNotIn(section, text)}\n${text}` : text);
  return {
    all: words.map(({ stem }) => keyOf(stem)),
    telling: words.filter((word) => !isFunctionWord(word.text)).map(({ stem }) => stem),
  };
}

/**
 * The stems of a question's telling words in order; of its function words only where it has no others.
 * Whatever a person types becomes words here, so that FTS5's own syntax never sees it.
 */
export function queryTerms(query: string): string[] {
  const words = searchedWords(askedPart(query).replaceAll("\0", " "));
  const telling = words.filter(({ text }) => !isFunctionWord(text));
  return (telling.length > 0 ? telling : words).map(({ stem }) => stem).slice(0, maxQueryTerms);
}

/** In an index of more passages than this, a term that every fifth has only costs time where the question has rarer ones. */
const largeIndex = 5_000;
const commonShare = 0.2;

/** The terms worth looking up: common ones are left to the ranking of what the others find. */
export function rareEnough(
  terms: string[],
  statistics: Pick<Statistics<string>, "passages" | "passagesWith">,
): string[] {
  const { passages } = statistics;
  if (passages <= largeIndex) return terms;
  const known = terms.filter((term) => statistics.passagesWith(term) > 0);
  const rare = known.filter((term) => statistics.passagesWith(term) <= passages * commonShare);
  return rare.length > 0 ? rare : known;
}

/** An FTS5 expression that matches any of the terms; null for none. */
export function matchAny(terms: Iterable<string>): string | null {
  const quoted = [...new Set(terms)].map((term) => `"${term.replaceAll('"', '""')}"`);
  return quoted.length > 0 ? quoted.join(" OR ") : null;
}
