import type { Candidate } from "./candidates.ts";
import { enumerates, listsOf } from "./lists.ts";
import type { Question } from "./question.ts";

/** Neighbouring sentences of one passage, judged together. */
export interface Window {
  sentences: Candidate[];
  matched: Set<string>;
  /** Share of the question's weight that it covers with what stands around it, 0 to 1. */
  support: number;
  score: number;
  /** A list or a table that is called as what was asked for. */
  isList: boolean;
}

const maxWindow = 3;

/** A missing name means another subject; a missing common word is often only said in another way. */
const absentWeight = (isName: boolean) => (isName ? 4 : 3);

/** Of fewer sentences none can be called rare: what is missing among them would outweigh what is there. */
const fewestSentences = 40;

/** Weight of each question term: rare among the offered sentences counts more. */
function weigh(question: Question, candidates: Candidate[]): Map<string, number> {
  const weights = new Map<string, number>();
  const all = Math.max(fewestSentences, candidates.length);
  for (const { stem, weight, isName, isRun } of question.terms) {
    const holding = candidates.filter(({ matched }) => matched.has(stem)).length;
    const rarity = Math.log(1 + (all - holding + 0.5) / (holding + 0.5));
    weights.set(stem, weight * (holding > 0 ? rarity : isRun ? 1 : absentWeight(isName)));
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

const listBonus = 0.25;

/** What a list of things is asked for by: a sentence that tells them, or one that does not even name them. */
function listFit(sentences: Candidate[], noun: string | null): number {
  if (noun === null) return 0;
  if (sentences.some((sentence) => enumerates(sentence, noun))) return listBonus;
  return sentences.some(({ matched, called }) => matched.has(noun) || called.has(noun)) ? 0 : -0.2;
}

function judge(sentences: Candidate[], question: Question, weights: Map<string, number>, bestPassage: number): Window {
  const matched = new Set(sentences.flatMap((sentence) => [...sentence.matched.keys()]));
  let [covered, total] = [0, 0];
  for (const [stem, weight] of weights) {
    total += weight;
    const degree = (sentence: Candidate) => Math.max(sentence.matched.get(stem) ?? 0, sentence.context.get(stem) ?? 0);
    covered += weight * Math.max(...sentences.map(degree));
  }
  const support = total === 0 ? 0 : covered / total;
  const best = (value: (sentence: Candidate) => number) => Math.max(...sentences.map(value));
  const heading = best(({ headingFit }) => headingFit);
  const score =
    support +
    best(({ pairs }) => pairs) +
    0.18 * best(({ fit, matched: own }) => (own.size > 0 || matched.size === 0 ? fit : -1)) +
    (heading >= 0.45 ? 0.4 * heading : 0) +
    listFit(sentences, question.listed) +
    0.15 * ((sentences[0]?.passage.score ?? 0) / bestPassage) -
    shapePenalty(sentences, question) -
    (matched.size === 0 && heading < 0.45 ? 0.4 : 0);
  return { sentences, matched, support, score, isList: false };
}

/** A list is judged by what it is called, as one: it is as long as it is. */
function judgeList(list: Candidate[], question: Question, weights: Map<string, number>, bestPassage: number): Window {
  const window = judge(list, question, weights, bestPassage);
  return { ...window, score: window.score + shapePenalty(list, question) + listBonus, isList: true };
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
      if (
        !next?.whole ||
        next.kind === "heading" ||
        !next.isOfMarks ||
        (run.length > 0 && next.kind === "row") ||
        next.group !== candidates[start]?.group
      )
        break;
      run.push(next);
      windows.push(judge([...run], question, weights, bestPassage));
      // A row stands alone: beside another it would be read as one with it.
      if (next.kind === "row") break;
    }
  }
  for (const list of listsOf(candidates, question)) windows.push(judgeList(list, question, weights, bestPassage));
  return windows.sort((a, b) => b.score - a.score);
}
