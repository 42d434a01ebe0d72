/** A passage that words or vectors have found, as it is compared with the question. */
export interface Candidate {
  id: number;
  /** Its telling words in order. */
  terms: string[];
  /** Cosine to the question above what is usual in this index, 0 to 1; null where vectors were not asked. */
  likeness: number | null;
}

/** What the whole index knows of words. */
export interface Statistics {
  passages: number;
  /** Telling words of a passage, on average. */
  averageLength: number;
  /** How many passages have a term. */
  passagesWith(term: string): number;
}

/** How much each search says; the vectors' share depends on whether they know meanings or only likeness of words. */
export interface Weights {
  vectors: number;
}

/** BM25's saturation and the weight of a passage's length; like all figures here measured on Cranfield and MED (decision 0003). */
const saturation = 1.5;
const lengthWeight = 0.75;
/** Share of the words that the best passages have in common and the question lacks. */
const feedback = { passages: 5, terms: 15, share: 0.2, considered: 60 };
/** What neighbouring words of the question add where they stand side by side, and where they stand near each other. */
const nearness = { adjacent: 0.1, near: 0.1, within: 4 };

/** How rare a term is: 0 for one that every passage has. */
export function rarity(statistics: Statistics, term: string): number {
  const having = Math.min(statistics.passages, statistics.passagesWith(term));
  return Math.log(1 + (statistics.passages - having + 0.5) / (having + 0.5));
}

function counts(terms: Iterable<string>): Map<string, number> {
  const counted = new Map<string, number>();
  for (const term of terms) counted.set(term, (counted.get(term) ?? 0) + 1);
  return counted;
}

/** A count within a passage, saturated and set against the passage's length: 0 to 1. */
function saturated(count: number, length: number, { averageLength }: Statistics): number {
  const relative = length / averageLength;
  return count / (count + saturation * (1 - lengthWeight + lengthWeight * relative));
}

/** BM25 as a share of what a passage could reach that had all of `wanted` endlessly often: 0 to 1, comparable between questions. */
function wordShare(wanted: Map<string, number>, passage: string[], statistics: Statistics) {
  const found = new Map<string, number>();
  for (const term of passage) if (wanted.has(term)) found.set(term, (found.get(term) ?? 0) + 1);
  let [reached, all] = [0, 0];
  for (const [term, weight] of wanted) {
    const worth = weight * rarity(statistics, term);
    all += worth;
    const count = found.get(term);
    if (count) reached += worth * saturated(count, passage.length, statistics);
  }
  return all > 0 ? reached / all : 0;
}

/** How often neighbours in the question are neighbours in the passage too: 0 to about 0.2. */
function pairShare(question: string[], passage: string[], statistics: Statistics): number {
  const places = new Map<string, number[]>(question.map((term) => [term, []]));
  for (let i = 0; i < passage.length; i++) places.get(passage[i] as string)?.push(i);
  let [reached, all] = [0, 0];
  for (const [i, first] of question.entries()) {
    const second = question[i + 1];
    if (second === undefined || second === first) continue;
    const worth = (rarity(statistics, first) + rarity(statistics, second)) / 2;
    all += worth;
    let [adjacent, near] = [0, 0];
    for (const at of places.get(first) ?? []) {
      const gaps = (places.get(second) ?? []).map((other) => other - at);
      if (gaps.includes(1)) adjacent++;
      if (gaps.some((gap) => Math.abs(gap) <= nearness.within)) near++;
    }
    const together = (count: number) => (count > 0 ? saturated(count, passage.length, statistics) : 0);
    reached += worth * (nearness.adjacent * together(adjacent) + nearness.near * together(near));
  }
  return all > 0 ? reached / all : 0;
}

/** The question's words together with those that the best passages share: what it is about, in other words. */
function widened(
  question: Map<string, number>,
  best: { terms: string[]; score: number }[],
  statistics: Statistics,
): Map<string, number> {
  const total = best.reduce((sum, { score }) => sum + score, 0);
  const common = new Map<string, number>();
  for (const { terms, score } of best) {
    const share = score / total / terms.length;
    for (const term of terms) common.set(term, (common.get(term) ?? 0) + share);
  }
  const telling = [...common]
    .sort((a, b) => b[1] - a[1])
    .slice(0, feedback.considered)
    .map(([term, weight]) => ({ term, weight, worth: weight * rarity(statistics, term) }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, feedback.terms);
  const asked = [...question.values()].reduce((sum, count) => sum + count, 0);
  const added = telling.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = new Map<string, number>();
  for (const [term, count] of question) wanted.set(term, ((1 - feedback.share) * count) / asked);
  for (const { term, weight } of telling) wanted.set(term, (wanted.get(term) ?? 0) + (feedback.share * weight) / added);
  return wanted;
}

/**
 * Candidates in order, best first. Words and vectors are added up as shares of what they could reach, in two rounds: the second
 * also asks for the words that the best of the first have in common.
 */
export function rank(
  question: string[],
  candidates: Candidate[],
  statistics: Statistics,
  weights: Weights,
): Candidate[] {
  const asked = counts(question);
  const fixed = candidates.map(
    ({ terms, likeness }) => weights.vectors * (likeness ?? 0) + pairShare(question, terms, statistics),
  );
  const ordered = (wanted: Map<string, number>) =>
    candidates
      .map((candidate, i) => {
        const words = wordShare(wanted, candidate.terms, statistics);
        return { candidate, terms: candidate.terms, score: (fixed[i] ?? 0) + (1 - weights.vectors) * words };
      })
      .sort((a, b) => b.score - a.score);
  const first = ordered(asked);
  const best = first.slice(0, feedback.passages).filter(({ score, terms }) => score > 0 && terms.length > 0);
  if (best.length === 0 || asked.size === 0) return first.map(({ candidate }) => candidate);
  return ordered(widened(asked, best, statistics)).map(({ candidate }) => candidate);
}
