import { isFunctionWord, wordsOf } from "../../models/words.ts";

/**
 * Raised whenever the same text gives other stems than before: an index that an earlier analysis filled is then filled anew,
 * as questions would no longer meet its words.
 */
export const analysisVersion = 1;

/**
 * FTS5 gets words that are stemmed already, the same way as questions and the offline reader's, and only has to cut them at
 * spaces: its own porter knows English alone and takes a run of Chinese for one word, where `wordsOf` makes pairs of characters.
 */
export const tokenizer = "unicode61 remove_diacritics 0 categories ''L* N* M* Co'' tokenchars ''.''";

/** The text as FTS5 gets it. */
export function stemmed(text: string): string {
  return wordsOf(text)
    .map(({ stem }) => stem)
    .join(" ");
}

const maxStems = 32;

/**
 * The stems of a question's telling words, each once; of its function words only where it has no others. Whatever a person types
 * becomes words here, so that FTS5's own syntax never sees it.
 */
export function questionStems(query: string): string[] {
  const words = wordsOf(query.slice(0, 4_000));
  const telling = words.filter(({ text }) => !isFunctionWord(text));
  const stems = (telling.length > 0 ? telling : words).map(({ stem }) => stem);
  return [...new Set(stems)].slice(0, maxStems);
}

/** An FTS5 expression that matches any of the stems; null for none. */
export function matchAny(stems: string[]): string | null {
  return stems.length > 0 ? stems.map((stem) => `"${stem}"`).join(" OR ") : null;
}
