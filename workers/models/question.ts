import { fold, isFunctionWord, stemOf, wordsOf } from "./words.ts";

export type AnswerKind = "number" | "date" | "person" | "place" | "reason" | "definition" | "manner";

/** One word of a question that an answer should speak of. */
export interface Term {
  stem: string;
  /** A proper name, a number or a quoted word: without it an answer is about something else. */
  isName: boolean;
  /** 1, or less for words that only frame a question (“say”, “happen”). */
  weight: number;
}

export interface Question {
  terms: Term[];
  kinds: Set<AnswerKind>;
  /** Neighbouring terms, as `stem stem`. */
  pairs: Set<string>;
}

const framing = new Set(
  `say tell name call give describe explain happen become mean recommend advise advice opinion think believe mention know want need use
please show list find learn get make put take thing kind sort type way example question answer document documents text author anything something
many much long old often far big large high according exactly actually really possible able work become come go ask`
    .split(/\s+/)
    .map(stemOf),
);

const cues: [RegExp, AnswerKind][] = [
  [
    /\bhow (?:many|much|long|old|often|far|fast|big|large|high|tall|wide|deep|heavy|rich|soon)\b|\b(?:number|amount|percentage|price|cost|size|limit|rate|age)\b|\bcuant[oa]s?\b|\bwie ?viele?\b|\bcombien\b/,
    "number",
  ],
  [/\bwhen\b|\b(?:which|what) (?:year|date|day|month|century|decade)\b|\bcuando\b|\bwann\b|\bquand\b/, "date"],
  [/\bwho(?:m|se)?\b|\bquien\b|\bwer\b|\bqui\b/, "person"],
  [/\bwhere\b|\b(?:which|what) (?:city|town|country|state|street|place|region)\b|\bdonde\b|\bwo\b/, "place"],
  [/\bwhy\b|\bwhat (?:reason|causes?)\b|\bwarum\b|\bpourquoi\b/, "reason"],
  [/^(?:what|who) (?:is|are|was|were|does .* mean)\b|\b(?:definition|meaning) of\b|\bdefine\b/, "definition"],
  [/\bhow (?:do|does|did|can|could|should|to|is|are|was|were)\b|\bwie\b|\bcomo\b/, "manner"],
];

/** Capitalised words that do not open a sentence, and numbers, as stems. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(
    /(?<![.!?¿¡]\s*|^\s*["“'¿¡]?)(?<![\p{L}\p{N}])(\p{Lu}[\p{L}\p{M}'’.-]*|\p{N}[\p{N}.,]*)/gu,
  )) {
    const word = match[1] ?? "";
    for (const { text: folded, stem } of wordsOf(word)) if (!isFunctionWord(folded)) names.add(stem);
  }
  return names;
}

/** What a question asks for, as far as its words show it. */
export function readQuestion(text: string): Question {
  const folded = fold(text);
  const names = namesIn(text);
  const terms = new Map<string, Term>();
  const pairs = new Set<string>();
  let previous = "";
  for (const { text: word, stem } of wordsOf(text)) {
    if (isFunctionWord(word) || (word.length === 1 && /[a-z]/.test(word))) continue;
    if (previous !== "" && previous !== stem) pairs.add(`${previous} ${stem}`);
    previous = stem;
    if (terms.has(stem)) continue;
    const isName = names.has(stem);
    terms.set(stem, { stem, isName, weight: framing.has(stem) && !isName ? 0.3 : isName ? 1.4 : 1 });
  }
  return {
    terms: [...terms.values()],
    kinds: new Set(cues.filter(([pattern]) => pattern.test(folded)).map(([, kind]) => kind)),
    pairs,
  };
}

const numberWord =
  /\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|twice|once|first|second|third|seventh|no limit|unlimited)\b/;
const dateWord =
  /\b(?:1\d{3}|20\d{2}|january|february|march|april|may|june|july|august|september|october|november|december|century|monday|tuesday|wednesday|thursday|friday|saturday|sunday|years? ago|\d{1,2}:\d{2})\b/;
const capitalised = /(?<=[\p{Ll},;’"”)]\s|[“"(])\p{Lu}\p{Ll}+/u;
const reasonWord =
  /\b(?:because|since|so that|in order|therefore|due to|reason|owing to|as a result|for this|hence|thus|otherwise)\b/;
const mannerWord = /\b(?:by|through|using|with|first|then|click|choose|select|open|run|set|press|go to|step)\b/;
const definitionWord =
  /\b(?:is|are|was|were) (?:an?|the|one|any|called|known)\b|\bmeans?\b|\brefers? to\b|\bstands for\b/;
const placeWord = /\b(?:in|at|near|from|to|on|under|inside|into)\s+(?:the\s+)?(?:\p{Lu}|`|\/)/u;

/** How well `sentence` has the form of what is asked: -1 (not at all) to 1. 0 where nothing is known of the form. */
export function fitsKinds(sentence: string, kinds: ReadonlySet<AnswerKind>): number {
  const folded = fold(sentence);
  let fit = 0;
  const judge = (kind: AnswerKind, found: boolean, missing: number) => {
    if (kinds.has(kind)) fit += found ? 1 : missing;
  };
  judge("number", numberWord.test(folded), -0.8);
  judge("date", dateWord.test(folded), -0.8);
  judge("person", capitalised.test(sentence), -0.4);
  judge("place", placeWord.test(sentence), -0.3);
  judge("reason", reasonWord.test(folded), 0);
  judge("definition", definitionWord.test(folded), 0);
  judge("manner", mannerWord.test(folded), 0);
  return Math.max(-1, Math.min(1, fit));
}
