import type { Provider } from "../ports/provider.ts";
import { openaiCompatible } from "./openai-compatible/provider.ts";
import { rerankEndpoint } from "./rerank-endpoint/provider.ts";
import { workersAi } from "./workers-ai/provider.ts";

/** Every provider of models that can be set up. */
export const providers: readonly Provider[] = [openaiCompatible, rerankEndpoint, workersAi];

/** Whose a model is where no provider's name stands before its slash, or it has none: its servers have such names themselves. */
export const usualProvider: Provider = openaiCompatible;
