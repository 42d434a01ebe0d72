import { Problem } from "../../platform/errors.ts";
import { classifyModelFailure, modelUnavailable, withOwnWords } from "../failures.ts";
import type { Embedder } from "../ports/embedder.ts";

/** What a failed embedding comes out as. Whoever uploads is told what the provider says; who asks may be anybody. */
export function problemOfEmbedding(cause: unknown, purpose: Parameters<Embedder["embed"]>[1]["purpose"]): Problem {
  if (purpose === "query") return modelUnavailable(cause);
  const failure = classifyModelFailure(cause);
  const { retryAfterSeconds } = failure;
  return new Problem("model_unavailable", withOwnWords(failure), { cause, retryAfterSeconds });
}
