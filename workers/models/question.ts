import { fold, isFunctionWord, stemOf, wordsOf } from "./words.ts";

export type AnswerKind =
  | "number"
  | "money"
  | "duration"
  | "date"
  | "person"
  | "place"
  | "reason"
  | "definition"
  | "manner";

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

const mustBe: [RegExp, AnswerKind][] = [
  [
    /\bhow much\b.*\b(?:cost|costs|costing|pay|paid|price|charge|charged|earn|earned|worth|spend|spent|money|fee)\b/,
    "money",
  ],
  [/\bhow (?:many|old|often|far|tall|high)\b/, "number"],
  [/\bhow long (?:ago |had |has |have |did |does |do |is |was |will |after |before )/, "duration"],
  [/\bwhen (?:was|were|did)\b|\b(?:which|what) (?:year|date|day|month|century|decade)\b/, "date"],
  [/\bwho(?:m|se)?\b|\bname of\b/, "person"],
];

/** Capitalised words that do not open a sentence, and numbers, as stems. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  const pattern = /(?<![.!?¿¡]\s*|^\s*["“'¿¡]?)(?<![\p{L}\p{N}])(\p{Lu}[\p{L}\p{M}\p{N}'’.-]*|\p{N}[\p{N}.,]*)/gu;
  for (const match of text.matchAll(pattern)) {
    for (const { text: folded, stem } of wordsOf(match[1] ?? "")) {
      if (!isFunctionWord(folded) && !honorific.has(folded)) names.add(stem);
    }
  }
  return names;
}

const honorific = new Set("mr mrs ms dr prof sir i".split(" "));
const speaker =
  /\b(?:does|did|would|do|according to|hello|hi|dear|mr|mrs|ms|dr|prof)\.?,? (?:(?:mr|mrs|ms|dr|prof)\.? )?(\p{Lu}[\p{L}\p{M}.]*(?: \p{Lu}[\p{L}\p{M}.]*)*)/giu;

function speakersIn(text: string): Set<string> {
  const found = [...text.matchAll(speaker)].map((match) => match[1] ?? "").filter((name) => /^\p{Lu}/u.test(name));
  return new Set(found.flatMap((name) => wordsOf(name).map(({ stem }) => stem)));
}

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
    const isName = names.has(stem);
    const weight = isName ? 1.4 : framing.has(stem) ? 0.3 : common.has(stem) ? 0.7 : 1;
    terms.set(stem, { stem, isName, isSpeaker: speakers.has(stem), weight });
  }
  const kindsIn = (table: [RegExp, AnswerKind][]) =>
    new Set(table.filter(([pattern]) => pattern.test(folded)).map(([, kind]) => kind));
  return { terms: [...terms.values()], kinds: kindsIn(cues), required: kindsIn(mustBe), pairs };
}

const figure =
  "\\d[\\d.,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?";
const numberWord = new RegExp(
  `\\b(?:${figure}|one|half|twice|once|first|second|third|seventh|none|no limit|unlimited)\\b`,
);
const firmNumber = new RegExp(`\\b(?:${figure}|none|no limit|unlimited)\\b`);
const money =
  /[$€£¥]|\b(?:dollars?|cents?|pounds?|shillings?|sixpence|pence|penny|francs?|euros?|usd|eur|credits?|free|nothing|millions?)\b/;
const duration = new RegExp(
  `\\b(?:${figure}|an?|one|several|few|many)[- ](?:\\w+[- ])?(?:milli)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|century|ms)\\b`,
);
const dateWord =
  /\b(?:1\d{3}s?|20\d{2}|january|february|march|april|june|july|august|september|october|november|december|\d{1,2}(?:st|nd|rd|th)|century|monday|tuesday|wednesday|thursday|friday|saturday|sunday|years? ago|\d{1,2}:\d{2})\b/;
const capitalised = /(?<=[\p{Ll},;] )(?!I\b)\p{Lu}[\p{L}]+|^\p{Lu}\p{Ll}+ \p{Lu}\p{L}+/u;
const reasonWord =
  /\b(?:because|since|so that|in order|therefore|due to|reason|owing to|as a result|for this|hence|thus|otherwise)\b/;
const mannerWord = /\b(?:by|through|using|with|first|then|click|choose|select|open|run|set|press|go to|step)\b/;
const definitionWord =
  /\b(?:is|are|was|were) (?:an?|the|one|any|called|known)\b|\bmeans?\b|\brefers? to\b|\bstands for\b/;
const placeWord = /\b(?:in|at|near|from|to|on|under|inside|into)\s+(?:the\s+)?(?:\p{Lu}|`|\/)/u;

const forms: Record<AnswerKind, { found: (sentence: string) => boolean; missing: number }> = {
  number: { found: (sentence) => numberWord.test(fold(sentence)), missing: -0.8 },
  money: { found: (sentence) => money.test(fold(sentence)), missing: -0.8 },
  duration: { found: (sentence) => duration.test(fold(sentence)), missing: -0.8 },
  date: { found: (sentence) => dateWord.test(fold(sentence)), missing: -0.8 },
  person: { found: (sentence) => capitalised.test(sentence), missing: -0.4 },
  place: { found: (sentence) => placeWord.test(sentence), missing: -0.3 },
  reason: { found: (sentence) => reasonWord.test(fold(sentence)), missing: 0 },
  definition: { found: (sentence) => definitionWord.test(fold(sentence)), missing: 0 },
  manner: { found: (sentence) => mannerWord.test(fold(sentence)), missing: 0 },
};

/** How well `sentence` has the form of what is asked: -1 (not at all) to 1. 0 where nothing is known of the form. */
export function fitsKinds(sentence: string, kinds: ReadonlySet<AnswerKind>): number {
  let fit = 0;
  for (const kind of kinds) fit += forms[kind].found(sentence) ? 1 : forms[kind].missing;
  return Math.max(-1, Math.min(1, fit));
}

/** Whether `sentence` holds at least one of the forms that an answer must have: a sum where one asks what it cost. */
export function hasRequiredForm(sentence: string, required: ReadonlySet<AnswerKind>): boolean {
  if (required.size === 0) return true;
  return [...required].some((kind) =>
    kind === "number" ? firmNumber.test(fold(sentence)) : forms[kind].found(sentence),
  );
}
