import { isFunctionWord } from "../../text/words.ts";
import type { Candidate } from "./candidates.ts";
import type { Question } from "./question.ts";

const isTelling = (question: Question, stem: string) =>
  question.terms.some((term) => term.stem === stem && term.weight > 0.5 && !term.isRun);

/** Whether two words of a text stand side by side, with no more than a space or a hyphen between them. */
const areAdjacent = (a: Candidate["words"][number], b: Candidate["words"][number]) =>
  b.start - (a.start + a.text.length) === 1;

/**
 * Whether a sentence speaks of the like of what is asked: “silver membership” where “gold membership” was asked for. One of two words that
 * stand together in the question is missing here and over it, and another stands in its place.
 */
export function speaksOfRival(sentence: Candidate, question: Question): boolean {
  const { words, matched, titled, meant } = sentence;
  const isOther = (at: number) => {
    const word = words[at];
    return word !== undefined && !isFunctionWord(word.text) && /\p{L}/u.test(word.text) && !meant[at]?.size;
  };
  const isMissing = (stem: string) => isTelling(question, stem) && !matched.has(stem) && !titled.has(stem);
  return question.modified.some(([first, second]) =>
    words.some((word, at) => {
      const [before, after] = [words[at - 1], words[at + 1]];
      if (isMissing(first) && meant[at]?.has(second))
        return before !== undefined && isOther(at - 1) && areAdjacent(before, word);
      return (
        isMissing(second) && meant[at]?.has(first) && after !== undefined && isOther(at + 1) && areAdjacent(word, after)
      );
    }),
  );
}
