import { fold, stemOf, wordsOf } from "../../text/words.ts";

/** English verbs, by where they stand: behind “who”, “to” and a subject, or by their ending. */
const deed =
  /\b(?:who|that|to|be|not|never) ([a-z]+)|\b(?:do|does|did|can|could|should|would|will|may|might|must) (?:[^\s,?]+ ){1,6}?([a-z]+)(?=[?,.]|$| (?:an?|the|my|your|our|its|his|her|their|in|on|at|of|for|from|by|with|to|as|about|into|when|if|and|or|per|it|them)\b)|\b([a-z]+(?:ed|ly))\b/g;
/** What an answer is one of, in “which entity” and “what is the goal of”. */
const sort =
  /\b(?:which|what)(?: (?:type|kind|sort) of)? ([a-z]+)|\bwhat (?:is|are|was|were)(?: usually| often)? (?:the|an?|another) ([a-z]+)(?= (?:of|for|that|which)\b)/g;

const stemsBy = (pattern: RegExp, folded: string) =>
  new Set([...folded.matchAll(pattern)].flatMap((match) => match.slice(1).filter(Boolean).map(stemOf)));

/** The sentence that asks; what people tell before it (“my daughter left her blue jacket”) no text needs to say. */
const askingIn = (text: string) => text.split(/(?<=[.!?…])\s+/u).findLast((each) => each.includes("?")) ?? text;

/** What a word of a question is in it. */
export interface Role {
  /** A thing rather than what is done with it, as far as the words around it show; texts have many words for a deed. */
  isThing: boolean;
  /**
   * Whether an answer's text should say it: not what only leads up to the question, nor the sort of thing that answers, in other languages than
   * English the first word: a text that says “Toy Story” need not say “film”.
   */
  isNeeded: boolean;
}

/** Tells the role of each stem of a question; `isFirst` of its first one. */
export function rolesIn(text: string, isEnglish: boolean): (stem: string, isFirst: boolean) => Role {
  const folded = fold(text);
  const [deeds, sorts] = [stemsBy(deed, folded), stemsBy(sort, folded)];
  const asking = askingIn(text);
  const told = asking === text ? null : new Set(wordsOf(asking).map(({ stem }) => stem));
  return (stem, isFirst) => ({
    isThing: isEnglish && !deeds.has(stem),
    isNeeded: (told?.has(stem) ?? true) && !(isEnglish ? sorts.has(stem) : isFirst),
  });
}
