import {
  availableModels,
  defaultModel,
  type ListedModel,
  modelStatus,
  type UnavailableProvider,
} from "../models/available-models.ts";
import * as contract from "../models/contract.ts";
import type { Connections } from "../models/ports/connection.ts";
import { presentPrice } from "../models/present.ts";
import { installationConnections } from "../models/registry.ts";
import { SecretBoxError } from "../platform/secrets/secret-box.ts";
import { type KnownCall, operationForAll } from "../workspaces/open-to-all.ts";
import { connectionsOf } from "./connections.ts";

const present = (model: ListedModel): contract.Model => ({
  id: model.id,
  provider: model.provider,
  name: model.name,
  lane: model.lane,
  payer: model.payer,
  context_window: model.isWindowKnown ? model.contextWindow : null,
  output_limit: model.outputLimit,
  vision: model.vision,
  tools: model.tools,
  reasoning: model.reasoning,
  price: model.price && presentPrice(model.price),
  status: model.status,
  offline: model.offline,
  default: model.default,
});

/** What a call may choose from: people and their keys, what their workspace has; visitors and nobody, what the installation has. */
const connectionsFor = (call: KnownCall): Connections =>
  call.actor?.kind === "user"
    ? connectionsOf(call, { workspaceId: call.actor.workspaceId, privacy: null })
    : installationConnections(call);

/** Connections to list by: where a stored key does not open, its provider is left out and told of in `broken`, and all others stay to choose from. */
function listable(connections: Connections, { log }: KnownCall) {
  const broken = new Map<string, UnavailableProvider>();
  const reach: Connections["reach"] = async (provider) => {
    try {
      return await connections.reach(provider);
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
      log.info("provider_key_closed", { provider: provider.name, reason: error.message });
      broken.set(provider.name, { provider: provider.name, payer: "workspace", detail: keyClosed });
      return null;
    }
  };
  return { connections: { ...connections, reach }, broken };
}

const keyClosed = "What is stored of your key for it does not open. Enter it again on the page “Models”.";

export const readModels = operationForAll({
  summary: "Models that can be chosen",
  description:
    "The default first. For whoever is signed in, or sends an API key, with their workspace’s own keys and servers; for all others the installation’s. Models of a provider that does not answer are left out, but for the default one, and `unavailable` says why.",
  tags: ["Models"],
  query: contract.modelListQuery,
  output: contract.modelList,
  async run(call, { query }) {
    const { connections, broken } = listable(connectionsFor(call), call);
    if (query.default) {
      const model = await defaultModel(call, connections);
      return { data: model ? [present(model)] : [], unavailable: [] };
    }
    const { models, unavailable } = await availableModels(call, connections);
    return { data: models.map(present), unavailable: [...unavailable, ...broken.values()] };
  },
});

export const readModelStatus = operationForAll({
  summary: "Whether a model answers",
  tags: ["Models"],
  params: ["id"],
  output: contract.modelStatus,
  async run(call, { params }) {
    const { id, status, latencyMs, detail } = await modelStatus(call, connectionsFor(call), params.id);
    return { id, status, latency_ms: latencyMs, detail };
  },
});
