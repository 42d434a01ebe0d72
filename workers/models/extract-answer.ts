import type { OfferedKnowledge, OfferedPassage } from "./ports.ts";
import { fitsKinds, hasRequiredForm, type Question, readQuestion } from "./question.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";
import { fold, isFunctionWord, wordsOf } from "./words.ts";

/** A sentence as it is quoted, and the number of the passage it stands in. */
export interface Quote {
  text: string;
  index: number;
  isItem: boolean;
}

interface Candidate extends Sentence {
  passage: OfferedPassage;
  /** Position of the passage in the offer, and of the sentence in the passage. */
  group: number;
  place: number;
  stems: Set<string>;
  sequence: string[];
  /** Words that stand over the sentence or elsewhere in its passage, with how much each counts towards it. */
  context: Map<string, number>;
}

/** Neighbouring sentences of one passage, judged together. */
interface Window {
  sentences: Candidate[];
  /** The question's words that stand in it. */
  matched: Set<string>;
  /** Share of the question's weight that it covers with what stands around it, 0 to 1. */
  support: number;
  score: number;
}

const maxWindow = 3;
const maxQuotes = 4;
const maxAnswerLength = 1_000;

function candidatesOf(passages: OfferedPassage[]): Candidate[] {
  const seen = new Set<string>();
  return passages.flatMap((passage, group) => {
    const own = sentencesOf(passage.text).flatMap((sentence, place) => {
      const words = wordsOf(sentence.text);
      const key = words.map(({ text }) => text).join(" ");
      // Neighbouring passages overlap: the copy in the better one is kept.
      if (key === "" || seen.has(key)) return [];
      if (sentence.whole) seen.add(key);
      const sequence = words.filter(({ text }) => !isFunctionWord(text)).map(({ stem }) => stem);
      return [{ ...sentence, passage, group, place, stems: new Set(sequence), sequence, context: new Map() }];
    });
    lendContext(own, passage);
    return own;
  });
}

function lendContext(sentences: Candidate[], passage: OfferedPassage): void {
  const title = wordsOf(`${passage.section ?? ""} ${passage.source.replace(/\.\w+$/, "")}`).map(({ stem }) => stem);
  let heading: Candidate | undefined;
  for (const [at, sentence] of sentences.entries()) {
    const lend = (stems: Iterable<string>, share: number) => {
      for (const stem of stems) sentence.context.set(stem, Math.max(share, sentence.context.get(stem) ?? 0));
    };
    for (const other of sentences) lend(other.stems, 0.25);
    lend(title, 0.5);
    if (heading) lend(heading.stems, 0.6);
    const before = sentences[at - 1];
    if (before) lend(before.stems, before.text.endsWith("?") ? 0.8 : 0.45);
    const after = sentences[at + 1];
    if (after) lend(after.stems, 0.35);
    if (sentence.kind === "heading") heading = sentence;
  }
}

/** A missing name means another subject; a missing common word is often only said in another way. */
const absentWeight = (isName: boolean) => (isName ? 4 : 1.6);

/** Weight of each question term: rare among the offered sentences counts more. */
function weigh(question: Question, candidates: Candidate[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { stem, weight, isName } of question.terms) {
    const holding = candidates.filter(({ stems }) => stems.has(stem)).length;
    const rarity = Math.log(1 + (candidates.length - holding + 0.5) / (holding + 0.5));
    weights.set(stem, weight * (holding === 0 ? absentWeight(isName) : rarity));
  }
  return weights;
}

function pairBonus(sentence: Candidate, question: Question): number {
  let found = 0;
  for (let i = 0; i < sentence.sequence.length; i++) {
    for (let ahead = 1; ahead <= 2; ahead++) {
      if (question.pairs.has(`${sentence.sequence[i]} ${sentence.sequence[i + ahead]}`)) found++;
    }
  }
  return Math.min(0.2, found * 0.08);
}

function shapePenalty(sentences: Candidate[]): number {
  const last = sentences.at(-1);
  const words = sentences.reduce((sum, { sequence }) => sum + sequence.length, 0);
  return (last?.text.endsWith("?") ? 0.25 : 0) + (words < 3 ? 0.25 : 0) + 0.1 * (sentences.length - 1) + words * 0.0008;
}

function judge(sentences: Candidate[], question: Question, weights: Map<string, number>, bestScore: number): Window {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const matched = new Set<string>();
  let covered = 0;
  for (const [stem, weight] of weights) {
    if (sentences.some(({ stems }) => stems.has(stem))) {
      matched.add(stem);
      covered += weight;
    } else {
      covered += weight * Math.max(...sentences.map(({ context }) => context.get(stem) ?? 0));
    }
  }
  const support = total === 0 ? 0 : covered / total;
  const form = Math.max(...sentences.map(({ text }) => fitsKinds(text, question.kinds)));
  const score =
    support +
    Math.max(...sentences.map((sentence) => pairBonus(sentence, question))) +
    0.18 * form +
    0.15 * ((sentences[0]?.passage.score ?? 0) / bestScore) -
    shapePenalty(sentences) -
    (matched.size === 0 ? 0.4 : 0);
  return { sentences, matched, support, score };
}

/** Every run of up to three whole sentences of one passage. A heading breaks a run: it lends its words, but says nothing. */
function windowsOf(candidates: Candidate[], question: Question): Window[] {
  const weights = weigh(question, candidates);
  const bestScore = Math.max(1e-9, ...candidates.map(({ passage }) => passage.score));
  const windows: Window[] = [];
  for (let start = 0; start < candidates.length; start++) {
    const run: Candidate[] = [];
    for (let at = start; at < start + maxWindow; at++) {
      const next = candidates[at];
      if (!next?.whole || next.kind === "heading" || next.group !== candidates[start]?.group) break;
      run.push(next);
      windows.push(judge([...run], question, weights, bestScore));
    }
  }
  return windows.sort((a, b) => b.score - a.score);
}

/** Whether a window speaks of what is asked at all: no name missing, the form asked for, and enough words in one place. */
function isSupported({ matched, support, sentences }: Window, question: Question): boolean {
  const telling = question.terms.filter(({ weight }) => weight >= 1);
  const near = (stem: string) => matched.has(stem) || sentences.some(({ context }) => context.has(stem));
  if (telling.some(({ stem, isName, isSpeaker }) => isName && !isSpeaker && !near(stem))) return false;
  const touching = sentences.filter(({ stems }) => question.terms.some(({ stem }) => stems.has(stem)));
  if (!touching.some(({ text }) => hasRequiredForm(text, question.required))) return false;
  // Two words of the question standing together as they do in it tell as much as another word would.
  const together = sentences.some((sentence) => pairBonus(sentence, question) > 0) ? 1 : 0;
  const hits = telling.filter(({ stem }) => matched.has(stem)).length + together;
  if (telling.length === 0) return support >= 0.6;
  return hits >= 3 || (hits >= 1 && support >= 0.6) || (hits >= 2 && support >= 0.36);
}

function isNearCopy(a: Candidate, b: Candidate): boolean {
  let shared = 0;
  for (const stem of a.stems) if (b.stems.has(stem)) shared++;
  return shared / Math.max(1, Math.min(a.stems.size, b.stems.size)) > 0.8;
}

const leansBack =
  /^["“'‘]?(?:he|she|it|they|this|that|these|those|his|her|its|their|such|here|then|so|but|and|however|therefore|thus|also)\b/;

/** The best window with its antecedent and what it announces, then others that say more of what was asked. */
function choose(windows: Window[], best: Window, candidates: Candidate[], question: Question): Candidate[] {
  const tellingStems = new Set(question.terms.filter(({ weight }) => weight >= 1).map(({ stem }) => stem));
  const chosen: Candidate[] = [];
  const covered = new Set<string>();
  const add = (sentence: Candidate | undefined) => {
    if (!sentence?.whole || sentence.kind === "heading" || chosen.includes(sentence)) return;
    const length = chosen.reduce((sum, { text }) => sum + text.length, 0);
    if (chosen.length > 0 && (chosen.length >= maxQuotes || length + sentence.text.length > maxAnswerLength)) return;
    if (chosen.some((other) => isNearCopy(sentence, other))) return;
    chosen.push(sentence);
  };
  const addWindow = (window: Window) => {
    for (const sentence of window.sentences) add(sentence);
    for (const stem of window.matched) covered.add(stem);
  };
  const beside = (sentence: Candidate | undefined, step: number) => {
    const near = sentence && candidates[candidates.indexOf(sentence) + step];
    return near && near.group === sentence.group ? near : undefined;
  };
  addWindow(best);
  const [first, last] = [best.sentences[0], best.sentences.at(-1)];
  if (last?.text.endsWith(":")) for (const step of [1, 2, 3]) add(beside(last, step));
  if (first && leansBack.test(fold(first.text))) add(beside(first, -1));
  for (const window of windows) {
    if (window.sentences.length > 1) continue;
    const brings = [...window.matched].some((stem) => !covered.has(stem) && tellingStems.has(stem));
    if (window.score >= best.score * (brings ? 0.7 : 0.9)) addWindow(window);
  }
  const next = beside(last, 1);
  if (chosen.length < 3 && next && leansBack.test(fold(next.text))) add(next);
  return chosen;
}

/** Best passage first, and inside a passage as it was written. */
function inReadingOrder(chosen: Candidate[]): Candidate[] {
  const groups = [...new Set(chosen.map(({ group }) => group))];
  return groups.flatMap((group) => chosen.filter((c) => c.group === group).sort((a, b) => a.place - b.place));
}

/**
 * The sentences of the passages that answer the question, or an empty list where none does. Deterministic: words in common
 * weighed by rarity, what stands around, the form of the answer asked for, and the passage's own rank.
 */
export function extractAnswer({ question: text, passages }: OfferedKnowledge): Quote[] {
  const question = readQuestion(text);
  const candidates = candidatesOf(passages);
  if (question.terms.length === 0) return [];
  const windows = windowsOf(candidates, question);
  const best = windows.find((window) => isSupported(window, question));
  if (!best || best.score < 0.75 * (windows[0]?.score ?? 0)) return [];
  return inReadingOrder(choose(windows, best, candidates, question)).map(({ text: quote, passage, kind }) => ({
    text: quote,
    index: passage.index,
    isItem: kind === "item",
  }));
}
