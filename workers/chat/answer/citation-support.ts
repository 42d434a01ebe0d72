import { languageOf } from "../../text/language.ts";
import { type ReadNumber, readNumbers } from "../../text/numbers.ts";
import { saysNumber } from "../../text/numbers-agree.ts";
import { areContrary, withoutPoles } from "./support/contraries.ts";
import { type Counted, type Fact, type Facts, factsOf, isNegated, isRival, read, type Said } from "./support/facts.ts";
import { repeatedUntil } from "./support/repeated.ts";
import { hasSwappedNames } from "./support/roles.ts";
import { isOtherVariant, turnedRatios } from "./support/variants.ts";

/** Of a claim's telling words, this share at least stands in a text that supports it; paraphrases share about half. */
const leastShared = 0.25;
/** From this share on, a sentence of the text is the one that the claim repeats. */
const repeated = 0.8;
/** Claims of fewer telling words (“Yes, they do [1].”) say nothing that could be held against a text. */
const fewestWords = 2;

export type Support = "yes" | "no" | "unknown";

const sharedWith = (said: Said, { telling }: Said): Set<string> =>
  new Set([...said.telling].filter((word) => telling.has(word)));

const isWithin = (some: Set<string>, all: Set<string>) => [...some].every((word) => all.has(word));

/** Whether a number has to be supported: “one” and “first” only where a text counts the same otherwise (“the second floor”). */
const isClaimed = (number: Counted, { numbers }: Said): boolean =>
  !number.weak || (number.noun !== null && numbers.some(({ noun, unit }) => unit === null && noun === number.noun));

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether a text has a code with all its signs, however its letters and figures are joined. */
function hasCode({ codes, compact }: Pick<Facts, "codes" | "compact">, code: string): boolean {
  // Of an ISBN, or the number of a card, the hyphens and spaces tell nothing.
  const figures = code.replaceAll("-", "");
  if (/^\d{8,}x?$/.test(figures)) {
    const joined = compact.replace(/(?<=\d)[- \u00a0](?=[\dx])/g, "");
    if (new RegExp(`(?<!\\d)${figures}(?!\\d)`).test(joined)) return true;
  }
  return (
    codes.has(code) || new RegExp(`(?<![\\p{L}\\p{N}])${escaped(code)}(?![\\p{L}\\p{N}]|[.-]\\d)`, "u").test(compact)
  );
}

/** What a fact shares of a claim beside one of its numbers: words, and the other numbers. */
function sharedBeside(number: Counted, said: Said, fact: Fact): Set<string> {
  const shared = sharedWith(said, fact);
  for (const other of said.numbers)
    if (!other.weak && !isRival(other, number) && saysNumber(fact.numbers, other)) shared.add(`#${other.start}`);
  return shared;
}

/** Whether the text says a number of another thing than the claim does: what else the claim says stands beside another amount. */
function isOfAnother(number: Counted, said: Said, { facts }: Facts): boolean {
  const own = facts.filter(({ numbers }) => saysNumber(numbers, number));
  if (own.length === 0) return false;
  const isOther = (each: Counted) => isRival(each, number) && !saysNumber([each], number);
  // “30 employees” of “12,400 employees in 30 countries”.
  const isSame = (each: Counted) => each.noun === number.noun;
  const all = facts.flatMap(({ numbers }) => numbers);
  if (
    number.noun &&
    all.some((each) => isOther(each) && isSame(each)) &&
    all.every((each) => isOther(each) || !saysNumber([each], number) || (each.noun !== null && !isSame(each)))
  )
    return true;
  const others = facts.filter((fact) => !own.includes(fact) && fact.numbers.some(isOther));
  return own.every((fact) => {
    const shared = sharedBeside(number, said, fact);
    return others.some((other) => {
      const better = sharedBeside(number, said, other);
      const isTold = fact.isCell || shared.size > 0 || better.size >= fewestWords;
      return isTold && better.size > shared.size && isWithin(shared, better);
    });
  });
}

/** Whether a question's number that the text does not say is in the place of one that it does say. */
function isReplaced(number: Counted, said: Said, { facts }: Facts): boolean {
  return facts.some(
    (fact) =>
      sharedWith(said, fact).size * 2 >= said.telling.size &&
      number.unit !== null &&
      fact.numbers.some((each) => isRival(each, number) && !saysNumber(said.numbers, each)),
  );
}

const beginningOf = (word: string) => word.slice(0, Math.max(4, word.length - 3));

/** How much of a claim a fact repeats, of its words and numbers; words of one beginning are one where only their endings were changed. */
function repeatedBy(said: Said, fact: Said): number {
  const numbers = said.numbers.filter(({ weak }) => !weak);
  const all = said.telling.size + numbers.length;
  if (all === 0) return 0;
  const theirs = [...fact.telling];
  const isSaid = (word: string) =>
    fact.telling.has(word) ||
    (/^[^\0-\x7f]|^\p{L}{5}/u.test(word) && theirs.some((other) => other.startsWith(beginningOf(word))));
  const shared = [...said.telling].filter(isSaid).length;
  return (shared + numbers.filter((number) => saysNumber(fact.numbers, number)).length) / all;
}

const partEnd = /(?<=[,;:.!?)])\s+|\s+(?=[–—(])|(?<=\p{L})—(?=\p{L})/u;

/** A sentence without the parts that speak of something else than the other one: what is denied there is not said of it. */
function partsAbout(other: Said, sentence: string, language: string | null): string {
  const isElse = (part: string) => {
    const { telling } = read(part, language);
    return telling.size >= fewestWords && sharedWith({ ...other, telling }, other).size * 2 < telling.size;
  };
  return sentence
    .split(partEnd)
    .filter((part) => !isElse(part))
    .join(" ");
}

/**
 * Whether the text says the contrary: all sentences that the claim repeats are denied where it is not, or the other way round; say it
 * of contraries; or have its names in each other's places.
 */
function isDenied(claim: string, said: Said, facts: readonly Fact[], language: string | null): boolean {
  const rest = read(withoutPoles(claim), language);
  const size = ({ telling, numbers }: Said) => telling.size + numbers.length;
  if (size(rest) < fewestWords && size(said) <= fewestWords) return false;
  const same = facts.filter((fact) => repeatedBy(rest, read(withoutPoles(fact.clause), language)) >= repeated);
  return (
    same.length > 0 &&
    same.every((fact) => {
      const [ours, theirs] = [partsAbout(fact, claim, language), partsAbout(said, fact.clause, language)];
      const isContrary = (isNegated(ours) !== isNegated(theirs)) !== areContrary(ours, theirs);
      return isContrary || hasSwappedNames(claim, fact.clause);
    })
  );
}

/** What of a claim a text lacks. */
export interface Lack {
  numbers: ReadNumber[];
  codes: string[];
}

/** What the words of a claim tell of its numbers. */
interface Wording {
  /** Up to where it repeats the text. */
  repeatedTo: number;
  /** Where ratios begin that the text has the other way round. */
  turned: ReadonlySet<number>;
}

/** The numbers and codes of a claim that stand neither in a text, at the thing that the claim speaks of, nor in the question. */
function lackOf(said: Said, there: Facts, given: Facts, { repeatedTo, turned }: Wording): Lack {
  const numbers = said.numbers.filter((number) => {
    if (!isClaimed(number, there)) return false;
    if (turned.has(number.start)) return true;
    if (saysNumber(there.numbers, number)) {
      const same = there.numbers.filter((each) => saysNumber([each], number));
      const isOther = isOtherVariant(
        number.variant,
        same.map(({ variant }) => variant),
      );
      return isOther || (number.end > repeatedTo && isOfAnother(number, said, there));
    }
    if (number.label !== null && hasCode(there, number.label)) return false;
    if (/^\d{8,}$/.test(number.values[0] ?? "") && hasCode(there, number.values[0] ?? "")) return false;
    return !saysNumber(given.numbers, number) || isReplaced(number, said, there);
  });
  const codes = [...said.codes].filter((code) => !hasCode(there, code) && !hasCode(given, code));
  return { numbers, codes };
}

/** What a claim and a text have to do with each other. */
export interface Comparison {
  /** By their words. */
  words: Support;
  lack: Lack;
  /** Whether the text says any of the claim's numbers or codes. */
  hasSome: boolean;
}

function byWords(said: Said, claim: string, there: Facts): Support {
  if (said.telling.size + said.numbers.length < fewestWords) return "unknown";
  if (isDenied(claim, said, there.facts, there.language)) return "no";
  if (said.telling.size < fewestWords) return "yes";
  if (sharedWith(said, there).size >= said.telling.size * leastShared) return "yes";
  // An answer in another language than its source shares names and numbers with it at most.
  const language = languageOf(claim);
  return language !== null && language === there.language ? "no" : "unknown";
}

/** Holds a claim (or of it the clause whose numbers count) against a text. `question` is what was asked: its numbers may be repeated. */
export function compare(claim: string, text: string, question: string, clause = claim): Comparison {
  const [there, given] = [factsOf(text), factsOf(question)];
  const language = languageOf(claim) ?? given.language;
  const whole = read(claim, language);
  const part = clause === claim ? whole : read(clause, language);
  const until = repeatedUntil(claim, new Set(there.facts.flatMap((fact) => (fact.isCell ? [] : [fact.text]))));
  const wording = {
    repeatedTo: until - Math.max(0, claim.indexOf(clause)),
    turned: turnedRatios(clause, there.compact),
  };
  const lack = lackOf({ ...part, telling: whole.telling }, there, given, wording);
  const all = part.numbers.filter((number) => isClaimed(number, there)).length + part.codes.size;
  const words = byWords(whole, claim, there);
  return {
    words: words === "no" && clause !== claim ? byWords(part, clause, there) : words,
    lack,
    hasSome: lack.numbers.length + lack.codes.length < all,
  };
}

/**
 * What can be said of whether a text supports a claim: `no` where it lacks the claim's numbers or codes, says them of another thing,
 * says the contrary, or lacks nearly all of the claim's words; `unknown` where words cannot tell.
 */
export function supportOf(claim: string, text: string, question = "", clause = claim): Support {
  const { words, lack } = compare(claim, text, question, clause);
  return lack.numbers.length + lack.codes.length > 0 ? "no" : words;
}

/** The sentence of a text that says the numbers of a claim, where one does. */
export function sentenceWithNumbers(claim: string, text: string): string {
  const numbers = readNumbers(claim).filter(({ weak }) => !weak);
  if (numbers.length === 0) return "";
  const said = read(claim, languageOf(claim));
  const [best] = factsOf(text)
    .facts.map((fact) => ({
      fact,
      score: numbers.filter((number) => saysNumber(fact.numbers, number)).length * 100 + sharedWith(said, fact).size,
    }))
    .filter(({ score }) => score >= 100)
    .sort((a, b) => b.score - a.score);
  return best?.fact.text ?? "";
}
