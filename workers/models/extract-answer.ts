import type { OfferedKnowledge, OfferedPassage } from "./ports.ts";
import { fitsKinds, type Question, readQuestion } from "./question.ts";
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
  /** Share of the question's weight that the sentence covers with what stands around it, 0 to 1. */
  support: number;
  score: number;
}

const maxQuotes = 4;
const maxAnswerLength = 1_000;
/** Below this share of the question's words, weighed by rarity, the passages are about something else. */
const minSupport = 0.5;

function candidatesOf(passages: OfferedPassage[]): Candidate[] {
  const seen = new Set<string>();
  return passages.flatMap((passage, group) =>
    sentencesOf(passage.text).flatMap((sentence, place) => {
      const words = wordsOf(sentence.text);
      const key = words.map(({ text }) => text).join(" ");
      // Neighbouring passages overlap: the copy in the better one is kept.
      if (key === "" || seen.has(key)) return [];
      if (sentence.whole) seen.add(key);
      const sequence = words.filter(({ text }) => !isFunctionWord(text)).map(({ stem }) => stem);
      return [{ ...sentence, passage, group, place, stems: new Set(sequence), sequence, support: 0, score: 0 }];
    }),
  );
}

/** Weight of each question term: rare among the offered sentences counts more, absent counts most. */
function weigh(question: Question, candidates: Candidate[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { stem, weight } of question.terms) {
    const holding = candidates.filter(({ stems }) => stems.has(stem)).length;
    weights.set(stem, weight * Math.log(1 + (candidates.length - holding + 0.5) / (holding + 0.5)));
  }
  return weights;
}

/** Words that stand over and around a sentence, with how much each counts towards it. */
function contextOf(candidates: Candidate[], at: number): Map<string, number> {
  const self = candidates[at];
  const context = new Map<string, number>();
  if (!self) return context;
  const lend = (stems: Iterable<string>, share: number) => {
    for (const stem of stems) context.set(stem, Math.max(share, context.get(stem) ?? 0));
  };
  const title = [self.passage.section ?? "", self.passage.source.replace(/\.\w+$/, "")].join(" ");
  lend(
    wordsOf(title).map(({ stem }) => stem),
    0.45,
  );
  let heading: Candidate | undefined;
  for (let i = at - 1; i >= 0 && candidates[i]?.group === self.group; i--) {
    if (candidates[i]?.kind === "heading") {
      heading = candidates[i];
      break;
    }
  }
  if (heading) lend(heading.stems, 0.6);
  for (const [step, share] of [
    [-3, 0.15],
    [-2, 0.3],
    [-1, 0.5],
    [1, 0.4],
    [2, 0.2],
  ] as const) {
    const near = candidates[at + step];
    if (near && near.group === self.group) lend(near.stems, near.text.endsWith("?") && step === -1 ? 0.8 : share);
  }
  return context;
}

function pairBonus(candidate: Candidate, question: Question): number {
  let found = 0;
  for (let i = 0; i < candidate.sequence.length; i++) {
    for (let ahead = 1; ahead <= 2; ahead++) {
      if (question.pairs.has(`${candidate.sequence[i]} ${candidate.sequence[i + ahead]}`)) found++;
    }
  }
  return Math.min(0.2, found * 0.08);
}

function shapePenalty(candidate: Candidate): number {
  if (candidate.kind === "heading" || !candidate.whole) return 1;
  const words = wordsOf(candidate.text).length;
  return (candidate.text.endsWith("?") ? 0.2 : 0) + (words < 4 ? 0.3 : 0) + (words > 90 ? 0.05 : 0);
}

function scoreAll(question: Question, candidates: Candidate[]): void {
  const weights = weigh(question, candidates);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const bestPassage = Math.max(1e-9, ...candidates.map(({ passage }) => passage.score));
  if (total === 0) return;
  candidates.forEach((candidate, at) => {
    const context = contextOf(candidates, at);
    let own = 0;
    let around = 0;
    for (const [stem, weight] of weights) {
      if (candidate.stems.has(stem)) own += weight;
      else around += weight * (context.get(stem) ?? 0);
    }
    candidate.support = (own + around) / total;
    candidate.score =
      own === 0 && candidate.kind !== "item"
        ? 0.5 * candidate.support - shapePenalty(candidate)
        : candidate.support +
          pairBonus(candidate, question) +
          0.18 * fitsKinds(candidate.text, question.kinds) +
          0.15 * (candidate.passage.score / bestPassage) -
          shapePenalty(candidate);
  });
}

function termsOf(candidate: Candidate, question: Question): string[] {
  return question.terms.filter(({ stem }) => candidate.stems.has(stem)).map(({ stem }) => stem);
}

function isNearCopy(a: Candidate, b: Candidate): boolean {
  let shared = 0;
  for (const stem of a.stems) if (b.stems.has(stem)) shared++;
  return shared / Math.max(1, Math.min(a.stems.size, b.stems.size)) > 0.8;
}

const leansBack =
  /^["“'‘]?(?:he|she|it|they|this|that|these|those|his|her|its|their|such|here|then|so|but|and|however|therefore|thus|also)\b/;

/** Chooses the best sentence and what completes it: its antecedent, what it announces, and sentences that cover more of the question. */
function choose(question: Question, candidates: Candidate[], best: Candidate): Candidate[] {
  const chosen = [best];
  const covered = new Set(termsOf(best, question));
  const length = () => chosen.reduce((sum, { text }) => sum + text.length, 0);
  const add = (candidate: Candidate | undefined) => {
    if (!candidate?.whole || candidate.kind === "heading" || chosen.includes(candidate)) return;
    if (chosen.length >= maxQuotes || length() + candidate.text.length > maxAnswerLength) return;
    if (chosen.some((other) => isNearCopy(candidate, other))) return;
    chosen.push(candidate);
    for (const stem of termsOf(candidate, question)) covered.add(stem);
  };
  const beside = (step: number) => {
    const at = candidates.indexOf(best) + step;
    const near = candidates[at];
    return near && near.group === best.group ? near : undefined;
  };
  if (best.text.endsWith(":")) for (const step of [1, 2, 3]) add(beside(step));
  if (leansBack.test(fold(best.text))) add(beside(-1));
  const ranked = candidates.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  for (const candidate of ranked) {
    const brings = termsOf(candidate, question).some((stem) => !covered.has(stem));
    if (candidate.score >= best.score * (brings ? 0.6 : 0.85)) add(candidate);
  }
  const next = beside(1);
  if (chosen.length < 3 && next && (leansBack.test(fold(next.text)) || next.support >= 0.4 * best.support)) add(next);
  return chosen;
}

/** Best passage first, and inside a passage as it was written. */
function inReadingOrder(chosen: Candidate[]): Candidate[] {
  const groups = [...new Set(chosen.map(({ group }) => group))];
  return groups.flatMap((group) => chosen.filter((c) => c.group === group).sort((a, b) => a.place - b.place));
}

/** References of the document's own (`[12]`) would read as citations of the answer. */
function withoutMarkers(text: string): string {
  return text.replace(/\s*\[\d{1,4}\]/g, "");
}

/**
 * The sentences of the passages that answer the question, or an empty list where none does. Deterministic: words in common
 * weighed by rarity, what stands around, the form of the answer asked for, and the passage's own rank.
 */
export function extractAnswer({ question: text, passages }: OfferedKnowledge): Quote[] {
  const question = readQuestion(text);
  const candidates = candidatesOf(passages);
  if (question.terms.length === 0 || candidates.length === 0) return [];
  scoreAll(question, candidates);
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.support < minSupport || best.score <= 0) return [];
  return inReadingOrder(choose(question, candidates, best)).map(({ text: quote, passage, kind }) => ({
    text: withoutMarkers(quote),
    index: passage.index,
    isItem: kind === "item",
  }));
}
