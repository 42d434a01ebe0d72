import type { Candidate } from "./candidates.ts";
import type { Window } from "./passage-windows.ts";
import type { Question, Term } from "./question.ts";

/** A word that tells what is asked; a run of a script without spaces is missing or there by chance. */
const isTelling = ({ weight, isRun }: Term) => weight >= 1 && !isRun;

/** The telling words of a question that none of the passages says in any form. */
export function unheardOf(candidates: readonly Candidate[], { terms }: Question): Set<string> {
  const isHeard = (stem: string) => candidates.some(({ matched, titled }) => matched.has(stem) || titled.has(stem));
  return new Set(terms.filter((term) => isTelling(term) && !isHeard(term.stem)).map(({ stem }) => stem));
}

/** Beside so few words of the question, one that stands nowhere is what was asked for. */
const fewBeside = { thing: 3, word: 2 };

/**
 * Whether a window is only about the same things as the question: as many of its telling words as stand here are missing from the whole passage,
 * or one is, beside a few, that no passage says at all (“which module is needed for touchpads?” among modules for mice). A name tells
 * as much as two words, and so does a pair that stands together.
 */
export function lacksAsked({ sentences }: Window, { terms }: Question, unheard: ReadonlySet<string>): boolean {
  const telling = terms.filter(isTelling);
  const degree = (stem: string) =>
    Math.max(...sentences.map(({ matched, context }) => (matched.has(stem) ? 1 : (context.get(stem) ?? 0))));
  const stands = ({ stem }: Term) => degree(stem) >= 0.35;
  const here = telling.filter(stands);
  const gone = telling.filter(({ stem, isSort }) => !isSort && degree(stem) === 0);
  if (gone.length === 0) return false;
  const together = sentences.some(({ pairs }) => pairs > 0) ? 1 : 0;
  const names = here.filter(({ isName }) => isName).length;
  const common = terms.filter((term) => !isTelling(term) && term.weight >= 0.7 && stands(term)).length / 2;
  if (gone.length >= here.length + names + together + common) return true;
  const missing = gone.filter(({ stem }) => unheard.has(stem));
  if (missing.some(({ isThing }) => isThing) && here.length <= fewBeside.thing) return true;
  return missing.length > 0 && names === 0 && here.length <= fewBeside.word;
}
