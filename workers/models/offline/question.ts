import { fold, isFunctionWord, stemOf, wordsOf } from "../../text/words.ts";
import { type AnswerKind, kindsAsked, kindsRequired } from "./answer-kinds.ts";

/** One word of a question that an answer should speak of. */
export interface Term {
  stem: string;
  /** A proper name, a number or a quoted word: without it an answer is about something else. */
  isName: boolean;
  /** A name that only says whose view is asked for (“What does Barnum say…”): the documents need not hold it. */
  isSpeaker: boolean;
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
}

/** Words that frame a question rather than name what it is about. */
const framing = new Set(
  `say tell call happen mean recommend advise advice opinion think believe mention know want need please thing kind sort type way
example question answer document documents text author anything something many much long old often far according exactly actually really
possible able become come go get ask do use`
    .split(/\s+/)
    .map(stemOf),
);
/** Words so common that sharing them proves little. */
const common = new Set(
  `good new first last great big small high low right year day time week month people man woman world thing place part number name start begin
keep run work show see look give turn move live play help try feel bring leave put set let change end two three one different same
important main real true full early late next high large whole certain common`
    .split(/\s+/)
    .map(stemOf),
);
const imperative = /^(?:please )?(?:show|list|name|give|describe|explain|find|summari[sz]e|define|compare|quote)\b/;

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
  /\b(?:[Dd]oes|[Dd]id|[Ww]ould|[Dd]o|[Aa]ccording to|[Hh]ello|[Hh]i|[Dd]ear),? (?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?(\p{Lu}[\p{L}\p{M}.]*(?: \p{Lu}[\p{L}\p{M}.]*)*)/gu;

function speakersIn(text: string): Set<string> {
  const found = [...text.matchAll(speaker)].map((match) => match[1] ?? "");
  return new Set(found.flatMap((name) => wordsOf(name).map(({ stem }) => stem)));
}

/** More different words than any question has: each is looked for in every sentence, and the rest of a pasted text is not. */
const mostTerms = 200;

/** What a question asks for, as far as its words show it. */
export function readQuestion(text: string): Question {
  const folded = fold(text).trim();
  const names = namesIn(text);
  const speakers = speakersIn(text);
  const terms = new Map<string, Term>();
  const pairs = new Set<string>();
  let previous = "";
  for (const { text: word, stem } of wordsOf(folded.replace(imperative, ""))) {
    if (isFunctionWord(word) || (word.length === 1 && /[a-z]/.test(word))) continue;
    if (previous !== "" && previous !== stem) pairs.add(`${previous} ${stem}`);
    previous = stem;
    if (terms.has(stem)) continue;
    if (terms.size === mostTerms) break;
    const isName = names.has(stem);
    const weight = isName ? 1.4 : framing.has(stem) || honorific.has(word) ? 0.3 : common.has(stem) ? 0.7 : 1;
    terms.set(stem, { stem, isName, isSpeaker: speakers.has(stem), weight });
  }
  return { terms: [...terms.values()], kinds: kindsAsked(folded), required: kindsRequired(folded), pairs };
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

const leans =
  /\b(?:it|its|that|this|these|those|they|them|their|he|she|him|her|his|hers|there|then|one|ones|so)\b|^(?:and|but|or|so|why|how)\b/i;

/**
 * The question with the words of the one before it, where it leans on that (“And how many did he sell?”). They count half
 * and prove nothing by themselves, unless the question has no telling word of its own.
 */
export function withPrevious(question: Question, text: string, previous: string | undefined): Question {
  if (!previous || !leans.test(text)) return question;
  const own = new Set(question.terms.map(({ stem }) => stem));
  const isEmpty = question.terms.every(({ weight }) => weight < 1);
  const lent = readQuestion(previous)
    .terms.filter(({ stem }) => !own.has(stem))
    .map((term) => ({ ...term, isName: false, weight: isEmpty ? Math.min(1, term.weight) : term.weight * 0.5 }));
  return { ...question, terms: [...question.terms, ...lent] };
}
