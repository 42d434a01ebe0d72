import type { Provider } from "../../ports/provider.ts";
import { withoutSlash } from "../provider-fetch.ts";
import { laneOf } from "../waits.ts";
import { endpointReranker } from "./reranker.ts";

/** A server of cross-encoders, such as Cohere, Jina, Voyage, vLLM, Infinity or LiteLLM. */
export const rerankEndpoint: Provider = {
  name: "rerank",
  takesOwn: false,
  connect({ RERANK_BASE_URL: baseUrl, RERANK_API_KEY: apiKey }) {
    if (!baseUrl) return null;
    const address = withoutSlash(baseUrl);
    return { provider: "rerank", address, apiKey, lane: laneOf(address), payer: "installation" };
  },
  reranker: endpointReranker,
};
