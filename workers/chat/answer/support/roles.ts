import { isFunctionWord, wordsOf } from "../../../text/words.ts";

/** What stands between two names, and is said of both alike. */
const mutual =
  /(?<!\p{L})(?:met|meets?|marr\p{L}*|equals?|differs?|like|similar|resembles?|traf|heirat\p{L}*|gleich\p{L}*)(?!\p{L})/iu;
const passive = /(?<!\p{L})(?:by|von|par|por|da|przez|door)\s*$/iu;
const directed = /^(?:to|into|nach|à|al?|ins?|zu|naar|do|в|на)$/iu;
const names = /\p{Lu}[\p{L}\p{M}\p{N}'’-]*(?: \p{Lu}[\p{L}\p{M}\p{N}'’-]*)*/gu;

interface Relation {
  from: Set<string>;
  to: Set<string>;
  by: string;
  isPassive: boolean;
}

const telling = (text: string) => wordsOf(text).filter(({ text: word }) => !isFunctionWord(word));
const stems = (text: string) => new Set(telling(text).map(({ stem }) => stem));

/** What a sentence says that one of two names does to the other, as far as both stand beside it. */
function relationsOf(sentence: string): Relation[] {
  const found = [...sentence.matchAll(names)]
    .map(({ 0: text, index }) => ({ stems: stems(text), start: index, end: index + text.length }))
    .filter((name) => name.stems.size > 0);
  return found.slice(1).flatMap((to, i): Relation[] => {
    const from = found[i];
    const between = from ? sentence.slice(from.end, to.start).trim() : "";
    if (!from || /[,;:.]|\d/.test(between) || between.length > 60 || mutual.test(between)) return [];
    const said = telling(between).map(({ stem }) => stem);
    const by = said.join(" ") || (directed.test(between) ? between.toLowerCase() : "");
    // “The European Court recognised European law”: what both are called tells neither from the other.
    const [own, other] = [without(from.stems, to.stems), without(to.stems, from.stems)];
    if (by === "" || own.size === 0 || other.size === 0) return [];
    return [{ from: own, to: other, by, isPassive: passive.test(between) }];
  });
}

const without = (some: Set<string>, others: Set<string>) => new Set([...some].filter((each) => !others.has(each)));
const meets = (some: Set<string>, others: Set<string>) => [...some].some((each) => others.has(each));

/** Whether a sentence has two names in each other's places: “A bought B” of “B bought A”. */
export function hasSwappedNames(claim: string, sentence: string): boolean {
  const there = relationsOf(sentence);
  return relationsOf(claim).some((said) => {
    const same = there.filter(({ by }) => by === said.by);
    const isTurned = ({ from, to, isPassive }: Relation) => {
      const isStraight = meets(from, said.from) && meets(to, said.to);
      const isCrossed = meets(from, said.to) && meets(to, said.from);
      return isStraight !== isCrossed && isCrossed === (isPassive === said.isPassive);
    };
    return same.length > 0 && same.every(isTurned);
  });
}
