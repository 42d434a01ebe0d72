import { z } from "zod";
import type { Config } from "../platform/config/config.ts";
import { Problem } from "../platform/errors.ts";
import { classifyModelFailure, problemOfGarbledAnswer } from "./failures.ts";
import type { Reranker } from "./ports.ts";
import { providerFetchJson } from "./provider-fetch.ts";

/** Cohere, Jina, Voyage, vLLM, Infinity and LiteLLM say `results`; some say `score` for `relevance_score`. */
const answer = z.object({
  results: z.array(
    z
      .object({ index: z.number().int().min(0), relevance_score: z.number().optional(), score: z.number().optional() })
      .transform(({ index, relevance_score, score }) => ({ index, score: relevance_score ?? score ?? Number.NaN })),
  ),
});

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

/** The cross-encoder `name` behind `RERANK_BASE_URL`, by the wire that most servers share: `POST /rerank`. */
export function endpointReranker(config: Config, name: string): Reranker {
  const { RERANK_BASE_URL: baseUrl, RERANK_API_KEY: apiKey } = config;
  if (!baseUrl) {
    throw new Problem("model_unavailable", "No rerank server is set up. Set RERANK_BASE_URL to its address.");
  }
  return {
    id: `rerank/${name}`,
    async rerank(query, texts, { signal }) {
      try {
        const response = await providerFetchJson(`${baseUrl.replace(/\/+$/, "")}/rerank`, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...(apiKey ? { Authorization: `Bearer ${apiKey}` } : {}) },
          body: JSON.stringify({ model: name, query, documents: texts, top_n: texts.length, return_documents: false }),
          signal,
        });
        const parsed = answer.safeParse(await response.json());
        if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
        return scoresInOrder(parsed.data.results, texts.length);
      } catch (cause) {
        if (signal.aborted) throw new Problem("model_unavailable", "The reranker did not answer in time.", { cause });
        throw new Problem("model_unavailable", classifyModelFailure(cause).message, { cause });
      }
    },
  };
}
