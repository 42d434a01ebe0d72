import { isProblem, Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { offlineExtractive } from "./offline/offline-extractive.ts";
import { offlineExtractiveId, offlineHashId } from "./offline-ids.ts";
import type { ModelInfo } from "./ports/chat-model.ts";
import type { Connections } from "./ports/connection.ts";
import type { Embedder } from "./ports/embedder.ts";
import { infoOf, isChatModelName } from "./providers/catalogue.ts";
import { discover, hasModel } from "./providers/discovery.ts";
import { findModel, providersWith } from "./providers/find-model.ts";
import { chatModelAt, defaultModelId, resolveChatModel, resolveEmbedder } from "./registry.ts";

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

/** Every model that can be chosen now, the default first. A provider that is down costs the two seconds that it is waited for, and is said. */
export async function listModels({ config, clock }: Runtime, connections: Connections): Promise<ListedModel[]> {
  const fallback = await chatModelAt(connections, defaultModelId(config));
  const down = new Set<string>();
  const models = await Promise.all(
    providersWith("chatModel").map(async (provider) => {
      const connection = await connections(provider);
      if (!connection) return [];
      const { names, error } = await discover(provider, connection, clock.now());
      if (error) down.add(provider.name);
      return [...names]
        .filter(isChatModelName)
        .sort()
        .map((name) => infoOf(provider.name, name));
    }),
  );
  const listed: ListedModel[] = [offlineExtractive.info, ...models.flat()].map((info) => ({
    ...info,
    status: "available",
    default: info.id === fallback?.info.id,
  }));
  if (fallback && !listed.some((model) => model.default)) {
    const status = down.has(fallback.info.provider) ? "unavailable" : "unknown";
    listed.push({ ...fallback.info, status, default: true });
  }
  return listed.sort((a, b) => Number(b.default) - Number(a.default));
}

/** Whether a provider has a model, as far as can be known; one that names another provider has to be on its list. */
async function mayExist(
  { clock }: Runtime,
  connections: Connections,
  id: string,
  ability: "chatModel" | "embedder",
): Promise<boolean> {
  const found = await findModel(connections, id, ability);
  if (!found) return false;
  const { provider, connection, name } = found;
  const isForeign = name === id && id.includes("/");
  return (await hasModel(provider, connection, name, clock.now())) ?? !isForeign;
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
  if (info.offline || info.id === (await chatModelAt(connections, defaultModelId(runtime.config)))?.info.id) return;
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
    `The configured server lists no model “${id}”. There is “${offlineHashId}”, and “openai/” with the name of one that it lists.`,
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
  const { names, error, latencyMs } = await discover(found.provider, found.connection, runtime.clock.now());
  const info = infoOf(found.provider.name, found.name);
  if (error) return { id: info.id, status: "unavailable", latencyMs, detail: error.message };
  const isListed = names.has(info.name) && isChatModelName(info.name);
  return {
    id: info.id,
    status: isListed ? "available" : "unknown",
    latencyMs,
    detail: isListed ? null : "The server does not list this model. It may still answer.",
  };
}
