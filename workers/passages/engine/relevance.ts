import { type Candidate, rarity, type Statistics } from "./rank.ts";

/**
 * How much a passage has to do with the question, 0 to 1 and comparable between questions: the share of the question's words that
 * it has, each weighed by how rare it is in the index (one that no passage has weighs most), with the vectors' likeness beside
 * it. Where the vectors know meanings, likeness alone may carry it. Below about 0.25 nothing of the question is in the passage.
 */
export function relevance(
  question: number[],
  { keys, likeness }: Candidate,
  statistics: Statistics,
  knowsMeanings: boolean,
): number {
  const has = new Set(keys);
  let [found, all] = [0, 0];
  for (const term of new Set(question)) {
    const worth = rarity(statistics, term);
    all += worth;
    if (has.has(term)) found += worth;
  }
  const covered = all > 0 ? found / all : 0;
  if (likeness === null) return covered;
  const together = 0.7 * covered + 0.3 * Math.min(1, likeness * 1.6);
  return knowsMeanings ? Math.max(together, likeness) : together;
}

/** Scores in the order of the ranking: where a later one is higher, it and those before share their mean. */
export function descending(scores: number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const score of scores) {
    let pool = { sum: score, count: 1 };
    for (
      let before = pools.at(-1);
      before && before.sum / before.count < pool.sum / pool.count;
      before = pools.at(-1)
    ) {
      pool = { sum: before.sum + pool.sum, count: before.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
}
