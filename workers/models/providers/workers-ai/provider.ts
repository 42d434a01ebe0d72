import type { Provider } from "../../ports/provider.ts";
import { workersAiReranker } from "./reranker.ts";

/** Cloudflare's own models, by the binding `AI`. */
export const workersAi: Provider = {
  name: "workers-ai",
  takesOwnKeys: false,
  connect: (_config, env) =>
    env.AI ? { provider: "workers-ai", address: "AI", apiKey: undefined, lane: "cloud", payer: "installation" } : null,
  // There is a connection only where there is a binding.
  reranker: (_connection, name, env) => workersAiReranker(env.AI as Ai, name),
};
