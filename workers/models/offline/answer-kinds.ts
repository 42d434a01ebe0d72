import { type ReadNumber, readNumbers } from "../../text/numbers.ts";
import { fold } from "../../text/words.ts";

/** What a question wants to hear, as far as its form shows it. */
export type AnswerKind =
  | "number"
  | "money"
  | "duration"
  | "date"
  | "person"
  | "place"
  | "reason"
  | "definition"
  | "list"
  | "manner";

const cues: [RegExp, AnswerKind][] = [
  [
    /\bhow (?:many|much|long|old|often|far|fast|big|large|high|tall|wide|deep|heavy|rich|soon)\b|\b(?:number|amount|percentage|price|cost|size|limit|rate|age)\b|\bcuant[oa]s?\b|\bwie ?viele?\b|\bwie (?:lang|lange|gross|hoch|alt|teuer|oft)\b|\bcombien\b|\bquant[oiae]\b|\bcati\b|\bcate\b|сколько|ποσ[οιεα]|bao nhieu|얼마|몇|多少|几|いくら|何(?:日|時|円|人)|เท่าไร|เท่าไหร่|كم\s/,
    "number",
  ],
  [/\bwhen\b|\b(?:which|what) (?:year|date|day|month|century|decade)\b|\bcuando\b|\bwann\b|\bquand\b/, "date"],
  [/\bwho(?:m|se)?\b|\bquien\b|\bwer\b|\bqui\b/, "person"],
  [/\bwhere\b|\b(?:which|what) (?:city|town|country|state|street|place|region)\b|\bdonde\b|\bwo\b/, "place"],
  [/\bwhy\b|\bwhat (?:reason|causes?)\b|\bwarum\b|\bpourquoi\b/, "reason"],
  [/^(?:what|who) (?:is|are|was|were|does .* mean)\b|\b(?:definition|meaning) of\b|\bdefine\b/, "definition"],
  [/\b(?:which|what) (?:[a-z]+ ){0,2}[a-z]+s (?:does|do|can|are|has|have|is|may|did|were)\b/, "list"],
  [/\bhow (?:do|does|did|can|could|should|to|is|are|was|were)\b|\bwie\b|\bcomo\b/, "manner"],
];

const mustBe: [RegExp, AnswerKind][] = [
  [
    /\bhow much\b.{0,200}\b(?:cost|costs|costing|pay|paid|price|charge|charged|earn|earned|worth|spend|spent|money|fee)\b/,
    "money",
  ],
  [
    /\bwhat (?:does|do|did|is|are|was|were|will|would) .{0,100}\b(?:cost|price|fee|charge|rent|deposit|fine|salary|fare|rate)s?\b|^(?:price|cost|fee)s? (?:of|for)\b/,
    "money",
  ],
  [/\bcuant[oa]s\b|\bwie ?viele\b|\bcombien de\b|\bquant[ie]\b/, "number"],
  [/\bhow (?:many|old|often|far|tall|high)\b|\bhow (?:long|large|big) (?:may|can|must|should)\b/, "number"],
  [/\bhow long (?:ago |had |has |have |did |does |do |is |was |will |after |before )/, "duration"],
  [/\bwhen (?:was|were|did)\b|\b(?:which|what) (?:year|date|day|month|century|decade)\b/, "date"],
  [/\bname of\b|\bwho (?:is|was) the\b/, "person"],
];

const matching = (table: [RegExp, AnswerKind][], folded: string) =>
  new Set(table.filter(([pattern]) => pattern.test(folded)).map(([, kind]) => kind));

/** The kinds that a folded question asks for. */
export function kindsAsked(folded: string): Set<AnswerKind> {
  return matching(cues, folded);
}

/** The kinds without which a sentence is no answer to a folded question at all. */
export function kindsRequired(folded: string): Set<AnswerKind> {
  return matching(mustBe, folded);
}

const noNumber = /\b(?:no limit|unlimited|half|twice|hundreds|thousands|millions|billions|dozens)\b/;
const money =
  /[$€£¥]|\b(?:dollars?|cents?|pounds?|shillings?|sixpence|pence|penny|francs?|euros?|usd|eur|credits?|free|nothing|millions?)\b|\b(?:price|cost|fee|rent|charge|rate|fare|deposit|salary)s?\b[^.]{0,40}\d/;
const duration =
  /\b(?:an?|one|several|few|many)[- ](?:\w+[- ])?(?:milli)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centuries|century|ms)\b/;
const dateWord =
  /\b(?:1\d{3}s?|20\d{2}|january|february|march|april|june|july|august|september|october|november|december|\d{1,2}(?:st|nd|rd|th)|century|monday|tuesday|wednesday|thursday|friday|saturday|sunday|years? ago|\d{1,2}:\d{2})\b/;
/** A year counts nothing. */
const isYear = ({ kind, unit, values }: ReadNumber) =>
  kind === "date" ||
  kind === "time" ||
  (kind === "number" && unit === null && /^(?:1\d{3}|20\d{2})$/.test(values[0] ?? ""));
const unitsOfTime = new Set(["day", "month"]);
const capitalised = /(?<=[\p{Ll},;] )(?!I\b)\p{Lu}[\p{L}]+|^\p{Lu}\p{Ll}+ \p{Lu}\p{L}+/u;
const reasonWord =
  /\b(?:because|since|so that|in order|therefore|due to|reason|owing to|as a result|for this|hence|thus|otherwise)\b/;
const mannerWord =
  /^to [a-z]+ [^.]*,|\bby [a-z]+ing\b|^(?:first|then|open|choose|click|select|set|run|start|create|drop|post|call|press|use|put)\b|\bfirst,/;
const definitionWord =
  /\b(?:is|are|was|were) (?:an?|the|one|any|called|known)\b|\bmeans?\b|\brefers? to\b|\bstands for\b/;
const placeWord = /\b(?:in|at|near|from|to|on|under|inside|into)\s+(?:the\s+)?(?:\p{Lu}|`|\/)/u;

interface Form {
  /** `numbers` are those that the sentence says. */
  found: (sentence: string, numbers: readonly ReadNumber[]) => boolean;
  missing: number;
}

const forms: Record<AnswerKind, Form> = {
  number: {
    found: (sentence, numbers) =>
      numbers.some((number) => !number.weak && !isYear(number)) || noNumber.test(fold(sentence)),
    missing: -0.8,
  },
  money: {
    found: (sentence, numbers) => numbers.some(({ kind }) => kind === "money") || money.test(fold(sentence)),
    missing: -0.8,
  },
  duration: {
    found: (sentence, numbers) =>
      numbers.some(({ unit }) => unitsOfTime.has(unit?.name ?? "")) || duration.test(fold(sentence)),
    missing: -0.8,
  },
  date: {
    found: (sentence, numbers) =>
      numbers.some(({ kind }) => kind === "date" || kind === "time") || dateWord.test(fold(sentence)),
    missing: -0.8,
  },
  person: { found: (sentence) => capitalised.test(sentence), missing: -0.4 },
  place: { found: (sentence) => placeWord.test(sentence), missing: -0.3 },
  reason: { found: (sentence) => reasonWord.test(fold(sentence)), missing: 0 },
  definition: { found: (sentence) => definitionWord.test(fold(sentence)), missing: 0 },
  list: { found: (sentence) => /: .+,|,[^,]+(?:,| and )/.test(sentence), missing: 0 },
  manner: { found: (sentence) => mannerWord.test(fold(sentence)), missing: 0 },
};

/**
 * How well `sentence` has the form of what is asked: -1 (not at all) to 1, 0 where nothing is known of the form; and whether it has one of
 * the forms without which it is no answer: a sum where one asks what it cost.
 */
export function fitOf(
  sentence: string,
  { kinds, required }: { kinds: ReadonlySet<AnswerKind>; required: ReadonlySet<AnswerKind> },
): { fit: number; hasForm: boolean } {
  if (kinds.size === 0 && required.size === 0) return { fit: 0, hasForm: true };
  const numbers = readNumbers(sentence);
  const has = (kind: AnswerKind) => forms[kind].found(sentence, numbers);
  let fit = 0;
  for (const kind of kinds) fit += has(kind) ? 1 : forms[kind].missing;
  return { fit: Math.max(-1, Math.min(1, fit)), hasForm: required.size === 0 || [...required].some(has) };
}
