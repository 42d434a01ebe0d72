import type { Judgements } from "./collection.ts";

export interface Measures {
  ndcg10: number;
  recall10: number;
  recall100: number;
  mrr: number;
}

const gainAt = (relevance: number, rank: number) => relevance / Math.log2(rank + 2);

function ofOne(ranked: string[], judged: Map<string, number>): Measures | null {
  const relevant = [...judged.values()].filter((score) => score > 0).sort((a, b) => b - a);
  if (relevant.length === 0) return null;
  const scores = ranked.map((id) => Math.max(0, judged.get(id) ?? 0));
  const dcg = scores.slice(0, 10).reduce((sum, score, rank) => sum + gainAt(score, rank), 0);
  const ideal = relevant.slice(0, 10).reduce((sum, score, rank) => sum + gainAt(score, rank), 0);
  const found = (depth: number) => scores.slice(0, depth).filter((score) => score > 0).length / relevant.length;
  const first = scores.findIndex((score) => score > 0);
  return { ndcg10: dcg / ideal, recall10: found(10), recall100: found(100), mrr: first < 0 ? 0 : 1 / (first + 1) };
}

/** The means over all queries that have a relevant document; a query without an answer counts as zero. */
export function measure(answers: Map<string, string[]>, judgements: Judgements): Measures {
  const all = [...judgements].flatMap(([query, judged]) => ofOne(answers.get(query) ?? [], judged) ?? []);
  const mean = (what: keyof Measures) => all.reduce((sum, each) => sum + each[what], 0) / Math.max(1, all.length);
  return { ndcg10: mean("ndcg10"), recall10: mean("recall10"), recall100: mean("recall100"), mrr: mean("mrr") };
}
