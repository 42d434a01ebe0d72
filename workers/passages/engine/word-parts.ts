import type { PassageWords, WordsInMemory } from "./passage-words.ts";
import { rarityOf, saturated } from "./rank.ts";

/** So many passages, from all over the index, tell how rare the parts of words are. */
const sampled = 500;
/** What share of the passages may come or go before the sample is taken again. */
const changedShare = 0.1;

interface Sample {
  edition: number;
  /** How many passages the index had. */
  of: number;
  passages: number;
  averageParts: number;
  /** How many passages have a part, by its number. */
  having: Map<number, number>;
}

const none: Sample = { edition: -1, of: 0, passages: 0, averageParts: 1, having: new Map() };

/**
 * Likeness of words by their parts: a word that is inflected, put together with others or misspelt has most of them still. What rare parts are
 * is learned from a sample of the passages.
 */
export class WordParts {
  readonly #words: WordsInMemory;
  #sample = none;

  constructor(words: WordsInMemory) {
    this.#words = words;
  }

  /** Drops what was learned. */
  forget(): void {
    this.#sample = none;
  }

  /** Learns from a sample, where what is known is of too few passages or too many. `take` gives that many passages of an index. */
  learn(passages: number, take: (count: number) => PassageWords[]): void {
    const { edition, of } = this.#sample;
    if (edition === this.#words.edition && Math.abs(passages - of) <= changedShare * of) return;
    const sample = take(sampled);
    const having = new Map<number, number>();
    for (const { stems } of sample) {
      const parts = new Set<number>();
      for (const stem of new Set(stems)) for (const part of this.#words.partsOf(stem)) parts.add(part);
      for (const part of parts) having.set(part, (having.get(part) ?? 0) + 1);
    }
    const all = sample.reduce((sum, { parts }) => sum + parts, 0);
    const averageParts = Math.max(1, all / Math.max(1, sample.length));
    this.#sample = { edition: this.#words.edition, of: passages, passages: sample.length, averageParts, having };
  }

  /** BM25 of the parts of a question's words, as a share of what a passage could reach. */
  score(question: number[]): (passage: Pick<PassageWords, "stems" | "parts">) => number {
    const { averageParts } = this.#sample;
    const asked = new Map<number, number>();
    for (const stem of question)
      for (const part of this.#words.partsOf(stem)) asked.set(part, (asked.get(part) ?? 0) + 1);
    const places = new Int16Array(this.#words.sizeOfParts).fill(-1);
    for (const [place, part] of [...asked.keys()].entries()) places[part] = place;
    const weights = Float64Array.from(asked, ([part, count]) => count * this.#rarity(part));
    const whole = weights.reduce((sum, weight) => sum + weight, 0) || 1;
    // A table of all words, as every word of every passage is looked up: which of `lists` is a word's, -1 for not known yet.
    const listOf = new Int32Array(this.#words.size).fill(-1);
    const lists: number[][] = [[]];
    const look = (stem: number): number => {
      const shared: number[] = [];
      const parts = this.#words.partsOf(stem);
      for (let i = 0; i < parts.length; i++) {
        const place = places[parts[i] as number] as number;
        if (place >= 0) shared.push(place);
      }
      listOf[stem] = shared.length > 0 ? lists.push(shared) - 1 : 0;
      return listOf[stem] as number;
    };
    const tallies = new Uint16Array(weights.length);
    return ({ stems, parts }) => {
      tallies.fill(0);
      for (let i = 0; i < stems.length; i++) {
        let list = listOf[stems[i] as number] as number;
        if (list < 0) list = look(stems[i] as number);
        if (list === 0) continue;
        const found = lists[list] as number[];
        for (let j = 0; j < found.length; j++) (tallies[found[j] as number] as number)++;
      }
      let score = 0;
      for (let place = 0; place < tallies.length; place++) {
        const tally = tallies[place] as number;
        if (tally > 0) score += (weights[place] as number) * saturated(tally, parts, averageParts);
      }
      return score / whole;
    };
  }

  #rarity(part: number): number {
    const { passages, having } = this.#sample;
    return rarityOf(passages, having.get(part) ?? 0);
  }
}
