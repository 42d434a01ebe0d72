import { z } from "zod";
import { Problem } from "../../../platform/errors.ts";
import { modelUnavailable, problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { Reranker } from "../../ports/reranker.ts";
import { bearer, providerFetchJson } from "../provider-fetch.ts";
import { scoresInOrder } from "../scores-in-order.ts";

/** Cohere, Jina, Voyage, vLLM, Infinity and LiteLLM say `results`; some say `score` for `relevance_score`. */
const answer = z.object({
  usage: z
    .object({ total_tokens: z.number().int().min(0).optional().catch(undefined) })
    .nullish()
    .catch(null),
  results: z.array(
    z
      .object({ index: z.number().int().min(0), relevance_score: z.number().optional(), score: z.number().optional() })
      .transform(({ index, relevance_score, score }) => ({ index, score: relevance_score ?? score ?? Number.NaN })),
  ),
});

/** The cross-encoder `name` of a server, by the wire that most servers share: `POST /rerank`. */
export function endpointReranker(connection: Connection, name: string, env: Env): Reranker {
  return {
    id: `${connection.provider}/${name}`,
    async rerank(query, texts, { signal, onCounted }) {
      try {
        const response = await providerFetchJson({ connection, env }, `${connection.address}/rerank`, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...bearer(connection) },
          body: JSON.stringify({ model: name, query, documents: texts, top_n: texts.length, return_documents: false }),
          signal,
        });
        const parsed = answer.safeParse(await response.json());
        if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
        onCounted?.({ promptTokens: parsed.data.usage?.total_tokens, completionTokens: 0 });
        return scoresInOrder(parsed.data.results, texts.length);
      } catch (cause) {
        if (signal.aborted) throw new Problem("model_unavailable", "The reranker did not answer in time.", { cause });
        throw modelUnavailable(cause);
      }
    },
  };
}
