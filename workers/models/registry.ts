import type { LanguageModelV4 } from "@ai-sdk/provider";
import { inBackground } from "../platform/background.ts";
import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { modelOfJob, variableOf } from "./jobs.ts";
import { offlineHash } from "./offline/hash-embedder.ts";
import { offlineExtractive } from "./offline/offline-extractive.ts";
import { offlineExtractiveId, offlineHashId } from "./offline-ids.ts";
import { type CalledModel, calledModel } from "./ports/called-model.ts";
import type { ChatModel } from "./ports/chat-model.ts";
import type { Connection, Connections } from "./ports/connection.ts";
import type { Embedder } from "./ports/embedder.ts";
import type { ListedName, Provider } from "./ports/provider.ts";
import type { Reranker } from "./ports/reranker.ts";
import type { VisionModel } from "./ports/vision-model.ts";
import { providersOf } from "./provider-list.ts";
import { describer } from "./providers/catalogue.ts";
import { chatVisionModel } from "./providers/chat-vision-model.ts";
import { discover, lastSaid } from "./providers/discovery.ts";
import { findModel, providersWith } from "./providers/find-model.ts";
import { identityOf, KeptReady } from "./providers/kept-ready.ts";

/** Names come from people and may be anything: so many models are kept ready for all connections together. */
const mostModels = 200;
// The SDK's constructors build the schemas of all answers: at every turn anew, that took more CPU than the whole prompt.
const chatModels = new KeptReady<LanguageModelV4>(mostModels);
const embedders = new KeptReady<Embedder>(mostModels);

/** The installation's own connections, which everybody's calls go by that pay by no key of their own. */
export const installationConnections = ({ config, env }: Runtime): Connections => ({
  isBound: false,
  providers: async () => providersOf(config),
  reach: async (provider) => provider.connect(config, env),
});

async function offered(connections: Connections): Promise<string> {
  const names: string[] = [];
  for (const provider of await providersWith(connections, "chatModel"))
    if (await connections.reach(provider)) names.push(`“${provider.name}/”`);
  const others = names.length > 0 ? `, and ${names.join(", ")} with the name of a model there` : "";
  return `There is “${offlineExtractiveId}”${others}.`;
}

/** The id of the chat model that answers where nobody chose one. */
export const defaultModelId = async (runtime: Runtime, connections: Connections): Promise<string> =>
  (await modelOfJob(runtime, connections, "chat")) ?? offlineExtractiveId;

/** The chat model at `id`, or null where its provider is not set up. Nothing is called on the network. */
export async function chatModelAt(runtime: Runtime, connections: Connections, id: string): Promise<ChatModel | null> {
  if (id === offlineExtractiveId) return offlineExtractive;
  const found = await findModel(connections, id, "chatModel");
  if (!found) return null;
  const { provider, name, connection } = found;
  const identity = identityOf(connection, name);
  const model = chatModels.get(identity) ?? chatModels.set(identity, provider.chatModel(connection, name, runtime.env));
  const remote = provider.isRemote?.(name) ? { name, isRemote: true } : undefined;
  const info = (await describer(runtime))(connection, name, saidOf(runtime, provider, connection, name) ?? remote);
  return { info, model, connection, waits: connection.waits };
}

/** What a provider last said of a model. One whose list alone knows its prices is asked for it behind what is done now, where it has said nothing yet: the next call knows. */
function saidOf(runtime: Runtime, provider: Provider, connection: Connection, name: string): ListedName | undefined {
  const said = lastSaid(connection, name);
  if (!said && provider.listsPrices)
    inBackground(runtime, discover(provider, connection, runtime.env, runtime.clock.now()));
  return said;
}

/**
 * The chat model `id`, or the default for null. Nothing is called on the network. Throws `validation_failed` for an id
 * that is not set up here, and `model_unavailable` where what the installation chose is such an id.
 */
export async function resolveChatModel(
  runtime: Runtime,
  connections: Connections,
  id: string | null,
): Promise<ChatModel> {
  const wanted = id ?? (await defaultModelId(runtime, connections));
  const found = await chatModelAt(runtime, connections, wanted);
  if (found) return found;
  if (connections.isBound) throw boundElsewhere(wanted);
  if (id === null) throw await notSetUp(runtime, connections, "chat", wanted);
  throw new Problem("validation_failed", `There is no model “${wanted}” here. ${await offered(connections)}`, {
    errors: [{ path: "model", message: "Choose a model from GET /api/v1/models." }],
  });
}

/** The problem where what may only be asked of the owner's own machines would have to leave them. */
const boundElsewhere = (wanted: string) =>
  new Problem(
    "model_unavailable",
    `This is bound to the owner’s own machines, and none of them has “${wanted}”. Choose a model of the own box, or set one up: OLLAMA_BASE_URL, or for a workspace alone its page “Models”.`,
  );
/** How calls of a model that some provider has are counted, and what they go by; null of what is built in, which counts nothing. */
export async function calledAt(
  runtime: Runtime,
  connections: Connections,
  id: string,
  ability: Parameters<typeof findModel>[2],
): Promise<{ called: CalledModel; connection: Connection } | null> {
  const found = await findModel(connections, id, ability);
  if (!found) return null;
  const { provider, name, connection } = found;
  const info = (await describer(runtime))(connection, name, saidOf(runtime, provider, connection, name));
  return { called: calledModel(info, connection), connection };
}

/** The problem where what the installation chose for a job is not set up. */
async function notSetUp(
  { config }: Runtime,
  connections: Connections,
  job: Parameters<typeof variableOf>[1],
  wanted: string,
): Promise<Problem> {
  const variable = variableOf(config, job);
  const says = variable === "LLM_PROVIDER" ? `${config.LLM_PROVIDER}, whose “${wanted}”` : `“${wanted}”, which`;
  return new Problem(
    "model_unavailable",
    `${variable} is ${says} is not set up on this server. ${await offered(connections)}`,
  );
}

/** The embedder `id`, or the default for null. Throws `validation_failed` for an id that is not set up here. */
export async function resolveEmbedder(
  runtime: Runtime,
  connections: Connections,
  id: string | null,
): Promise<Embedder> {
  const wanted = id ?? (await modelOfJob(runtime, connections, "embedding")) ?? offlineHashId;
  if (wanted === offlineHashId) return offlineHash;
  const found = await findModel(connections, wanted, "embedder");
  if (found) {
    const { provider, name, connection } = found;
    const identity = identityOf(connection, name);
    return embedders.get(identity) ?? embedders.set(identity, provider.embedder(connection, name, runtime.env));
  }
  if (connections.isBound) throw boundElsewhere(wanted);
  if (id === null) throw await notSetUp(runtime, connections, "embedding", wanted);
  throw new Problem(
    "validation_failed",
    `There is no embedding model “${wanted}” here. Use “${offlineHashId}”, or the name of a provider that is set up, a slash, and the name of a model there.`,
  );
}

/** What a configuration says where it wants no reranker, whatever the installation has. */
export const noReranker = "none";

/**
 * The reranker `id`, or the installation's for null; null where there is none, or none is wanted. Throws `validation_failed` for an id that
 * is not set up here, and `model_unavailable` where RERANK_MODEL itself is such an id.
 */
export async function resolveReranker(
  runtime: Runtime,
  connections: Connections,
  id: string | null,
): Promise<Reranker | null> {
  const wanted = id ?? runtime.config.RERANK_MODEL ?? noReranker;
  if (wanted === noReranker) return null;
  const found = await findModel(connections, wanted, "reranker");
  if (found) return found.provider.reranker(found.connection, found.name, runtime.env);
  // Without it the order is that of the search: nothing leaves for a better one.
  if (connections.isBound) return null;
  throw new Problem(
    id === null ? "model_unavailable" : "validation_failed",
    `There is no reranker “${wanted}” here. Use “rerank/” and the name of a model where RERANK_BASE_URL is set, “workers-ai/” and the name of one where the AI binding is, or “${noReranker}”.`,
  );
}

/** The model that reads pictures; null where none is set. Throws `model_unavailable` where what is set is not set up here. */
export async function resolveVisionModel(runtime: Runtime, connections: Connections): Promise<VisionModel | null> {
  const wanted = await modelOfJob(runtime, connections, "vision");
  if (wanted === null) return null;
  const found = await chatModelAt(runtime, connections, wanted);
  if (found && !found.info.offline) return chatVisionModel(found);
  if (connections.isBound) return null;
  throw await notSetUp(runtime, connections, "vision", wanted);
}
