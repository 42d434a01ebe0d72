import { wordsOf } from "../../models/words.ts";
import type { QueryTerm } from "./query-terms.ts";

/** A passage that keyword or vector search has found, with what each says of it. */
export interface Candidate {
  id: number;
  /** FTS5's bm25 turned round: higher is better; null where the words did not find it. */
  bm25: number | null;
  /** Cosine to the question; null where vectors were not asked. */
  similarity: number | null;
}

const reciprocal = 60;

/** Position by one measure, from 0; null where the measure says nothing. */
function positions(candidates: Candidate[], measure: (candidate: Candidate) => number | null): Map<number, number> {
  const known = candidates.filter((each) => measure(each) !== null);
  known.sort((a, b) => (measure(b) ?? 0) - (measure(a) ?? 0));
  return new Map(known.map(({ id }, i) => [id, i]));
}

/** Shares of each search in the fused order; measured on Cranfield and MED by `npm run eval`. */
const weights = { keyword: 1, vector: 0.7 };

/** Candidates in one order by reciprocal rank fusion, best first. */
export function fuse(candidates: Candidate[]): Candidate[] {
  const [byWords, byVector] = [
    positions(candidates, ({ bm25 }) => bm25),
    positions(candidates, ({ similarity }) => similarity),
  ];
  const part = (rank: number | undefined, weight: number) => (rank === undefined ? 0 : weight / (reciprocal + rank));
  const fused = (id: number) => part(byWords.get(id), weights.keyword) + part(byVector.get(id), weights.vector);
  return candidates.toSorted((a, b) => fused(b.id) - fused(a.id));
}

/**
 * How much a passage has to do with the question, 0 to 1: the share of the question's words that it has, each weighed by how rare
 * it is in the index, with the cosine beside it. Below about 0.2 nothing of the question is in the passage.
 */
export function relevance(
  text: string,
  terms: QueryTerm[],
  rarity: Map<string, number>,
  similarity: number | null,
): number {
  const has = new Set(wordsOf(text).map(({ stem }) => stem));
  let found = 0;
  let all = 0;
  for (const { stem } of terms) {
    const weight = rarity.get(stem) ?? 1;
    all += weight;
    if (has.has(stem)) found += weight;
  }
  const coverage = all > 0 ? found / all : 0;
  if (similarity === null) return coverage;
  return Math.max(0, Math.min(1, 0.7 * coverage + 0.3 * Math.min(1, Math.max(0, similarity) * 1.6)));
}
