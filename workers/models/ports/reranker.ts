import type { OnCounted } from "./counted.ts";

/** The port to a reranker: a model that reads question and passage together, and so tells better which passage answers. */
export interface Reranker {
  /** `provider/name`. */
  id: string;
  /** How well each text answers, 0 to 1, in the order of the texts. Throws `model_unavailable`. */
  rerank(query: string, texts: string[], options: { signal: AbortSignal; onCounted?: OnCounted }): Promise<number[]>;
}
