import type { Config } from "../platform/config/config.ts";
import { namedServers } from "../platform/config/config-models.ts";
import type { Provider } from "./ports/provider.ts";
import { anthropic } from "./providers/anthropic/provider.ts";
import { gemini } from "./providers/gemini/provider.ts";
import { ollama } from "./providers/ollama/provider.ts";
import { namedServer, ownServer } from "./providers/openai-compatible/named-server.ts";
import { openaiCompatible } from "./providers/openai-compatible/provider.ts";
import { openrouter } from "./providers/openrouter/provider.ts";
import { rerankEndpoint } from "./providers/rerank-endpoint/provider.ts";
import { workersAi } from "./providers/workers-ai/provider.ts";

/** Every provider that has a name of its own in the product. */
export const knownProviders: readonly Provider[] = [
  openaiCompatible,
  gemini,
  anthropic,
  openrouter,
  ollama,
  rerankEndpoint,
  workersAi,
];

/** Whose a model is where no provider's name stands before it. */
export const usualProvider: Provider = openaiCompatible;

/** Every provider that the installation may have: the known ones, and the servers that it gives names. */
export const providersOf = (config: Config): readonly Provider[] => [
  ...knownProviders,
  ...namedServers(config).map(namedServer),
];

/** Every provider that a workspace may have: where it gave a server a name that the installation uses as well, it means its own. */
export const providersWithOwn = (config: Config, names: readonly string[]): readonly Provider[] => [
  ...names.map(ownServer),
  ...providersOf(config).filter(({ name }) => !names.includes(name)),
];
