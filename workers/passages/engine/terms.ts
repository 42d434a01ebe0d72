import { headingsNotIn } from "../../text/section-path.ts";
import { askedPart, isFunctionWord, wordsOf } from "../../text/words.ts";
import type { Statistics } from "./rank.ts";

const maxQueryTerms = 32;

/** The words of a passage in the form they are compared by: all of them, and those that tell something. */
export function passageTerms(section: string | null, text: string): { all: string[]; telling: string[] } {
  const words = wordsOf(section ? `${headingsNotIn(section, text)}\n${text}` : text);
  return {
    all: words.map(({ stem }) => stem),
    telling: words.filter((word) => !isFunctionWord(word.text)).map(({ stem }) => stem),
  };
}

/**
 * The telling words of a question in order, in the form they are compared by; its function words only where it has no others.
 * Whatever a person types becomes words here, so that FTS5's own syntax never sees it.
 */
export function queryTerms(query: string): string[] {
  const { all, telling } = passageTerms(null, askedPart(query).replaceAll("\0", " "));
  return (telling.length > 0 ? telling : all).slice(0, maxQueryTerms);
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
