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

/** How a window speaks of the question's telling words. */
function read({ sentences }: Window, { terms }: Question) {
  const degree = ({ stem }: Term) =>
    Math.max(...sentences.map(({ matched, context }) => (matched.has(stem) ? 1 : (context.get(stem) ?? 0))));
  const standing = terms.filter((term) => !term.isRun && degree(term) >= 0.35);
  const here = standing.filter(isTelling);
  const gone = terms.filter((term) => isTelling(term) && term.isNeeded && degree(term) === 0);
  return { standing, here, gone, names: here.filter(({ isName }) => isName).length };
}

/**
 * Whether a thing that is asked about is said in no passage at all, and a window has only a few other words of the question: “which module is
 * needed for touchpads?” among modules for mice.
 */
export function lacksThing(window: Window, question: Question, unheard: ReadonlySet<string>): boolean {
  const { here, gone } = read(window, question);
  return here.length <= fewBeside.thing && gone.some(({ stem, isThing }) => isThing && unheard.has(stem));
}

/**
 * Whether a window is only about the same things as the question: as many of its telling words are missing from the whole passage as stand
 * here. A name tells as much as two words, a pair that stands together as one more, and a common word as half of one.
 */
export function lacksMost(window: Window, question: Question, unheard: ReadonlySet<string>): boolean {
  const { standing, here, gone, names } = read(window, question);
  if (gone.length === 0) return false;
  const together = window.sentences.some(({ pairs }) => pairs > 0) ? 1 : 0;
  const common = standing.filter(({ weight }) => weight >= 0.7 && weight < 1).length / 2;
  if (gone.length >= here.length + names + together + common) return true;
  return names === 0 && here.length <= fewBeside.word && gone.some(({ stem }) => unheard.has(stem));
}
