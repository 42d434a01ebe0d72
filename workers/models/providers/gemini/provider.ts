import { z } from "zod";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { Embedder } from "../../ports/embedder.ts";
import type { ListedName, Provider } from "../../ports/provider.ts";
import { cloudConnection } from "../cloud-connection.ts";
import { fetchProviderJson, listWithinMs } from "../provider-fetch.ts";
import { sdkEmbedder } from "../sdk-embedder.ts";
import { fetchFor } from "../sdk-model.ts";
import { chatModel } from "./chat-model.ts";
import { pathOf, sdkFor } from "./sdk.ts";

const taskTypes = { document: "RETRIEVAL_DOCUMENT", query: "RETRIEVAL_QUERY" };

/** Its SDK leaves out what was counted. */
const counted = z.object({ usageMetadata: z.object({ promptTokenCount: z.number() }) });

const embedder = (connection: Connection, name: string, env: Env): Embedder =>
  sdkEmbedder({
    connection,
    name,
    batchSize: 100,
    make: async (model) => (await sdkFor(connection, fetchFor({ connection, env }))).embedding(pathOf(model)),
    optionsFor: (purpose) => ({ google: { taskType: taskTypes[purpose] } }),
    tokensIn: (body) => counted.safeParse(body).data?.usageMetadata.promptTokenCount,
  });

const listed = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      inputTokenLimit: z.number().optional(),
      outputTokenLimit: z.number().optional(),
      supportedGenerationMethods: z.array(z.string()).default([]),
    }),
  ),
});

/** Those that answer with pictures or sound, and no words. */
const wordless = /-(?:image|tts|live|native-audio|transcribe)/;

async function list(connection: Connection, env: Env): Promise<ListedName[]> {
  const { address, apiKey = "" } = connection;
  const headers = { "x-goog-api-key": apiKey };
  const body = await fetchProviderJson({ connection, env }, `${address}/models?pageSize=1000`, headers, listWithinMs);
  const parsed = listed.safeParse(body);
  if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
  return parsed.data.models.map(({ name: path, inputTokenLimit, outputTokenLimit, supportedGenerationMethods }) => {
    const name = path.replace(/^models\//, "");
    return {
      name,
      chats: supportedGenerationMethods.includes("generateContent") && !wordless.test(name),
      ...(inputTokenLimit ? { contextWindow: inputTokenLimit } : {}),
      ...(outputTokenLimit ? { outputLimit: outputTokenLimit } : {}),
    };
  });
}

/** Google's Gemini, by its own API. */
export const gemini = {
  name: "gemini",
  usual: {
    chat: "gemini-3.8-flash",
    fast: "gemini-3.5-flash-lite",
    vision: "gemini-3.8-flash",
    // Of 3,072 numbers by itself: this size loses next to nothing, and any index takes it.
    embedding: "gemini-embedding-001?dimensions=768",
  },
  takesOwn: true,
  connect(config, _env, own) {
    const { GEMINI_API_KEY: apiKey, GEMINI_BASE_URL: baseUrl } = config;
    const usualAddress = "https://generativelanguage.googleapis.com/v1beta";
    return cloudConnection(config, { provider: this.name, usualAddress, apiKey, baseUrl }, own);
  },
  chatModel,
  embedder,
  list,
} satisfies Provider;
