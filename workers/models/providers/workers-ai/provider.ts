import type { Provider } from "../../ports/provider.ts";
import type { AiBinding } from "./binding.ts";
import { workersAiModels } from "./model-list.ts";
import { workersAiChatModel, workersAiEmbedder } from "./models.ts";
import { workersAiReranker } from "./reranker.ts";

/** There is a connection only where there is a binding. */
const bindingOf = ({ AI }: Env) => AI as unknown as AiBinding;

/** Cloudflare's own models, by the binding `AI`. */
export const workersAi: Provider = {
  name: "workers-ai",
  usual: {
    chat: "@cf/google/gemma-4-26b-a4b-it",
    fast: "@cf/meta/llama-3.1-8b-instruct-fp8",
    vision: "@cf/google/gemma-4-26b-a4b-it",
    embedding: "@cf/baai/bge-m3",
  },
  takesOwn: false,
  connect: (_config, env) =>
    env.AI ? { provider: "workers-ai", address: "AI", apiKey: undefined, lane: "cloud", payer: "installation" } : null,
  chatModel: (connection, name, env) => workersAiChatModel(connection, name, bindingOf(env)),
  embedder: (connection, name, env) => workersAiEmbedder(connection, name, bindingOf(env)),
  reranker: (_connection, name, env) => workersAiReranker(bindingOf(env), name),
  list: (_connection, env) => workersAiModels(bindingOf(env)),
};
