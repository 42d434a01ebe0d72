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
    return by === "" ? [] : [{ from: from.stems, to: to.stems, by, isPassive: passive.test(between) }];
  });
}

const meets = (some: Set<string>, others: Set<string>) => [...some].some((each) => others.has(each));

/** Whether a sentence has two names in each other's places: “A bought B” of “B bought A”. */
export function hasSwappedNames(claim: string, sentence: string): boolean {
  const there = relationsOf(sentence);
  return relationsOf(claim).some((said) => {
    const same = there.filter(({ by }) => by === said.by);
    const isTurned = ({ from, to, isPassive }: Relation) =>
      isPassive === said.isPassive
        ? meets(from, said.to) && meets(to, said.from)
        : meets(from, said.from) && meets(to, said.to);
    return same.length > 0 && same.every(isTurned);
  });
}
