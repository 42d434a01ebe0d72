import type { Config } from "../platform/config/config.ts";
import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { offlineExtractive, offlineExtractiveId } from "./offline/offline-extractive.ts";
import { offlineHash, offlineHashId } from "./offline-hash.ts";
import {
  discoverOpenAi,
  isOpenAiConfigured,
  knowsOpenAiModel,
  openaiChatModel,
  openaiEmbedder,
  openaiProvider,
} from "./openai-compatible.ts";
import type { ChatModel, Embedder, ModelInfo, Reranker, VisionModel } from "./ports.ts";
import { endpointReranker } from "./rerank-endpoint.ts";
import { workersAiReranker } from "./rerank-workers-ai.ts";
import { chatVisionModel } from "./vision.ts";

type Availability = "available" | "unavailable" | "unknown";

/** A model as the catalogue shows it at this moment. */
export interface ListedModel extends ModelInfo {
  status: Availability;
  default: boolean;
}

export interface ModelStatus {
  id: string;
  status: Availability;
  /** How long the provider took to answer; null where nothing was asked. */
  latencyMs: number | null;
  /** Why it is not available, for a person. */
  detail: string | null;
}

type Address = { provider: "offline"; name: string } | { provider: "openai"; name: string };

/** Splits `provider/name`; a name without a known provider is the OpenAI-compatible server's, which has such names itself. */
function addressOf(modelId: string): Address {
  const slash = modelId.indexOf("/");
  const provider = modelId.slice(0, Math.max(0, slash));
  if (provider === "offline" || provider === openaiProvider) return { provider, name: modelId.slice(slash + 1) };
  return { provider: openaiProvider, name: modelId };
}

function offered(config: Config): string {
  const openai = isOpenAiConfigured(config)
    ? ", and “openai/” with the name of any model of the configured server"
    : "";
  return `There is “${offlineExtractiveId}”${openai}.`;
}

function defaultModelId(config: Config): string {
  return config.DEFAULT_MODEL ?? offlineExtractiveId;
}

/** The chat model at `id`, or null where its provider is not set up. */
function chatModelAt(config: Config, id: string): ChatModel | null {
  const { provider, name } = addressOf(id);
  if (provider === "offline") return id === offlineExtractiveId ? offlineExtractive : null;
  return name !== "" && isOpenAiConfigured(config) ? openaiChatModel(config, name) : null;
}

/**
 * The chat model `modelId`, or the default for null. Nothing is called on the network. Throws `validation_failed` for an id
 * that is not set up here, and `model_unavailable` where DEFAULT_MODEL itself is such an id.
 */
export async function resolveChatModel(runtime: Runtime, modelId: string | null): Promise<ChatModel> {
  const { config } = runtime;
  const id = modelId ?? defaultModelId(config);
  const found = chatModelAt(config, id);
  if (found) return found;
  if (modelId === null) {
    throw new Problem(
      "model_unavailable",
      `DEFAULT_MODEL is “${id}”, which is not set up on this server. ${offered(config)}`,
    );
  }
  throw new Problem("validation_failed", `There is no model “${id}” here. ${offered(config)}`, {
    errors: [{ path: "model", message: "Choose a model from GET /api/v1/models." }],
  });
}

/** So many models are named where one was asked for that does not exist. */
const mostNamed = 5;

function unknownModel(id: string, names: readonly string[], more: number): Problem {
  const others = more > 0 ? ` and ${more} more: GET /api/v1/models` : "";
  const listed = names.map((name) => `“${name}”`).join(", ");
  return new Problem("validation_failed", `There is no model “${id}” here. There is ${listed}${others}.`, {
    errors: [{ path: "model", message: "Choose a model from GET /api/v1/models." }],
  });
}

/** Whether the configured server has a model, as far as can be known; one that names another provider has to be on its list. */
async function mayExist({ config, clock }: Runtime, id: string): Promise<boolean> {
  const knows = await knowsOpenAiModel(config, addressOf(id).name, clock.now());
  const isForeign = id.includes("/") && !id.startsWith(`${openaiProvider}/`);
  return knows ?? !isForeign;
}

/**
 * Refuses a model that somebody chooses and no provider here has, so that no name reaches a provider that it was not meant for. A server that does not
 * answer, or lists nothing, cannot say: what is named as its own is let through. Throws `validation_failed`, which names models that exist.
 */
export async function requireChosenModel(runtime: Runtime, id: string): Promise<void> {
  const { config } = runtime;
  const { info } = await resolveChatModel(runtime, id);
  // What the operator chose is theirs to answer for, whether it is listed or not.
  if (info.offline || info.id === chatModelAt(config, defaultModelId(config))?.info.id) return;
  if (await mayExist(runtime, id)) return;
  const names = (await listModels(runtime)).map((model) => model.id);
  throw unknownModel(id, names.slice(0, mostNamed), names.length - mostNamed);
}

const embedderId = (config: Config, id: string | null) => id ?? config.EMBEDDING_MODEL ?? offlineHashId;

/** Whether the embedder `id`, or the default for null, is the one built in: it calls nobody, and needs nobody's keys. */
export function isOfflineEmbedder({ config }: Runtime, id: string | null): boolean {
  return embedderId(config, id) === offlineHashId;
}

/** The embedder `id`, or the default for null. Throws `validation_failed` for an id that is not set up here. */
export async function resolveEmbedder(runtime: Runtime, id: string | null): Promise<Embedder> {
  const { config } = runtime;
  if (isOfflineEmbedder(runtime, id)) return offlineHash;
  const wanted = embedderId(config, id);
  const { provider, name } = addressOf(wanted);
  if (provider === openaiProvider && name !== "" && isOpenAiConfigured(config)) return openaiEmbedder(config, name);
  throw new Problem(
    id === null ? "model_unavailable" : "validation_failed",
    `There is no embedding model “${wanted}” here. Set EMBEDDING_MODEL to “${offlineHashId}”, or to “openai/” and the name of a model of the configured server.`,
  );
}

/** The embedder that somebody chooses. Throws `validation_failed` for one that nothing here has. */
export async function chosenEmbedder(runtime: Runtime, id: string): Promise<Embedder> {
  const embedder = await resolveEmbedder(runtime, id);
  if (isOfflineEmbedder(runtime, id) || (await mayExist(runtime, id))) return embedder;
  throw new Problem(
    "validation_failed",
    `The configured server lists no model “${id}”. There is “${offlineHashId}”, and “openai/” with the name of one that it lists.`,
  );
}

/** What a configuration says where it wants no reranker, whatever the installation has. */
export const noReranker = "none";

/**
 * The reranker `id`, or the installation's for null; null where there is none, or none is wanted. Throws `validation_failed` for an id that
 * is not set up here, and `model_unavailable` where RERANK_MODEL itself is such an id.
 */
export function resolveReranker({ config, env }: Runtime, id: string | null): Reranker | null {
  const wanted = id ?? config.RERANK_MODEL ?? noReranker;
  if (wanted === noReranker) return null;
  const [, provider, name] = /^(rerank|workers-ai)\/(.+)$/.exec(wanted) ?? [];
  if (name && provider === "rerank" && config.RERANK_BASE_URL) return endpointReranker(config, name);
  if (name && provider === "workers-ai" && env.AI) return workersAiReranker(env.AI, name);
  throw new Problem(
    id === null ? "model_unavailable" : "validation_failed",
    `There is no reranker “${wanted}” here. Use “rerank/” and the name of a model where RERANK_BASE_URL is set, “workers-ai/” and the name of one where the AI binding is, or “${noReranker}”.`,
  );
}

/** The model that reads pictures; null where none is set. Throws `model_unavailable` where VISION_MODEL is none that is set up here. */
export function resolveVisionModel({ config }: Runtime): VisionModel | null {
  if (!config.VISION_MODEL) return null;
  const found = chatModelAt(config, config.VISION_MODEL);
  if (found && !found.info.offline) return chatVisionModel(found);
  throw new Problem(
    "model_unavailable",
    `VISION_MODEL is “${config.VISION_MODEL}”, which is not set up on this server. Use “openai/” and the name of a model of the configured server that sees pictures.`,
  );
}

/** Every model that can be chosen now, the default first. A provider that is down costs at most two seconds, and is said. */
export async function listModels(runtime: Runtime): Promise<ListedModel[]> {
  const { config, clock } = runtime;
  const fallback = chatModelAt(config, defaultModelId(config));
  const { models, error } = await discoverOpenAi(config, clock.now());
  const listed: ListedModel[] = [offlineExtractive.info, ...models].map((info) => ({
    ...info,
    status: "available",
    default: info.id === fallback?.info.id,
  }));
  if (fallback && !listed.some((model) => model.default)) {
    listed.push({ ...fallback.info, status: error ? "unavailable" : "unknown", default: true });
  }
  return listed.sort((a, b) => Number(b.default) - Number(a.default));
}

/** Whether one model answers. Throws `validation_failed` for an id that nothing here has. */
export async function modelStatus(runtime: Runtime, id: string): Promise<ModelStatus> {
  await requireChosenModel(runtime, id);
  const { info } = await resolveChatModel(runtime, id);
  if (info.offline) return { id: info.id, status: "available", latencyMs: null, detail: null };
  const { models, error, latencyMs } = await discoverOpenAi(runtime.config, runtime.clock.now());
  if (error) return { id: info.id, status: "unavailable", latencyMs, detail: error.message };
  const listed = models.some((model) => model.id === info.id);
  return {
    id: info.id,
    status: listed ? "available" : "unknown",
    latencyMs,
    detail: listed ? null : "The server does not list this model. It may still answer.",
  };
}
