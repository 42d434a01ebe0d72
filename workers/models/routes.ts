import { Hono } from "hono";
import { z } from "zod";
import type { Check } from "../platform/health-routes.ts";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { openOperation, serve, serveAs } from "../platform/open-operation.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ListedModel, listModels, modelStatus } from "./available-models.ts";
import * as contract from "./contract.ts";
import { presentPrice } from "./present.ts";
import { installationConnections } from "./registry.ts";

function toWire(model: ListedModel): contract.Model {
  return {
    id: model.id,
    provider: model.provider,
    name: model.name,
    lane: model.lane,
    context_window: model.isWindowKnown ? model.contextWindow : null,
    output_limit: model.outputLimit,
    vision: model.vision,
    tools: model.tools,
    reasoning: model.reasoning,
    price: model.price && presentPrice(model.price),
    status: model.status,
    offline: model.offline,
    default: model.default,
  };
}

const readModels = openOperation({
  summary: "Models that can be chosen",
  description: "The default first. Models of a provider that does not answer are left out, but for the default one.",
  tags: ["Models"],
  output: contract.modelList,
  async run(call) {
    const models = await listModels(call, installationConnections(call));
    return { data: models.map(toWire) };
  },
});

const readStatus = openOperation({
  summary: "Whether a model answers",
  tags: ["Models"],
  params: ["id"],
  output: contract.modelStatus,
  async run(call, { params }) {
    const { id, status, latencyMs, detail } = await modelStatus(call, installationConnections(call), params.id);
    return { id, status, latency_ms: latencyMs, detail };
  },
});

export const modelRoutes = new Hono<RuntimeEnv>()
  .get("/models", serve(readModels))
  // Ids hold slashes and colons (`ollama/llama3.3:70b`): plain and percent-encoded both work.
  .get("/models/:id{.+}/status", serve(readStatus));

async function defaultModelHealth(runtime: Runtime): Promise<contract.ModelHealth> {
  const connections = installationConnections(runtime);
  const model = (await listModels(runtime, connections)).find((each) => each.default);
  const found = model && (await modelStatus(runtime, connections, model.id));
  return {
    status: found?.status === "available" ? "ok" : "failing",
    model: model?.id ?? null,
    latency_ms: found?.latencyMs ?? null,
    detail: found?.detail ?? null,
  };
}

/** How the default model is, as one check among others. */
export async function checkDefaultModel(runtime: Runtime): Promise<Check> {
  const { status, latency_ms, detail } = await defaultModelHealth(runtime);
  return { status, latency_ms: latency_ms ?? 0, detail };
}

const readHealth = openOperation({
  limit: "none",
  summary: "The default model, with its latency",
  tags: ["Health"],
  // Monitors add to the address what keeps caches away.
  query: z.looseObject({}),
  run: defaultModelHealth,
});

/** Beside the other health checks, outside /api/v1. */
export const modelHealthRoutes = new Hono<RuntimeEnv>().get(
  "/health/ai",
  serveAs(readHealth, {
    responses: { 200: contract.modelHealth, 503: contract.modelHealth },
    respond: (c, health) => c.json(health, health.status === "ok" ? 200 : 503),
  }),
);
