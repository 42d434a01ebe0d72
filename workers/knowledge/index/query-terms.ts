import { fold, isFunctionWord, wordsOf } from "../../models/words.ts";

const maxTerms = 32;

/** A word of a question: as FTS5 gets it, and by which it is compared with a passage's words. */
export interface QueryTerm {
  text: string;
  stem: string;
}

/**
 * The telling words of a question, each once; its function words only where it has no others. Whatever a person types becomes
 * words here, so that FTS5's own syntax never sees it.
 */
export function queryTerms(query: string): QueryTerm[] {
  const byStem = new Map<string, QueryTerm>();
  const words = wordsOf(query.slice(0, 4_000)).map(({ text, stem }) => ({ text, stem }));
  const telling = words.filter(({ text }) => !isFunctionWord(text));
  for (const term of telling.length > 0 ? telling : words) if (!byStem.has(term.stem)) byStem.set(term.stem, term);
  return [...byStem.values()].slice(0, maxTerms);
}

/** An FTS5 expression that matches any of the terms, in the form asked and in the one it is compared by; null for none. */
export function matchAny(terms: QueryTerm[]): string | null {
  const words = new Set(terms.flatMap(({ text, stem }) => [text, stem]));
  const quoted = [...words].map((word) => `"${fold(word).replaceAll('"', "")}"`).filter((word) => word !== '""');
  return quoted.length > 0 ? quoted.join(" OR ") : null;
}
