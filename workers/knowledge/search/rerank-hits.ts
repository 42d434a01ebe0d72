import type { Reranker } from "../../models/ports/reranker.ts";
import type { IndexHit } from "../../passages/clone-index.ts";
import type { Log } from "../../platform/log.ts";

/** A first word that comes later than this is worse than passages in a slightly worse order. */
const patience = 2_000;

/**
 * Hits in the order in which a cross-encoder finds that they answer, with its scores. Where it fails or takes more than two seconds, they
 * stay as they were: a search never ends for want of a better order.
 */
export async function rerankHits(log: Log, reranker: Reranker, query: string, hits: IndexHit[]): Promise<IndexHit[]> {
  if (hits.length < 2) return hits;
  const texts = hits.map(({ section, text }) => (section ? `${section}\n${text}` : text));
  const signal = AbortSignal.timeout(patience);
  // A binding may not know how to stop.
  const given = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  try {
    const scores = await Promise.race([reranker.rerank(query, texts, { signal }), given]);
    return hits.map((hit, i) => ({ ...hit, score: scores[i] ?? 0 })).sort((a, b) => b.score - a.score);
  } catch (error) {
    log.error("hits_not_reranked", error, { reranker: reranker.id });
    return hits;
  }
}
