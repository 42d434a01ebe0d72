import { readNumbers } from "../../text/numbers.ts";
import { saysNumber } from "../../text/numbers-agree.ts";
import { sectionSeparator } from "../../text/section-path.ts";
import { type Sentence, sentencesOf } from "../../text/sentences.ts";
import { fold, isFunctionWord, stemOf, type Word, wordsOf } from "../../text/words.ts";
import type { OfferedPassage } from "../ports/chat-model.ts";
import { fitOf } from "./answer-kinds.ts";
import { type Expansion, expansionsIn } from "./expansions.ts";
import { standsFor } from "./likeness.ts";
import { bearsMarks, type Mark, marksOf } from "./marks.ts";
import type { Question } from "./question.ts";

/** A sentence of a passage as one question sees it. */
export interface Candidate extends Sentence {
  passage: OfferedPassage;
  /** Position of the passage in the offer, and of the sentence in the passage. */
  group: number;
  place: number;
  /** Its words that say something; of a row, those of its cells. */
  stems: Set<string>;
  words: Word[];
  /** The question's words that stand in it, with how far what stands there is them. */
  matched: Map<string, number>;
  /** The question's words that stand around or over it, with how much each counts towards it. */
  context: Map<string, number>;
  /** The question's words that stand in its headings and its document's name. */
  titled: Set<string>;
  /** How much two of the question's words standing side by side add. */
  pairs: number;
  /** How well the heading over it repeats the question, 0 to 1. */
  headingFit: number;
  /** How well its form is that of what is asked, -1 to 1, and whether it has what an answer must have. */
  fit: number;
  hasForm: boolean;
  /** False where it speaks of another code, year or label than is asked for. */
  isOfMarks: boolean;
}

function weightsOfWords(text: string): Map<string, number> {
  return new Map(wordsOf(text).map(({ text: word, stem }) => [stem, isFunctionWord(word) ? 0.3 : 1]));
}

/** How far two texts have the same words, function words counting less: 1 for the same words in any order. */
function overlap(a: Map<string, number>, b: Map<string, number>): number {
  let [shared, all] = [0, 0];
  for (const [stem, weight] of a) {
    all += weight;
    if (b.has(stem)) shared += weight;
  }
  for (const [stem, weight] of b) if (!a.has(stem)) all += weight;
  return all === 0 ? 0 : shared / all;
}

type Meaning = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The question's words that words say, with how far. */
function matchedIn(stems: Iterable<string>, meaning: Meaning): Map<string, number> {
  const matched = new Map<string, number>();
  for (const stem of stems) {
    for (const [asked, degree] of meaning.get(stem) ?? [])
      matched.set(asked, Math.max(degree, matched.get(asked) ?? 0));
  }
  return matched;
}

function pairsIn(sequence: string[], question: Question, meaning: Meaning): number {
  const terms = sequence.map((stem) => [...(meaning.get(stem)?.keys() ?? [])]);
  let found = 0;
  for (let i = 0; i < terms.length; i++) {
    for (let ahead = 1; ahead <= 2; ahead++) {
      const next = terms[i + ahead] ?? [];
      if (terms[i]?.some((a) => next.some((b) => question.pairs.has(`${a} ${b}`)))) found++;
    }
  }
  return Math.min(0.2, found * 0.08);
}

interface Draft extends Sentence {
  passage: OfferedPassage;
  group: number;
  place: number;
  words: Word[];
}

function draftsOf(passages: OfferedPassage[]): Draft[] {
  const seen = new Set<string>();
  return passages.flatMap((passage, group) =>
    sentencesOf(passage.text, passage.section).flatMap((sentence, place) => {
      const words = wordsOf(sentence.text);
      const key = words.map(({ text: word }) => word).join(" ");
      // Neighbouring passages overlap: the copy in the better one is kept.
      if (key === "" || seen.has(key)) return [];
      if (sentence.whole && sentence.kind !== "heading") seen.add(key);
      return [{ ...sentence, passage, group, place, words }];
    }),
  );
}

/** What an address or a number is, which a text seldom says of it. */
const unsaid: [RegExp, string[]][] = [
  [/[\w.+-]@[\w-]+\.\w/, ["email", "mail", "address", "contact"]],
  [/(?<![\w.])(?:\+|\(?0)\d(?:[ ()/.-]{0,2}\d){6,14}/, ["phone", "telephone", "number", "contact"]],
  [/https?:\/\/|\bwww\./, ["website", "link", "url", "address"]],
];
const unsaidIn = (text: string) => unsaid.flatMap(([pattern, words]) => (pattern.test(text) ? words.map(stemOf) : []));

/** Of what a text calls by its short form the long one, and the other way round. */
function otherNames(text: string, expansions: readonly Expansion[]): string[] {
  if (expansions.length === 0) return [];
  const folded = fold(text);
  const stems = (name: string) => wordsOf(name).map(({ stem }) => stem);
  return expansions.flatMap(({ short, long }) => [
    ...(folded.includes(fold(long)) ? stems(short) : []),
    ...(stems(text).includes(stems(short)[0] ?? "") ? stems(long) : []),
  ]);
}

/** The question's numbers that a text says, be it in another form. */
function numbersMet(text: string, { numbers }: Question): string[] {
  if (numbers.length === 0) return [];
  const there = readNumbers(text);
  return numbers.flatMap(({ number, stems }) => (saysNumber(there, number) ? stems : []));
}

const titlesOf = ({ section, source }: OfferedPassage) => [section ?? "", source.replace(/\.\w{1,5}$/, "")];

/** The sentences of all passages, each once, as `question` sees them. */
export function candidatesOf(passages: OfferedPassage[], question: Question, text: string): Candidate[] {
  const drafts = draftsOf(passages);
  const expansions = expansionsIn(text, passages);
  const telling = (words: Word[]) => words.filter(({ text: word }) => !isFunctionWord(word)).map(({ stem }) => stem);
  const saying = ({ text: said, words }: Draft) => [
    ...telling(words),
    ...unsaidIn(said),
    ...otherNames(said, expansions),
  ];
  const vocabulary = new Set([
    ...drafts.flatMap(saying),
    ...passages.flatMap(titlesOf).flatMap((title) => telling(wordsOf(title))),
  ]);
  const meaning = standsFor(question.terms, vocabulary, question);
  const asked = weightsOfWords(text);
  const candidates = drafts.map((draft): Candidate => {
    const sequence = saying(draft);
    const values = draft.row ? telling(wordsOf(draft.row.cells.map(({ value }) => value).join(" "))) : sequence;
    const matched = matchedIn(sequence, meaning);
    for (const stem of numbersMet(draft.text, question)) matched.set(stem, 1);
    const own = { stems: new Set(values), matched, pairs: pairsIn(sequence, question, meaning) };
    const form = fitOf(draft.text, question);
    return { ...draft, ...own, ...form, context: new Map(), titled: new Set(), headingFit: 0, isOfMarks: true };
  });
  for (const [group, passage] of passages.entries()) {
    const own = candidates.filter((candidate) => candidate.group === group);
    lendContext(own, passage, meaning, asked);
    heedMarks(own, passage, question.marks);
  }
  return candidates;
}

function lendContext(
  sentences: Candidate[],
  passage: OfferedPassage,
  meaning: Meaning,
  asked: Map<string, number>,
): void {
  const title = matchedIn(
    titlesOf(passage).flatMap((part) => wordsOf(part).map(({ stem }) => stem)),
    meaning,
  );
  const around = new Set(sentences.flatMap(({ matched }) => [...matched.keys()]));
  let heading: ReadonlyMap<string, number> = new Map();
  let fit = Math.max(
    0,
    ...(passage.section ?? "").split(sectionSeparator).map((part) => overlap(asked, weightsOfWords(part))),
  );
  for (const [at, sentence] of sentences.entries()) {
    const lend = (stems: Iterable<string>, share: number) => {
      for (const stem of stems) sentence.context.set(stem, Math.max(share, sentence.context.get(stem) ?? 0));
    };
    lend(around, 0.25);
    lend(title.keys(), 0.5);
    lend(heading.keys(), 0.6);
    sentence.titled = new Set([...title.keys(), ...heading.keys()]);
    const [before, after] = [sentences[at - 1], sentences[at + 1]];
    if (before) lend(before.matched.keys(), before.text.endsWith("?") ? 0.8 : 0.45);
    if (after) lend(after.matched.keys(), 0.35);
    sentence.headingFit = fit;
    if (sentence.kind !== "row") fit *= 0.8;
    if (sentence.kind !== "heading") continue;
    heading = sentence.matched;
    fit = overlap(asked, weightsOfWords(sentence.text));
  }
}

/** Marks the sentences that speak of another code, year or label: by their own, or else by what stands before and over them. */
function heedMarks(sentences: Candidate[], passage: OfferedPassage, asked: readonly Mark[]): void {
  if (asked.length === 0) return;
  const over = titlesOf(passage).map(marksOf);
  const before: Mark[][] = [];
  for (const sentence of sentences) {
    const own = marksOf(sentence.text);
    // A row and an entry of a list are beside the one before, not behind it.
    const reaching = sentence.kind === "row" || sentence.kind === "item" ? before.slice(-1) : before.toReversed();
    const isBeside = sentence.kind === "row";
    sentence.isOfMarks = bearsMarks(asked, [own, ...(isBeside ? [] : reaching), ...over]);
    before.push(own);
  }
}
