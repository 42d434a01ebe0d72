/** Scripts that put no spaces between words: FTS5 takes a whole sentence of them for one word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

export interface SearchTerms {
  /** An FTS5 expression that wants every word, whole or as a beginning; null where there is none. */
  match: string | null;
  /** Pieces of text to be found as they stand. */
  pieces: string[];
}

const maxTerms = 12;

/** What a person typed, as words: FTS5's own syntax never sees anything else. */
export function searchTerms(query: string): SearchTerms {
  const words = [...new Set(query.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])].slice(0, maxTerms);
  const spaced = words.filter((word) => !unspaced.test(word));
  const match = spaced.map((word) => (word.length > 1 ? `("${word}" OR "${word}"*)` : `"${word}"`)).join(" AND ");
  return { match: match || null, pieces: words.filter((word) => unspaced.test(word)) };
}
