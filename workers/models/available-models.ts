import { isProblem, Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { offlineExtractive } from "./offline/offline-extractive.ts";
import { offlineExtractiveId, offlineHashId } from "./offline-ids.ts";
import type { ModelInfo } from "./ports/chat-model.ts";
import type { Connection, Connections } from "./ports/connection.ts";
import type { Embedder } from "./ports/embedder.ts";
import type { ListedName } from "./ports/provider.ts";
import { describer, isChatModelName } from "./providers/catalogue.ts";
import { discover, hasModel } from "./providers/discovery.ts";
import { findModel, partsOfId, providersWith } from "./providers/find-model.ts";
import { chatModelAt, defaultModelId, resolveChatModel, resolveEmbedder } from "./registry.ts";

type Availability = "available" | "unavailable" | "unknown";

/** A model as the catalogue shows it at this moment. */
export interface ListedModel extends ModelInfo {
  /** Whose key pays; null of what is built in. */
  payer: Connection["payer"] | null;
  status: Availability;
  default: boolean;
}

/** A provider that did not say what it has. */
export interface UnavailableProvider {
  provider: string;
  payer: Connection["payer"];
  /** Why, for a person. */
  detail: string;
}

interface Available {
  models: ListedModel[];
  unavailable: UnavailableProvider[];
}

export interface ModelStatus {
  id: string;
  status: Availability;
  /** How long the provider took to answer; null where nothing was asked. */
  latencyMs: number | null;
  /** Why it is not available, for a person. */
  detail: string | null;
}

const canChat = ({ name, chats }: ListedName) => chats ?? isChatModelName(name);

/** The model that answers where nobody chose one, as far as it is known without a call; null where it is not set up. */
export async function defaultModel(runtime: Runtime, connections: Connections): Promise<ListedModel | null> {
  const found = await chatModelAt(runtime, connections, await defaultModelId(runtime, connections));
  if (!found) return null;
  const { info, connection } = found;
  const status = info.offline ? "available" : "unknown";
  return { ...info, payer: connection?.payer ?? null, status, default: true };
}

/** Every model that can be chosen now, the default first, and who could not say what they have: one that is down costs the seconds that it is waited for. */
export async function availableModels(runtime: Runtime, connections: Connections): Promise<Available> {
  const fallback = await defaultModel(runtime, connections);
  const describe = await describer(runtime);
  const unavailable: UnavailableProvider[] = [];
  const ofProviders = await Promise.all(
    (await providersWith(connections, "chatModel")).map(async (provider) => {
      const connection = await connections.reach(provider);
      if (!connection) return [];
      const { payer } = connection;
      const { listed, error } = await discover(provider, connection, runtime.env, runtime.clock.now());
      if (error) unavailable.push({ provider: provider.name, payer, detail: error.message });
      return [...listed.values()]
        .filter((each) => canChat(each) && !(connections.isBound && (each.isRemote || provider.isRemote?.(each.name))))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((each) => ({ ...describe(connection, each.name, each), payer }));
    }),
  );
  const models: ListedModel[] = [{ ...offlineExtractive.info, payer: null }, ...ofProviders.flat()].map((model) => ({
    ...model,
    status: "available",
    default: model.id === fallback?.id,
  }));
  if (fallback && !models.some((model) => model.default)) {
    const isDown = unavailable.some(({ provider }) => provider === fallback.provider);
    models.push(isDown ? { ...fallback, status: "unavailable" } : fallback);
  }
  return { models: models.sort((a, b) => Number(b.default) - Number(a.default)), unavailable };
}

/** Every model that can be chosen now, the default first. */
export const listModels = async (runtime: Runtime, connections: Connections): Promise<ListedModel[]> =>
  (await availableModels(runtime, connections)).models;

/** Whether a provider has a model, as far as can be known: one that does not say is believed. */
async function mayExist(
  runtime: Runtime,
  connections: Connections,
  id: string,
  ability: "chatModel" | "embedder",
): Promise<boolean> {
  const found = await findModel(connections, id, ability);
  if (!found) return false;
  return (await hasModel(found.provider, found.connection, runtime.env, found.name, runtime.clock.now())) ?? true;
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

/**
 * Refuses a model that somebody chooses and no provider here has, so that no name reaches a provider that it was not meant for. A server that does not
 * answer, or lists nothing, cannot say: what is named as its own is let through. Throws `validation_failed`, which names models that exist.
 */
export async function requireChosenModel(runtime: Runtime, connections: Connections, id: string): Promise<void> {
  const { info } = await resolveChatModel(runtime, connections, id);
  // What the operator chose is theirs to answer for, whether it is listed or not.
  const usual = await chatModelAt(runtime, connections, await defaultModelId(runtime, connections));
  if (info.offline || info.id === usual?.info.id) return;
  if (await mayExist(runtime, connections, id, "chatModel")) return;
  const names = (await listModels(runtime, connections)).map((model) => model.id);
  throw unknownModel(id, names.slice(0, mostNamed), names.length - mostNamed);
}

/** The embedder that somebody chooses. Throws `validation_failed` for one that nothing here has. */
export async function chosenEmbedder(runtime: Runtime, connections: Connections, id: string): Promise<Embedder> {
  const embedder = await resolveEmbedder(runtime, connections, id);
  if (embedder.id === offlineHashId || (await mayExist(runtime, connections, id, "embedder"))) return embedder;
  throw new Problem(
    "validation_failed",
    `The provider lists no model “${id}”. There is “${offlineHashId}”, and “${partsOfId(id).prefix}/” with the name of one that is listed.`,
  );
}

/** Whether one model answers. Throws `not_found` for an id that nothing here has. */
export async function modelStatus(runtime: Runtime, connections: Connections, id: string): Promise<ModelStatus> {
  await requireChosenModel(runtime, connections, id).catch((error) => {
    if (!isProblem(error) || error.code !== "validation_failed") throw error;
    throw new Problem("not_found", error.message, { cause: error });
  });
  const found = await findModel(connections, id, "chatModel");
  if (!found) return { id: offlineExtractiveId, status: "available", latencyMs: null, detail: null };
  const { provider, connection, name } = found;
  const { listed, error, latencyMs } = await discover(provider, connection, runtime.env, runtime.clock.now());
  // Ollama lists `llama3.2` as `llama3.2:latest`.
  const entry = listed.get(name) ?? listed.get(`${name}:latest`);
  const known = `${connection.provider}/${name}`;
  if (error) return { id: known, status: "unavailable", latencyMs, detail: error.message };
  const isListed = entry !== undefined && canChat(entry);
  return {
    id: known,
    status: isListed ? "available" : "unknown",
    latencyMs,
    detail: isListed ? null : "The server does not list this model. It may still answer.",
  };
}
