import type { Config } from "../platform/config/config.ts";
import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { offlineHash } from "./offline/hash-embedder.ts";
import { offlineExtractive } from "./offline/offline-extractive.ts";
import { offlineExtractiveId, offlineHashId } from "./offline-ids.ts";
import type { ChatModel } from "./ports/chat-model.ts";
import type { Connections } from "./ports/connection.ts";
import type { Embedder } from "./ports/embedder.ts";
import type { Reranker } from "./ports/reranker.ts";
import type { VisionModel } from "./ports/vision-model.ts";
import { infoOf } from "./providers/catalogue.ts";
import { chatVisionModel } from "./providers/chat-vision-model.ts";
import { findModel, providersWith } from "./providers/find-model.ts";
import { identityOf, KeptReady } from "./providers/kept-ready.ts";
import { providers } from "./providers/list.ts";

/** Names come from people and may be anything: so many models are kept ready for all connections together. */
const mostModels = 200;
// The SDK's constructors build the schemas of all answers: at every turn anew, that took more CPU than the whole prompt.
const chatModels = new KeptReady<ChatModel>(mostModels);
const embedders = new KeptReady<Embedder>(mostModels);

/** The installation's own connections, which everybody's calls go by that pay by no key of their own. */
export const installationConnections =
  ({ config, env }: Runtime): Connections =>
  async (provider) =>
    provider.connect(config, env);

/** The providers that a workspace may pay by a key of its own. */
export const keyedProviders = providers.filter(({ takesOwnKeys }) => takesOwnKeys).map(({ name }) => name);

async function offered(connections: Connections): Promise<string> {
  const names: string[] = [];
  for (const provider of providersWith("chatModel")) if (await connections(provider)) names.push(provider.name);
  const others = names.map((name) => `, and “${name}/” with the name of any model of the configured server`);
  return `There is “${offlineExtractiveId}”${others.join("")}.`;
}

/** The id of the chat model that answers where nobody chose one. */
export const defaultModelId = (config: Config) => config.DEFAULT_MODEL ?? offlineExtractiveId;

/** The chat model at `id`, or null where its provider is not set up. Nothing is called on the network. */
export async function chatModelAt(connections: Connections, id: string): Promise<ChatModel | null> {
  if (id === offlineExtractiveId) return offlineExtractive;
  const found = await findModel(connections, id, "chatModel");
  if (!found) return null;
  const { provider, name, connection } = found;
  const identity = identityOf(connection, name);
  return (
    chatModels.get(identity) ??
    chatModels.set(identity, {
      info: infoOf(provider.name, name),
      model: provider.chatModel(connection, name),
      waits: connection.waits,
    })
  );
}

/**
 * The chat model `id`, or the default for null. Nothing is called on the network. Throws `validation_failed` for an id
 * that is not set up here, and `model_unavailable` where DEFAULT_MODEL itself is such an id.
 */
export async function resolveChatModel(
  { config }: Runtime,
  connections: Connections,
  id: string | null,
): Promise<ChatModel> {
  const wanted = id ?? defaultModelId(config);
  const found = await chatModelAt(connections, wanted);
  if (found) return found;
  if (id === null) {
    throw new Problem(
      "model_unavailable",
      `DEFAULT_MODEL is “${wanted}”, which is not set up on this server. ${await offered(connections)}`,
    );
  }
  throw new Problem("validation_failed", `There is no model “${wanted}” here. ${await offered(connections)}`, {
    errors: [{ path: "model", message: "Choose a model from GET /api/v1/models." }],
  });
}

/** The embedder `id`, or the default for null. Throws `validation_failed` for an id that is not set up here. */
export async function resolveEmbedder(
  { config }: Runtime,
  connections: Connections,
  id: string | null,
): Promise<Embedder> {
  const wanted = id ?? config.EMBEDDING_MODEL ?? offlineHashId;
  if (wanted === offlineHashId) return offlineHash;
  const found = await findModel(connections, wanted, "embedder");
  if (found) {
    const { provider, name, connection } = found;
    const identity = identityOf(connection, name);
    return embedders.get(identity) ?? embedders.set(identity, provider.embedder(connection, name));
  }
  throw new Problem(
    id === null ? "model_unavailable" : "validation_failed",
    `There is no embedding model “${wanted}” here. Set EMBEDDING_MODEL to “${offlineHashId}”, or to “openai/” and the name of a model of the configured server.`,
  );
}

/** The embedder of whoever chose none, by the installation's own connections. */
export const defaultEmbedder = (runtime: Runtime): Promise<Embedder> =>
  resolveEmbedder(runtime, installationConnections(runtime), null);

/** What a configuration says where it wants no reranker, whatever the installation has. */
export const noReranker = "none";

/**
 * The reranker `id`, or the installation's for null; null where there is none, or none is wanted. Throws `validation_failed` for an id that
 * is not set up here, and `model_unavailable` where RERANK_MODEL itself is such an id.
 */
export async function resolveReranker(
  { config, env }: Runtime,
  connections: Connections,
  id: string | null,
): Promise<Reranker | null> {
  const wanted = id ?? config.RERANK_MODEL ?? noReranker;
  if (wanted === noReranker) return null;
  const found = await findModel(connections, wanted, "reranker");
  if (found) return found.provider.reranker(found.connection, found.name, env);
  throw new Problem(
    id === null ? "model_unavailable" : "validation_failed",
    `There is no reranker “${wanted}” here. Use “rerank/” and the name of a model where RERANK_BASE_URL is set, “workers-ai/” and the name of one where the AI binding is, or “${noReranker}”.`,
  );
}

/** The model that reads pictures; null where none is set. Throws `model_unavailable` where VISION_MODEL is none that is set up here. */
export async function resolveVisionModel({ config }: Runtime, connections: Connections): Promise<VisionModel | null> {
  if (!config.VISION_MODEL) return null;
  const found = await chatModelAt(connections, config.VISION_MODEL);
  if (found && !found.info.offline) return chatVisionModel(found);
  throw new Problem(
    "model_unavailable",
    `VISION_MODEL is “${config.VISION_MODEL}”, which is not set up on this server. Use “openai/” and the name of a model of the configured server that sees pictures.`,
  );
}
