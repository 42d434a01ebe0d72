import { z } from "zod";
import { Problem } from "../../../platform/errors.ts";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Reranker } from "../../ports/reranker.ts";
import { scoresInOrder } from "../scores-in-order.ts";
import type { AiBinding } from "./binding.ts";

const answer = z.object({ response: z.array(z.object({ id: z.number().int().min(0), score: z.number() })) });

/** A cross-encoder of Workers AI, such as `@cf/baai/bge-reranker-base`. */
export function workersAiReranker(ai: Pick<AiBinding, "run">, name: string): Reranker {
  return {
    id: `workers-ai/${name}`,
    async rerank(query, texts, { signal }) {
      const input = { query, contexts: texts.map((text) => ({ text })), top_k: texts.length };
      let said: unknown;
      try {
        said = await ai.run(name, input, { signal });
      } catch (cause) {
        throw new Problem("model_unavailable", "Workers AI could not rerank.", { cause });
      }
      const parsed = answer.safeParse(said);
      if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
      const results = parsed.data.response.map(({ id, score }) => ({ index: id, score }));
      return scoresInOrder(results, texts.length);
    },
  };
}
