import { sectionSeparator } from "../../text/section-path.ts";
import { type Sentence, sentencesOf } from "../../text/sentences.ts";
import { isFunctionWord, wordsOf } from "../../text/words.ts";
import type { OfferedPassage } from "../ports/chat-model.ts";
import { fitsKinds } from "./answer-kinds.ts";
import type { Question } from "./question.ts";

/** A sentence of a passage as one question sees it. */
export interface Candidate extends Sentence {
  passage: OfferedPassage;
  /** Position of the passage in the offer, and of the sentence in the passage. */
  group: number;
  place: number;
  stems: Set<string>;
  /** The question's words that stand in it. */
  matched: Set<string>;
  /** The question's words that stand around or over it, with how much each counts towards it. */
  context: Map<string, number>;
  /** How much two of the question's words standing side by side add. */
  pairs: number;
  /** How well the heading over it repeats the question, 0 to 1. */
  headingFit: number;
}

/** Neighbouring sentences of one passage, judged together. */
export interface Window {
  sentences: Candidate[];
  matched: Set<string>;
  /** Share of the question's weight that it covers with what stands around it, 0 to 1. */
  support: number;
  score: number;
}

const maxWindow = 3;

/** “visit” and “visitor” share a beginning: near enough to count, where the rest is short. */
function isVariant(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 5 && long.length - short.length <= 3 && long.startsWith(short);
}

/** Finds the question's word that a text's stem stands for, or undefined. */
function createMatcher(question: Question): (stem: string) => string | undefined {
  const known = new Map<string, string | undefined>(question.terms.map(({ stem }) => [stem, stem]));
  return (stem) => {
    if (!known.has(stem)) known.set(stem, question.terms.find((term) => isVariant(term.stem, stem))?.stem);
    return known.get(stem);
  };
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

function pairsIn(sequence: string[], question: Question, match: (stem: string) => string | undefined): number {
  const terms = sequence.map((stem) => match(stem) ?? "");
  let found = 0;
  for (let i = 0; i < terms.length; i++) {
    for (let ahead = 1; ahead <= 2; ahead++) if (question.pairs.has(`${terms[i]} ${terms[i + ahead]}`)) found++;
  }
  return Math.min(0.2, found * 0.08);
}

/** The sentences of all passages, each once, as `question` sees them. */
export function candidatesOf(passages: OfferedPassage[], question: Question, text: string): Candidate[] {
  const seen = new Set<string>();
  const match = createMatcher(question);
  const asked = weightsOfWords(text);
  return passages.flatMap((passage, group) => {
    const own = sentencesOf(passage.text, passage.section).flatMap((sentence, place) => {
      const words = wordsOf(sentence.text);
      const key = words.map(({ text: word }) => word).join(" ");
      // Neighbouring passages overlap: the copy in the better one is kept.
      if (key === "" || seen.has(key)) return [];
      if (sentence.whole && sentence.kind !== "heading") seen.add(key);
      const sequence = words.filter(({ text: word }) => !isFunctionWord(word)).map(({ stem }) => stem);
      const matched = new Set(sequence.flatMap((stem) => match(stem) ?? []));
      const stems = new Set(sequence);
      const pairs = pairsIn(sequence, question, match);
      return [{ ...sentence, passage, group, place, stems, matched, pairs, context: new Map(), headingFit: 0 }];
    });
    lendContext(own, passage, match, asked);
    return own;
  });
}

function lendContext(
  sentences: Candidate[],
  passage: OfferedPassage,
  match: (stem: string) => string | undefined,
  asked: Map<string, number>,
): void {
  const titles = [passage.section ?? "", passage.source.replace(/\.\w+$/, "")].map(weightsOfWords);
  const title = titles.flatMap((words) => [...words.keys()].flatMap((stem) => match(stem) ?? []));
  const around = new Set(sentences.flatMap(({ matched }) => [...matched]));
  let heading: Iterable<string> = [];
  let fit = Math.max(
    0,
    ...(passage.section ?? "").split(sectionSeparator).map((part) => overlap(asked, weightsOfWords(part))),
  );
  for (const [at, sentence] of sentences.entries()) {
    const lend = (stems: Iterable<string>, share: number) => {
      for (const stem of stems) sentence.context.set(stem, Math.max(share, sentence.context.get(stem) ?? 0));
    };
    lend(around, 0.25);
    lend(title, 0.5);
    lend(heading, 0.6);
    const [before, after] = [sentences[at - 1], sentences[at + 1]];
    if (before) lend(before.matched, before.text.endsWith("?") ? 0.8 : 0.45);
    if (after) lend(after.matched, 0.35);
    sentence.headingFit = fit;
    fit *= 0.8;
    if (sentence.kind !== "heading") continue;
    heading = sentence.matched;
    fit = overlap(asked, weightsOfWords(sentence.text));
  }
}

/** A missing name means another subject; a missing common word is often only said in another way. */
const absentWeight = (isName: boolean) => (isName ? 4 : 3);

/** Weight of each question term: rare among the offered sentences counts more. */
function weigh(question: Question, candidates: Candidate[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { stem, weight, isName } of question.terms) {
    const holding = candidates.filter(({ matched }) => matched.has(stem)).length;
    const rarity = Math.log(1 + (candidates.length - holding + 0.5) / (holding + 0.5));
    weights.set(stem, weight * (holding === 0 ? absentWeight(isName) : rarity));
  }
  return weights;
}

const explanations = ["definition", "manner", "reason"] as const;

function shapePenalty(sentences: Candidate[], question: Question): number {
  const words = sentences.reduce((sum, { stems }) => sum + stems.size, 0);
  const asks = sentences.at(-1)?.text.endsWith("?") ? 0.25 : 0;
  // One entry of a list names a thing; who asks what it is wants more.
  const bare = sentences.every(({ kind }) => kind === "item") && explanations.some((kind) => question.kinds.has(kind));
  return asks + (bare ? 0.15 : 0) + (words < 3 ? 0.25 : 0) + 0.1 * (sentences.length - 1) + words * 0.0008;
}

function judge(sentences: Candidate[], question: Question, weights: Map<string, number>, bestPassage: number): Window {
  const matched = new Set(sentences.flatMap((sentence) => [...sentence.matched]));
  let [covered, total] = [0, 0];
  for (const [stem, weight] of weights) {
    total += weight;
    covered += weight * (matched.has(stem) ? 1 : Math.max(...sentences.map(({ context }) => context.get(stem) ?? 0)));
  }
  const support = total === 0 ? 0 : covered / total;
  const best = (value: (sentence: Candidate) => number) => Math.max(...sentences.map(value));
  const fit = best(({ headingFit }) => headingFit);
  const score =
    support +
    best(({ pairs }) => pairs) +
    0.18 * best(({ text }) => fitsKinds(text, question.kinds)) +
    (fit >= 0.45 ? 0.4 * fit : 0) +
    0.15 * ((sentences[0]?.passage.score ?? 0) / bestPassage) -
    shapePenalty(sentences, question) -
    (matched.size === 0 && fit < 0.45 ? 0.4 : 0);
  return { sentences, matched, support, score };
}

/** Every run of up to three whole sentences of one passage, best first. A heading breaks a run: it lends its words, but says nothing. */
export function windowsOf(candidates: Candidate[], question: Question): Window[] {
  const weights = weigh(question, candidates);
  const bestPassage = Math.max(1e-9, ...candidates.map(({ passage }) => passage.score));
  const windows: Window[] = [];
  for (let start = 0; start < candidates.length; start++) {
    const run: Candidate[] = [];
    for (let at = start; at < start + maxWindow; at++) {
      const next = candidates[at];
      if (!next?.whole || next.kind === "heading" || next.group !== candidates[start]?.group) break;
      run.push(next);
      windows.push(judge([...run], question, weights, bestPassage));
    }
  }
  return windows.sort((a, b) => b.score - a.score);
}
