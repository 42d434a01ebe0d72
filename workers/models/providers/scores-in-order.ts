import { problemOfGarbledAnswer } from "../failures.ts";

/**
 * Scores in the order of the texts, each 0 to 1: servers that give a cross-encoder's raw numbers are brought there by the logistic
 * function. Throws `model_unavailable` where a text was left out or got no number.
 */
export function scoresInOrder(results: { index: number; score: number }[], count: number): number[] {
  const scores = new Array<number>(count).fill(Number.NaN);
  for (const { index, score } of results) if (index < count) scores[index] = score;
  if (scores.some(Number.isNaN)) throw problemOfGarbledAnswer(new Error("Not every text got a score."));
  const isShare = scores.every((score) => score >= 0 && score <= 1);
  return isShare ? scores : scores.map((score) => 1 / (1 + Math.exp(-score)));
}
