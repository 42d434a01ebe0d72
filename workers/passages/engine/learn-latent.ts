import { Pace } from "./pace.ts";

/** A passage as the weights of its words: places in the vocabulary, and a weight for each; of unit length. */
interface WeightedWords {
  places: Int32Array;
  weights: Float32Array;
}

/** Meanings learned from how words stand together: each word as a direction, and how telling it is. */
export interface LatentWords {
  dimensions: number;
  terms: string[];
  /** How telling each term is: the logarithm of how rare it was. */
  weights: Float32Array;
  /** A direction for each term, one behind the other. */
  directions: Float32Array;
}

/** A term that one passage alone has teaches nothing; one that half of them have tells nothing. */
const fewest = 2;
const commonShare = 0.5;
/** The most common words that are kept: twenty thousand directions of 128 are 10 MB while learning. */
const mostTerms = 20_000;
/** How often the directions are turned towards the largest; more change nothing that a ranking shows. */
const rounds = 4;

/** What a word of the passages before and after counts beside one of a passage itself. */
const neighbourShare = 0.6;

/** A text's telling words, and those of the text around it. */
export interface TextInPlace {
  terms: string[];
  around: string[];
}

/**
 * How many meanings so many passages can teach; measured on MED (1,648 passages) and Cranfield (2,830): fewer blur what is meant, more
 * only repeat the words.
 */
export const dimensionsFor = (passages: number) =>
  Math.max(16, Math.min(128, 8 * Math.round((1.5 * Math.sqrt(passages)) / 8)));

/** Passages of documents in their order, each with the words of its neighbours: a passage is about what its surroundings are about. */
export function inPlace<P extends { doc: number; terms: string[] }>(passages: readonly P[]): (P & TextInPlace)[] {
  return passages.map((passage, i) => {
    const neighbours = [passages[i - 1], passages[i + 1]].filter((each) => each?.doc === passage.doc);
    return {
      ...passage,
      // Put together when it is asked for: held for ten thousand passages, it would be twice what they say themselves.
      get around() {
        return neighbours.flatMap((each) => each?.terms ?? []);
      },
    };
  });
}

/** A text's words as counts on a logarithmic scale, times how telling they are. */
export function weigh(
  { terms, around }: TextInPlace,
  weightOf: (term: string) => number | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  for (const term of around) counts.set(term, (counts.get(term) ?? 0) + neighbourShare);
  const weighed = new Map<string, number>();
  for (const [term, count] of counts) {
    const weight = weightOf(term);
    if (weight !== undefined) weighed.set(term, (count > 1 ? 1 + Math.log(count) : count) * weight);
  }
  return weighed;
}

async function vocabularyOf(
  passages: readonly TextInPlace[],
  pace: Pace,
): Promise<{ places: Map<string, number>; weights: Float32Array }> {
  const having = new Map<string, number>();
  for (const { terms } of passages) {
    for (const term of new Set(terms)) having.set(term, (having.get(term) ?? 0) + 1);
    await pace.after(terms.length * perTerm);
  }
  const kept = [...having]
    .filter(([, count]) => count >= fewest && count <= passages.length * commonShare)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostTerms);
  return {
    places: new Map(kept.map(([term], place) => [term, place])),
    weights: Float32Array.from(kept, ([, count]) => Math.log((passages.length + 1) / count)),
  };
}

/** What looking a word up costs, in multiplications. */
const perTerm = 100;

function weightedWords(text: TextInPlace, places: Map<string, number>, weights: Float32Array): WeightedWords {
  const weighed = weigh(text, (term) => weights[places.get(term) ?? -1]);
  const length = Math.sqrt([...weighed.values()].reduce((sum, weight) => sum + weight * weight, 0)) || 1;
  return {
    places: Int32Array.from(weighed.keys(), (term) => places.get(term) as number),
    weights: Float32Array.from(weighed.values(), (weight) => weight / length),
  };
}

/** Small numbers that look random and are the same each time, so that the same passages teach the same. */
function scatter(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Turns `directions` (rows of `dimensions`) towards those in which the passages vary most: one multiplication with AᵀA. */
async function turn(
  passages: WeightedWords[],
  directions: Float32Array,
  dimensions: number,
  pace: Pace,
): Promise<Float32Array> {
  const turned = new Float32Array(directions.length);
  const row = new Float32Array(dimensions);
  for (const { places, weights } of passages) {
    await pace.after(2 * places.length * dimensions);
    row.fill(0);
    for (let j = 0; j < places.length; j++) {
      const [offset, weight] = [(places[j] as number) * dimensions, weights[j] as number];
      for (let c = 0; c < dimensions; c++) (row[c] as number) += weight * (directions[offset + c] as number);
    }
    for (let j = 0; j < places.length; j++) {
      const [offset, weight] = [(places[j] as number) * dimensions, weights[j] as number];
      for (let c = 0; c < dimensions; c++) (turned[offset + c] as number) += weight * (row[c] as number);
    }
  }
  return turned;
}

/** What the columns of `rows` have in common, YᵀY, its upper half. */
async function gram(rows: Float32Array, dimensions: number, pace: Pace): Promise<Float64Array> {
  const common = new Float64Array(dimensions * dimensions);
  for (let offset = 0; offset < rows.length; offset += dimensions) {
    await pace.after(dimensions ** 2 / 2);
    for (let a = 0; a < dimensions; a++) {
      const value = rows[offset + a] as number;
      if (value === 0) continue;
      for (let b = a; b < dimensions; b++)
        (common[a * dimensions + b] as number) += value * (rows[offset + b] as number);
    }
  }
  return common;
}

/** The upper triangle R with RᵀR = `common`; a row of zeros where a column is made of those before it. */
function cholesky(common: Float64Array, dimensions: number): Float64Array {
  const upper = new Float64Array(common.length);
  const at = (a: number, b: number) => upper[a * dimensions + b] as number;
  for (let a = 0; a < dimensions; a++) {
    let pivot = common[a * dimensions + a] as number;
    const whole = pivot;
    for (let c = 0; c < a; c++) pivot -= at(c, a) ** 2;
    if (pivot <= whole * 1e-10) continue;
    const root = Math.sqrt(pivot);
    upper[a * dimensions + a] = root;
    for (let b = a + 1; b < dimensions; b++) {
      let sum = common[a * dimensions + b] as number;
      for (let c = 0; c < a; c++) sum -= at(c, a) * at(c, b);
      upper[a * dimensions + b] = sum / root;
    }
  }
  return upper;
}

/** Makes the columns of `rows` unit vectors at right angles, in place. */
async function orthonormalize(rows: Float32Array, dimensions: number, pace: Pace): Promise<void> {
  const upper = cholesky(await gram(rows, dimensions, pace), dimensions);
  for (let offset = 0; offset < rows.length; offset += dimensions) {
    await pace.after(dimensions ** 2 / 2);
    for (let b = 0; b < dimensions; b++) {
      const root = upper[b * dimensions + b] as number;
      let value = rows[offset + b] as number;
      for (let a = 0; a < b; a++) value -= (rows[offset + a] as number) * (upper[a * dimensions + b] as number);
      rows[offset + b] = root > 0 ? value / root : 0;
    }
  }
}

/**
 * Learns from passages which words mean alike: the largest singular directions of the weighted
 * passage × word matrix (latent semantic analysis), by subspace iteration. `pause` is awaited every few milliseconds, so that others
 * get their turn.
 */
export async function learnLatent(passages: readonly TextInPlace[], pause: () => Promise<void>): Promise<LatentWords> {
  const dimensions = dimensionsFor(passages.length);
  const pace = new Pace(pause);
  const { places, weights } = await vocabularyOf(passages, pace);
  const weighted: WeightedWords[] = [];
  for (const passage of passages) {
    weighted.push(weightedWords(passage, places, weights));
    await pace.after((passage.terms.length + passage.around.length) * perTerm);
  }
  let directions = scatter(places.size * dimensions);
  await orthonormalize(directions, dimensions, pace);
  for (let round = 0; round < rounds; round++) {
    directions = await turn(weighted, directions, dimensions, pace);
    await orthonormalize(directions, dimensions, pace);
  }
  return { dimensions, terms: [...places.keys()], weights, directions };
}
