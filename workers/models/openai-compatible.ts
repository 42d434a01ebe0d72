import {
  createOpenAICompatible,
  OpenAICompatibleChatLanguageModel,
  type OpenAICompatibleProvider,
} from "@ai-sdk/openai-compatible";
import { z } from "zod";
import type { Config } from "../platform/config/config.ts";
import { Problem } from "../platform/errors.ts";
import { isChatModelName, knownOf } from "./catalogue.ts";
import { classifyModelFailure, problemOfGarbledAnswer } from "./failures.ts";
import { toUnit } from "./offline-hash.ts";
import { readChatStream } from "./openai-chat-stream.ts";
import type { ChatModel, Embedder, ModelInfo } from "./ports.ts";
import { fetchProviderJson, providerFetch, providerFetchJson } from "./provider-fetch.ts";

export const openaiProvider = "openai";

const embeddingBatch = 64;
const discoveryTimeout = 2_000;
const discoveryLifetime = 60_000;

/** Where an OpenAI-compatible server is, if one is set up. A local server needs an address only, OpenAI itself a key only. */
interface Connection {
  baseUrl: string;
  apiKey: string | undefined;
}

function connectionOf(config: Config): Connection | null {
  if (!config.OPENAI_BASE_URL && !config.OPENAI_API_KEY) return null;
  const baseUrl = (config.OPENAI_BASE_URL ?? "https://api.openai.com/v1").replace(/\/+$/, "");
  return { baseUrl, apiKey: config.OPENAI_API_KEY };
}

export function isOpenAiConfigured(config: Config): boolean {
  return connectionOf(config) !== null;
}

function requireConnection(config: Config): Connection {
  const connection = connectionOf(config);
  if (connection) return connection;
  throw new Problem(
    "model_unavailable",
    "No OpenAI-compatible server is set up. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
  );
}

function authorization({ apiKey }: Connection): Record<string, string> {
  return apiKey ? { Authorization: `Bearer ${apiKey}` } : {};
}

const providers = new WeakMap<Config, OpenAICompatibleProvider>();

function providerOf(config: Config): OpenAICompatibleProvider {
  const known = providers.get(config);
  if (known) return known;
  const connection = requireConnection(config);
  const provider = createOpenAICompatible({
    name: openaiProvider,
    baseURL: connection.baseUrl,
    headers: authorization(connection),
    includeUsage: true,
    fetch: providerFetchJson,
  });
  providers.set(config, provider);
  return provider;
}

function infoOf(name: string): ModelInfo {
  return {
    id: `${openaiProvider}/${name}`,
    provider: openaiProvider,
    name,
    ...knownOf(name),
    price: null,
    offline: false,
  };
}

/** So many models are kept ready; names come from people and may be anything. */
const mostModels = 100;
const chatModels = new WeakMap<Config, Map<string, ChatModel>>();

/** The chat model `name` of the configured server. Nothing is called: whether it exists shows when it is asked. */
export function openaiChatModel(config: Config, name: string): ChatModel {
  let known = chatModels.get(config);
  if (!known || known.size >= mostModels) {
    known = new Map();
    chatModels.set(config, known);
  }
  let model = known.get(name);
  if (!model) {
    model = createChatModel(config, name);
    known.set(name, model);
  }
  return model;
}

// The SDK's constructor builds the schemas of all answers: at every turn anew, that took more CPU than the whole prompt.
function createChatModel(config: Config, name: string): ChatModel {
  const connection = requireConnection(config);
  const model = new OpenAICompatibleChatLanguageModel(name, {
    provider: `${openaiProvider}.chat`,
    url: ({ path }) => `${connection.baseUrl}${path}`,
    headers: authorization(connection),
    fetch: providerFetchJson,
  });
  return {
    info: infoOf(name),
    model: {
      specificationVersion: "v4",
      provider: model.provider,
      modelId: name,
      supportedUrls: {},
      doGenerate: (options) => model.doGenerate(options),
      async doStream(options) {
        const { body, warnings } = await model.prepareRequest(options);
        const { abortSignal: signal, headers } = options;
        const response = await providerFetch(`${connection.baseUrl}/chat/completions`, {
          method: "POST",
          headers: new Headers({
            "Content-Type": "application/json",
            ...authorization(connection),
            ...(headers as Record<string, string>),
          }),
          body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
          ...(signal ? { signal } : {}),
        });
        if (!response.body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
        return { stream: readChatStream(response.body, warnings, signal) };
      },
    },
  };
}

const dimensionsSeen = new Map<string, number>();

/** The embedding model `name` of the configured server; vectors are scaled to unit length, whatever the server does. */
export function openaiEmbedder(config: Config, name: string): Embedder {
  const id = `${openaiProvider}/${name}`;
  const model = providerOf(config).embeddingModel(name);
  const embedBatch = async (values: string[], signal: AbortSignal | undefined) => {
    const { embeddings } = await model.doEmbed({ values, ...(signal ? { abortSignal: signal } : {}) });
    if (embeddings.length !== values.length) {
      throw new Problem("model_unavailable", "The embedding server answered with the wrong number of vectors.");
    }
    return embeddings.map((numbers) => toUnit(Float32Array.from(numbers)));
  };
  return {
    id,
    get dimensions() {
      return dimensionsSeen.get(id) ?? null;
    },
    batchSize: embeddingBatch,
    async embed(texts, { signal }) {
      const vectors: Float32Array[] = [];
      try {
        for (let at = 0; at < texts.length; at += embeddingBatch) {
          vectors.push(...(await embedBatch(texts.slice(at, at + embeddingBatch), signal)));
        }
      } catch (cause) {
        if (signal?.aborted) throw cause;
        const { message, retryAfterSeconds } = classifyModelFailure(cause);
        throw new Problem("model_unavailable", message, {
          cause,
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        });
      }
      if (vectors[0]) dimensionsSeen.set(id, vectors[0].length);
      return vectors;
    },
  };
}

const listing = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })).max(5_000) });

/** What the server says it has. `error` is the reason where it could not be asked. */
export interface Discovery {
  models: ModelInfo[];
  /** All that it lists, for chat or not. */
  names: ReadonlySet<string>;
  error: Problem | null;
  latencyMs: number;
}

/** Results, never promises: one that another request is waiting for ends with that request. */
const discoveries = new WeakMap<Config, { at: number; result: Discovery }>();

/** Asks `GET /models`, at most once a minute, within two seconds. Never throws: a server that is down is a state, not an error. */
export async function discoverOpenAi(config: Config, now: number): Promise<Discovery> {
  const known = discoveries.get(config);
  if (known && now - known.at < discoveryLifetime) return known.result;
  const result = await askForModels(config);
  // A failure is asked again at the next call: the server may be back.
  if (!result.error) discoveries.set(config, { at: now, result });
  return result;
}

/** What servers take in the place of a name they list: `llama3.3` is `llama3.3:latest`, and a sign begins a variant (`name:free`, `name@2026`). */
const isListed = (names: ReadonlySet<string>, name: string) =>
  names.has(name) || names.has(`${name}:latest`) || names.has(name.split(/[:@?]/, 1)[0] ?? "");

/**
 * Whether the server has a model `name`: null where that cannot be known, as it does not answer, or lists nothing. A list that knows the
 * name is believed however old it is; one that does not, for as long as `discoverOpenAi` keeps it.
 */
export async function knowsOpenAiModel(config: Config, name: string, now: number): Promise<boolean | null> {
  if (isListed(discoveries.get(config)?.result.names ?? new Set(), name)) return true;
  const { names, error } = await discoverOpenAi(config, now);
  return error || names.size === 0 ? null : isListed(names, name);
}

async function askForModels(config: Config): Promise<Discovery> {
  const started = Date.now();
  const connection = connectionOf(config);
  if (!connection) return { models: [], names: new Set(), error: null, latencyMs: 0 };
  try {
    const body = await fetchProviderJson(`${connection.baseUrl}/models`, authorization(connection), discoveryTimeout);
    const parsed = listing.safeParse(body);
    if (!parsed.success) {
      throw new Problem("model_unavailable", "The server's list of models could not be read.", { cause: parsed.error });
    }
    const names = parsed.data.data.map(({ id }) => id);
    const models = names.filter(isChatModelName).sort().map(infoOf);
    return { models, names: new Set(names), error: null, latencyMs: Date.now() - started };
  } catch (cause) {
    const { message } = classifyModelFailure(cause);
    return {
      models: [],
      names: new Set(),
      error: new Problem("model_unavailable", message, { cause }),
      latencyMs: Date.now() - started,
    };
  }
}
