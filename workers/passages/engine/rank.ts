/** A passage that words or vectors have found, as it is compared with the question. */
export interface Candidate {
  id: number;
  /** What its telling words are looked up by, in order, by their numbers. */
  keys: Uint32Array;
  /** How much of the question's words by their parts it has, 0 to 1. */
  parts: number;
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

/**
 * What words by their parts count beside words as they are looked up. As all figures here, measured by leaving each collection out in turn
 * (decision 0026).
 */
const ofParts = 0.4;
/** What it counts how many of the question's words a passage has at all, however often and however long it is. */
const ofCoverage = 0.1;
/** What neighbouring words of the question add where they stand side by side, and where they stand near each other. */
const nearness = { adjacent: 0.25, near: 0.15, within: 4 };
/** What a passage gains that has the whole question, word for word; parts of it gain the square of their share. */
const quotation = 0.3;
/**
 * What was learned from the passages knows what a question is about, not what it asks. It counts where many passages are about that: where the score of
 * the twentieth is near that of the first, by words and by what was learned alike.
 */
const breadth = { passages: 20, least: 0.2, most: 0.4 };

/** BM25's saturation and the weight of a passage's length; for whole words less of it. */
const saturation = 1.5;
const lengthWeight = 0.75;
const lengthWeightOfWords = 0.5;

/** A count within a passage, saturated and set against the passage's length: 0 to 1. */
export function saturated(count: number, length: number, averageLength: number, weight = lengthWeight): number {
  return count / (count + saturation * (1 - weight + (weight * length) / averageLength));
}

/** How rare is what so many of the passages have: near 0 for what all of them have. */
export const rarityOf = (passages: number, having: number): number =>
  Math.log(1 + (passages - having + 0.5) / (having + 0.5));

/** How rare a term is. */
export const rarity = (statistics: Statistics, term: number): number =>
  rarityOf(statistics.passages, Math.min(statistics.passages, statistics.passagesWith(term)));

/** Each distinct word of the question with how often it is asked for. */
function counts(terms: Iterable<number>): Map<number, number> {
  const counted = new Map<number, number>();
  for (const term of terms) counted.set(term, (counted.get(term) ?? 0) + 1);
  return counted;
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

/** BM25 of the wanted words, each as often as `weights` says, and what those that are found are worth, each once. */
function wordScore(
  found: Found,
  length: number,
  { worths }: Wanted,
  weights: Float64Array,
  averageLength: number,
): { score: number; covered: number } {
  let [score, covered] = [0, 0];
  if (found.numbers.length === 0) return { score, covered };
  const tallies = new Uint32Array(worths.length);
  for (const number of found.numbers) (tallies[number] as number) += 1;
  for (const [number, tally] of tallies.entries()) {
    if (tally === 0) continue;
    const worth = worths[number] as number;
    covered += worth;
    score += (weights[number] as number) * worth * saturated(tally, length, averageLength, lengthWeightOfWords);
  }
  return { score, covered };
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

/** How far the passage at `breadth.passages` is from the best, as a share of that; 0 where there are not so many. */
function fall(scores: number[]): number {
  const sorted = scores.toSorted((a, b) => b - a);
  return (sorted[breadth.passages - 1] ?? 0) / (sorted[0] || 1);
}

/** How far a question is about what many passages are about, 0 to 1. */
function breadthOf(byWords: number[], byLikeness: number[]): number {
  const reached = fall(byWords) * fall(byLikeness);
  return Math.max(0, Math.min(1, (reached - breadth.least) / (breadth.most - breadth.least)));
}

/** What likeness by vectors counts beside all words: always, as far as many passages are about the question, or as far as that or what is likest stands out. */
export interface LikenessWeight {
  weight: number;
  counts: "always" | "with breadth" | "where it tells";
}

/**
 * How far likeness counts, 0 to 1. A model that does not know a question's language finds all passages about as like it: where the twentieth is near the first, and not by words
 * too, its order says little.
 */
function shareOf({ counts }: LikenessWeight, byWords: number[], byLikeness: number[]): number {
  if (counts === "always") return 1;
  const broad = breadthOf(byWords, byLikeness);
  return counts === "with breadth" ? broad : Math.max(broad, (1 - fall(byLikeness)) ** 2);
}

/**
 * Candidates in order, best first: words, parts of words and neighbouring words as shares of what could be reached, and likeness.
 * Words are numbers below `size`.
 */
export function rank(
  question: number[],
  candidates: Candidate[],
  statistics: Statistics,
  likeness: LikenessWeight,
  size: number,
): Candidate[] {
  const { averageLength } = statistics;
  const asked = counts(question);
  const wanted = wantedOf(asked.keys(), statistics, size);
  const pairs = pairsOf(question, wanted);
  const inOrder = question.map((term) => wanted.places[term] as number);
  const frequency = Float64Array.from(asked.values(), (count) => count / question.length);
  const inQuestion = weighed(wanted.worths, frequency) || 1;
  const ofAll = wanted.worths.reduce((sum, worth) => sum + worth, 0) || 1;
  const byWords = candidates.map(({ keys, parts }) => {
    const found = find(wanted, keys);
    const together = pairShare(pairs, found, keys.length, averageLength) + quotation * quotedShare(inOrder, found);
    const { score, covered } = wordScore(found, keys.length, wanted, frequency, averageLength);
    const words = (1 - ofParts - ofCoverage) * (score / inQuestion) + ofCoverage * (covered / ofAll);
    return words + ofParts * parts + together;
  });
  const byLikeness = candidates.map((candidate) => candidate.likeness ?? 0);
  const weight = likeness.weight * shareOf(likeness, byWords, byLikeness);
  const scored = candidates.map((candidate, i) => {
    return { candidate, score: (byWords[i] as number) + weight * (byLikeness[i] as number) };
  });
  return scored.sort((a, b) => b.score - a.score).map(({ candidate }) => candidate);
}
