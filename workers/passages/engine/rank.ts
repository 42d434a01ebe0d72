/** A passage that words or vectors have found, as it is compared with the question. */
export interface Candidate {
  id: number;
  /** Its telling words in order, by their numbers. */
  terms: Uint32Array;
  /** Cosine to the question above what is usual in this index, 0 to 1; null where vectors were not asked. */
  likeness: number | null;
}

/** What the whole index knows of words, be they given as text or by their numbers. */
export interface Statistics<W = number> {
  passages: number;
  /** Telling words of a passage, on average. */
  averageLength: number;
  /** How many passages have a term. */
  passagesWith(term: W): number;
}

/** What vectors say beside the words. */
export interface Vectors {
  /** Their part of a score, 0 to 1; it depends on whether they know meanings or only likeness of words. */
  share: number;
  /** The likeness of any candidate to the question moved towards the passages `best`, on the scale of `Candidate.likeness`. */
  towards(best: number[]): (id: number) => number;
}

/** BM25's saturation and the weight of a passage's length; like all figures here measured on Cranfield and MED (decision 0003). */
const saturation = 1.5;
const lengthWeight = 0.75;
/** How the best passages widen the question: as many of them at most, no worse than a share of the very best; their words' share. */
const feedback = { passages: 5, nearest: 3, within: 0.6, terms: 15, share: 0.2, considered: 40 };
/** What neighbouring words of the question add where they stand side by side, and where they stand near each other. */
const nearness = { adjacent: 0.1, near: 0.1, within: 4 };
/** What a passage gains that has the whole question, word for word; parts of it gain the square of their share. */
const quotation = 0.3;

/** How rare a term is: 0 for one that every passage has. */
export function rarity(statistics: Statistics, term: number): number {
  const having = Math.min(statistics.passages, statistics.passagesWith(term));
  return Math.log(1 + (statistics.passages - having + 0.5) / (having + 0.5));
}

/** Each distinct word of the question with how often it is asked for. */
function counts(terms: Iterable<number>): Map<number, number> {
  const counted = new Map<number, number>();
  for (const term of terms) counted.set(term, (counted.get(term) ?? 0) + 1);
  return counted;
}

/** A count within a passage, saturated and set against the passage's length: 0 to 1. */
function saturated(count: number, length: number, averageLength: number): number {
  return count / (count + saturation * (1 - lengthWeight + (lengthWeight * length) / averageLength));
}

/** Different words to look for in passages. */
interface Wanted {
  /** The place of each among those that are wanted, by its number; -1 for all other words. A table, as every word of every passage is looked up. */
  places: Int16Array;
  worths: Float64Array;
}

/** `size` is beyond all numbers of words. */
function wantedOf(terms: Iterable<number>, statistics: Statistics, size: number): Wanted {
  const wanted = [...terms];
  const places = new Int16Array(size).fill(-1);
  for (const [place, term] of wanted.entries()) places[term] = place;
  return { places, worths: Float64Array.from(wanted, (term) => rarity(statistics, term)) };
}

/** Where the wanted words stand in a passage: their numbers and places, in reading order. */
interface Found {
  numbers: number[];
  places: number[];
}

function find({ places }: Wanted, passage: Uint32Array): Found {
  const found: Found = { numbers: [], places: [] };
  for (let place = 0; place < passage.length; place++) {
    const number = places[passage[place] as number] as number;
    if (number < 0) continue;
    found.numbers.push(number);
    found.places.push(place);
  }
  return found;
}

/** BM25 of the wanted words, each as often as `weights` says. */
function wordScore(
  found: Found,
  length: number,
  { worths }: Wanted,
  weights: Float64Array,
  averageLength: number,
): number {
  if (found.numbers.length === 0) return 0;
  const tallies = new Uint32Array(worths.length);
  for (const number of found.numbers) (tallies[number] as number) += 1;
  let score = 0;
  for (const [number, tally] of tallies.entries()) {
    if (tally > 0)
      score += (weights[number] as number) * (worths[number] as number) * saturated(tally, length, averageLength);
  }
  return score;
}

const weighed = (worths: Float64Array, weights: Float64Array) =>
  worths.reduce((sum, worth, i) => sum + worth * (weights[i] ?? 0), 0);

/** Neighbours in the question, as pairs of numbers with what each pair is worth. */
function pairsOf(question: number[], { places, worths }: Wanted) {
  return question.slice(1).flatMap((term, i) => {
    const [first, second] = [places[question[i] as number] as number, places[term] as number];
    return first === second ? [] : { first, second, worth: ((worths[first] ?? 0) + (worths[second] ?? 0)) / 2 };
  });
}

/** How often neighbours in the question are neighbours in the passage too: 0 to about 0.2. */
function pairShare(
  pairs: ReturnType<typeof pairsOf>,
  { numbers, places }: Found,
  length: number,
  averageLength: number,
): number {
  if (numbers.length < 2) return 0;
  const all = pairs.reduce((sum, { worth }) => sum + worth, 0);
  let reached = 0;
  for (const { first, second, worth } of pairs) {
    let [adjacent, near] = [0, 0];
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] !== first) continue;
      const gaps = gapsTo(second, i, numbers, places);
      if (gaps.adjacent) adjacent++;
      if (gaps.near) near++;
    }
    if (near > 0) reached += worth * nearness.near * saturated(near, length, averageLength);
    if (adjacent > 0) reached += worth * nearness.adjacent * saturated(adjacent, length, averageLength);
  }
  return all > 0 ? reached / all : 0;
}

/** How much of the question stands in the passage word for word: the square of the share of its longest run. */
function quotedShare(question: number[], { numbers, places }: Found): number {
  if (question.length < 2) return 0;
  let longest = 0;
  for (let start = 0; start < numbers.length; start++) {
    for (let from = 0; from + longest < question.length; from++) {
      let run = 0;
      while (
        from + run < question.length &&
        numbers[start + run] === question[from + run] &&
        (places[start + run] as number) - (places[start] as number) === run
      )
        run++;
      longest = Math.max(longest, run);
    }
  }
  return longest < 2 ? 0 : ((longest - 1) / (question.length - 1)) ** 2;
}

/** Whether the word `wanted` follows the found word at `at` directly, and whether it stands near it on either side. */
function gapsTo(wanted: number, at: number, numbers: number[], places: number[]): { adjacent: boolean; near: boolean } {
  const place = places[at] as number;
  const result = { adjacent: false, near: false };
  for (let i = at - 1; i >= 0 && place - (places[i] as number) <= nearness.within; i--)
    if (numbers[i] === wanted) result.near = true;
  for (let i = at + 1; i < numbers.length; i++) {
    const gap = (places[i] as number) - place;
    if (gap > nearness.within) break;
    if (numbers[i] !== wanted) continue;
    result.near = true;
    if (gap === 1) result.adjacent = true;
  }
  return result;
}

/** The words that the best passages share, with weights that add up to `feedback.share`: what the question is about, in other words. */
function sharedWords(best: Scored[], statistics: Statistics): Map<number, number> {
  const total = best.reduce((sum, { score }) => sum + score, 0);
  const common = new Map<number, number>();
  for (const { candidate, score } of best) {
    const { terms } = candidate;
    const share = score / total / terms.length;
    for (const term of terms) common.set(term, (common.get(term) ?? 0) + share);
  }
  const telling = [...common]
    .sort((a, b) => b[1] - a[1])
    .slice(0, feedback.considered)
    .map(([term, weight]) => ({ term, weight, worth: weight * rarity(statistics, term) }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, feedback.terms);
  const added = telling.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(telling.map(({ term, weight }) => [term, (feedback.share * weight) / added]));
}

interface Scored {
  candidate: Candidate;
  pairs: number;
  words: number;
  score: number;
}

/** What the first round takes for answers. */
function bestOf(first: Scored[]): Scored[] {
  const least = feedback.within * (first[0]?.score ?? 0);
  return first
    .slice(0, feedback.passages)
    .filter(({ score, candidate }) => score > 0 && score >= least && candidate.terms.length > 0);
}

/**
 * Candidates in order, best first. Words and vectors are added up as shares of what they could reach, in two rounds: the second
 * also asks for the words that the best of the first have in common, and for likeness to them. Words are numbers below `size`.
 */
export function rank(
  question: number[],
  candidates: Candidate[],
  statistics: Statistics,
  vectors: Vectors | null,
  size: number,
): Candidate[] {
  const { averageLength } = statistics;
  const share = vectors?.share ?? 0;
  const asked = counts(question);
  const wanted = wantedOf(asked.keys(), statistics, size);
  const pairs = pairsOf(question, wanted);
  const inOrder = question.map((term) => wanted.places[term] as number);
  const frequency = Float64Array.from(asked.values(), (count) => count / question.length);
  const inQuestion = weighed(wanted.worths, frequency);
  const first = candidates.map((candidate): Scored => {
    const { terms, likeness } = candidate;
    const found = find(wanted, terms);
    const together = pairShare(pairs, found, terms.length, averageLength) + quotation * quotedShare(inOrder, found);
    const words = wordScore(found, terms.length, wanted, frequency, averageLength);
    const score = share * (likeness ?? 0) + together + ((1 - share) * words) / (inQuestion || 1);
    return { candidate, pairs: together, words, score };
  });
  first.sort((a, b) => b.score - a.score);
  const best = bestOf(first);
  if (best.length === 0) return first.map(({ candidate }) => candidate);
  const likeness = vectors?.towards(best.slice(0, feedback.nearest).map(({ candidate }) => candidate.id));
  const shared = sharedWords(best, statistics);
  const more = wantedOf(shared.keys(), statistics, size);
  const shares = Float64Array.from(shared.values());
  const inAll = (1 - feedback.share) * inQuestion + weighed(more.worths, shares);
  const second = first.map(({ candidate, pairs, words }) => {
    const { id, terms } = candidate;
    const added = wordScore(find(more, terms), terms.length, more, shares, averageLength);
    const reached = ((1 - feedback.share) * words + added) / inAll;
    return { candidate, score: share * (likeness?.(id) ?? 0) + pairs + (1 - share) * reached };
  });
  return second.sort((a, b) => b.score - a.score).map(({ candidate }) => candidate);
}
