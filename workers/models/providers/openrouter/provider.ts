import type { LanguageModelV4 } from "@ai-sdk/provider";
import { z } from "zod";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { ListedName, Provider } from "../../ports/provider.ts";
import { cloudConnection } from "../cloud-connection.ts";
import { ChunkReader } from "../openai-compatible/chunk-reader.ts";
import { embedder } from "../openai-compatible/embedder.ts";
import { bearer, fetchProviderJson, listWithinMs } from "../provider-fetch.ts";
import { fetchFor, sdkModel } from "../sdk-model.ts";
import { listedPrice } from "./listed-price.ts";

/** The chat model `name` of OpenRouter. Its wire is OpenAI's, with what it adds to it; its thoughts come apart from its text. */
function chatModel(connection: Connection, name: string, env: Env): LanguageModelV4 {
  const habits = { omitsOpening: false, isPlain: true };
  return sdkModel({
    connection,
    name,
    async make(take) {
      const { createOpenRouter } = await import("@openrouter/ai-sdk-provider");
      const { address, apiKey = "" } = connection;
      return createOpenRouter({
        baseURL: address,
        apiKey,
        compatibility: "strict",
        fetch: fetchFor({ connection, env }, take),
      })(name);
    },
    createReader: (emit) => new ChunkReader(name, habits, emit),
  });
}

const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      context_length: z.number().nullish(),
      architecture: z
        .object({ input_modalities: z.array(z.string()), output_modalities: z.array(z.string()) })
        .partial()
        .optional(),
      supported_parameters: z.array(z.string()).optional(),
      top_provider: z.object({ max_completion_tokens: z.number().nullish() }).nullish(),
      pricing: z.unknown().optional(),
    }),
  ),
});

/** Its models, those for vectors among them, which it leaves out where it is not asked for all. */
async function list(connection: Connection, env: Env): Promise<ListedName[]> {
  const url = `${connection.address}/models?output_modalities=all`;
  const parsed = listed.safeParse(await fetchProviderJson({ connection, env }, url, bearer(connection), listWithinMs));
  if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
  return parsed.data.data.map(({ id, context_length, architecture, supported_parameters, top_provider, pricing }) => {
    const { input_modalities: takes, output_modalities: gives } = architecture ?? {};
    const outputLimit = top_provider?.max_completion_tokens;
    const price = listedPrice(id, pricing);
    return {
      name: id,
      ...(gives ? { chats: gives.includes("text") } : {}),
      ...(context_length ? { contextWindow: context_length } : {}),
      ...(outputLimit ? { outputLimit } : {}),
      ...(takes ? { vision: takes.includes("image") } : {}),
      ...(supported_parameters ? { tools: supported_parameters.includes("tools") } : {}),
      ...(price ? { price } : {}),
    };
  });
}

/** OpenRouter, which passes calls on to many clouds. */
export const openrouter = {
  name: "openrouter",
  usual: {
    chat: "google/gemini-3.8-flash",
    fast: "google/gemini-3.5-flash-lite",
    vision: "google/gemini-3.8-flash",
    embedding: "openai/text-embedding-3-small",
  },
  listsPrices: true,
  takesOwn: true,
  connect(config, _env, own) {
    const { OPENROUTER_API_KEY: apiKey, OPENROUTER_BASE_URL: baseUrl } = config;
    const usualAddress = "https://openrouter.ai/api/v1";
    return cloudConnection(config, { provider: this.name, usualAddress, apiKey, baseUrl }, own);
  },
  chatModel,
  embedder,
  list,
  // Its list of models is anybody's.
  async checkKey(connection, env) {
    await fetchProviderJson({ connection, env }, `${connection.address}/key`, bearer(connection), listWithinMs);
  },
} satisfies Provider;
