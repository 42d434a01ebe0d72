import { type ReadNumber, readNumbers } from "../../text/numbers.ts";
import { fold, isFunctionWord, stemOf, wordsOf } from "../../text/words.ts";
import { type AnswerKind, kindsAsked, kindsRequired } from "./answer-kinds.ts";
import { commonStems, framingStems, unspacedFraming } from "./framing.ts";
import { withPlainWords } from "./lexicon.ts";
import { type Mark, marksOf } from "./marks.ts";
import { type Role, rolesIn } from "./term-roles.ts";

/** One word of a question that an answer should speak of. */
export interface Term extends Role {
  stem: string;
  /** A proper name, a number or a quoted word: without it an answer is about something else. */
  isName: boolean;
  /** A name that only says whose view is asked for (“What does Barnum say…”): the documents need not hold it. */
  isSpeaker: boolean;
  /** A run of characters of a script without spaces, which is a word only by chance. */
  isRun: boolean;
  /** 1, or less for words that only frame a question (“say”, “happen”). */
  weight: number;
}

export interface Question {
  terms: Term[];
  kinds: Set<AnswerKind>;
  /** Kinds without which a sentence is no answer at all. */
  required: Set<AnswerKind>;
  /** Neighbouring terms, as `stem stem`. */
  pairs: Set<string>;
  /** A word and the one right behind it, which it may tell from its like: “gold membership”. */
  modified: [string, string][];
  /** Codes, years and labels that the answer has to be about. */
  marks: Mark[];
  /** The numbers that it says, and the terms that these are. */
  numbers: { number: ReadNumber; stems: string[] }[];
  /** What “which formats” wants to hear a list of, as a stem. */
  listed: string | null;
  /** What “how much is the deposit for …” asks the figure of, as stems. */
  asked: string[];
  /** What “how many seats” counts, as a stem. */
  counted: string | null;
  /** Asked in a language that makes words of words, and writes nouns in capitals. */
  compounds: boolean;
  /** Asked in another language than English, of which the stems are. */
  inflects: boolean;
}

const imperative = /^(?:please )?(?:show|list|name|give|describe|explain|find|summari[sz]e|define|compare|quote)\b/;
const listing =
  /\b(?:which|what)(?: [a-z-]+){0,2}? ([a-z]{3,}s) (?:can|does|do|are|is|may|has|have|did|were|will|should|must|exist)\b|\bwhat are (?:the |all |its |your )?(?:[a-z-]+ ){0,2}?([a-z]{3,}s)\b|^(?:please )?(?:list|name|give|show) (?:me )?(?:the |all )*(?:[a-z-]+ ){0,2}?([a-z]{3,}s)\b/;
const figuring =
  /\b(?:how (?:much|high|long|large|big) (?:is|are|was|were)|what(?:'s| is| are| was| were)) (?:(?:the|an?|my|your|our|its|their) )?((?:[a-z-]+ ){0,3}?)([a-z-]+)(?= (?:of|for|in|on|at|per|to|from|when|if|with|by)\b|\?|$)/;
const counting =
  /\bhow many (?:[a-z-]+ ){0,3}?([a-z-]{3,})(?= (?:are|is|do|does|did|can|may|must|have|has|had|were|was|will|would|should|could|per|an?|in|of|on|at|you|we|i|it)\b|\?|$)/;
/** What an answer's form says already, where a sum is asked for. */
const saysMoney = new Set("cost price fee charge amount money".split(" ").map(stemOf));
const general = new Set("number date name address code time rate size limit amount year day".split(" "));
const compounding =
  /\b(?:der|die|das|den|dem|des|ist|sind|wie|was|wann|wer|wo|wieviel|wie viele?|warum|welche[mnrs]?|ein|eine[mnr]?|kann|muss|darf|hoeveel|wanneer|waar|hvad|hvor|vad|hur)\b/;
const english = /\b(?:the|what|which|who|how|when|where|why|is|are|does|do|can|of)\b/;
const run = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Capitalised words that do not open a sentence, and numbers, as stems. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  const pattern =
    /(?<![.!?¿¡]\s*|^\s*["“'¿¡]?)(?<![\p{L}\p{N}])(\p{Ll}*\p{Lu}[\p{L}\p{M}\p{N}'’.-]*|\p{N}[\p{N}.,]*)/gu;
  // The point of a title ends no sentence.
  // Runs of white space are one space, as the pattern looks back over them from each place.
  const read = text.replace(/\s+/g, " ").replace(/\b(Mr|Mrs|Ms|Dr|Prof|St)\./g, "$1");
  for (const match of read.matchAll(pattern)) {
    for (const { text: folded, stem } of wordsOf(match[1] ?? "")) {
      if (!isFunctionWord(folded) && !honorific.has(folded)) names.add(stem);
    }
  }
  return names;
}

const honorific = new Set("mr mrs ms dr prof sir i".split(" "));
const speaker =
  /\b(?:(?:[Dd]oes|[Dd]id|[Ww]ould) (?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?(\p{Lu}[\p{L}\p{M}.]*(?: \p{Lu}[\p{L}\p{M}.]*)*)(?= (?:say|think|advise|recommend|suggest|believe|mean|tell|claim|write|argue|call|compare|mention|describe|explain)\b)|(?:[Aa]ccording to|[Hh]ello|[Hh]i|[Dd]ear),? (?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?(\p{Lu}[\p{L}\p{M}.]*(?: \p{Lu}[\p{L}\p{M}.]*)*))/gu;

function speakersIn(text: string): Set<string> {
  const found = [...text.matchAll(speaker)].map((match) => match[1] ?? match[2] ?? "");
  return new Set(found.flatMap((name) => wordsOf(name).map(({ stem }) => stem)));
}

/** More different words than any question has: each is looked for in every sentence, and the rest of a pasted text is not. */
const mostTerms = 200;

/** What a question asks for, as far as its words show it. */
export function readQuestion(text: string): Question {
  const folded = fold(text).trim();
  const isEnglish = english.test(folded);
  const compounds = compounding.test(folded) && !isEnglish;
  // Where every noun has a capital, only what is all capitals or has a figure in it is a name.
  const names = namesIn(compounds ? text.replace(/\p{Lu}\p{Ll}[\p{L}\p{M}]*/gu, (word) => word.toLowerCase()) : text);
  const speakers = speakersIn(text);
  const thing = listing.exec(folded)?.slice(1).find(Boolean);
  const thingCounted = counting.exec(folded)?.[1];
  const [, modifiers = "", head = ""] = figuring.exec(folded) ?? [];
  // “Telephone number”: of a number, a date, a code, what kind it is of is the thing.
  const kind = general.has(head) && modifiers !== "" ? modifiers.trim().split(" ") : [head];
  const heads = [...kind, thingCounted ?? ""].map(stemOf);
  const listed = thing ? stemOf(thing) : null;
  const required = kindsRequired(folded);
  const roleOf = rolesIn(text, isEnglish);
  const terms = new Map<string, Term>();
  const pairs = new Set<string>();
  const modified: [string, string][] = [];
  const read = withPlainWords(folded.replace(imperative, "")).replace(unspacedFraming, " ");
  let before = { stem: "", end: -1 };
  for (const { text: word, stem, start } of wordsOf(read)) {
    if (isFunctionWord(word) || (word.length === 1 && /[a-z]/.test(word))) continue;
    if (before.stem !== "" && before.stem !== stem) {
      pairs.add(`${before.stem} ${stem}`);
      if (start - before.end === 1) modified.push([before.stem, stem]);
    }
    before = { stem, end: start + word.length };
    if (terms.has(stem)) continue;
    if (terms.size === mostTerms) break;
    const isName = names.has(stem);
    const framed = framingStems.has(stem) || honorific.has(word);
    const isForm = required.has("money") && saysMoney.has(stem);
    const weight = stem === listed ? 1 : isForm ? 0.6 : isName ? 1.4 : framed ? 0.3 : commonStems.has(stem) ? 0.7 : 1;
    terms.set(stem, {
      stem,
      isName,
      isSpeaker: speakers.has(stem),
      isRun: run.test(stem),
      weight,
      ...roleOf(stem, terms.size === 0),
    });
  }
  return {
    terms: [...terms.values()],
    kinds: kindsAsked(folded),
    required,
    pairs,
    modified,
    marks: marksOf(text),
    numbers: readNumbers(text)
      .filter(({ weak }) => !weak)
      .map((number) => ({ number, stems: wordsOf(text.slice(number.start, number.end)).map(({ stem }) => stem) })),
    listed,
    counted: thingCounted ? stemOf(thingCounted) : null,
    asked: heads.filter((stem) => (terms.get(stem)?.weight ?? 0) > 0.5),
    compounds,
    inflects: !isEnglish,
  };
}

/** An answer has no room for what more parts ask for; each is read against all passages. */
const mostParts = 8;

/**
 * The parts of a question that asks for several things (“Which formats can it read, and how large may a file be?”), or the
 * question alone.
 */
export function partsOf(text: string): string[] {
  const parts = text.split(
    /[,;]? (?:and|und|et|y) (?=(?:how|what|which|who|whom|when|where|why|can|does|is|are|did)\b)|[?]\s+/i,
  );
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .slice(0, mostParts);
}

/** What a question takes over from the one before counts so little: enough to choose between places that say its own words. */
const lentShare = 0.15;

const leans =
  /\b(?:it|its|that|this|these|those|they|them|their|he|she|him|her|his|hers|there|then|one|ones|so)\b|^(?:and|but|or|so|why|how)\b/i;

/**
 * The question with the words of the one before it, where it leans on that (“And how many did he sell?”). They count little
 * and prove nothing by themselves, unless the question has no telling word of its own.
 */
export function withPrevious(question: Question, text: string, previous: string | undefined): Question {
  if (!previous || !leans.test(text)) return question;
  const own = new Set(question.terms.map(({ stem }) => stem));
  const isEmpty = question.terms.every(({ weight }) => weight < 1);
  const lent = readQuestion(previous)
    .terms.filter(({ stem }) => !own.has(stem))
    .map((term) => ({ ...term, isName: false, weight: isEmpty ? Math.min(1, term.weight) : term.weight * lentShare }));
  return { ...question, terms: [...question.terms, ...lent] };
}
