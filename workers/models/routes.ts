import { Hono } from "hono";
import type { Check } from "../platform/health-routes.ts";
import { describe, type RuntimeEnv } from "../platform/http/http.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ListedModel, listModels, modelStatus } from "./available-models.ts";
import * as contract from "./contract.ts";
import { installationConnections } from "./registry.ts";

function toWire(model: ListedModel): contract.Model {
  return {
    id: model.id,
    provider: model.provider,
    name: model.name,
    context_window: model.contextWindow,
    vision: model.vision,
    tools: model.tools,
    price: model.price && {
      input_micro_credits: model.price.input,
      output_micro_credits: model.price.output,
    },
    status: model.status,
    offline: model.offline,
    default: model.default,
  };
}

export const modelRoutes = new Hono<RuntimeEnv>()
  .get(
    "/models",
    describe({
      summary: "Models that can be chosen",
      description:
        "The default first. Models of a provider that does not answer are left out, but for the default one.",
      tags: ["Models"],
      responses: { 200: contract.modelList },
      open: true,
    }),
    async (c) => {
      const models = await listModels(c.var.runtime, installationConnections(c.var.runtime));
      return c.json({ data: models.map(toWire) });
    },
  )
  .get(
    // Ids hold slashes and colons (`ollama/llama3.3:70b`): plain and percent-encoded both work.
    "/models/:id{.+}/status",
    describe({
      summary: "Whether a model answers",
      tags: ["Models"],
      responses: { 200: contract.modelStatus },
      open: true,
    }),
    async (c) => {
      const { runtime } = c.var;
      const asked = await modelStatus(runtime, installationConnections(runtime), c.req.param("id"));
      const { id, status, latencyMs, detail } = asked;
      return c.json({ id, status, latency_ms: latencyMs, detail });
    },
  );

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

/** Beside the other health checks, outside /api/v1. */
export const modelHealthRoutes = new Hono<RuntimeEnv>().get(
  "/health/ai",
  describe({
    limit: "none",
    summary: "The default model, with its latency",
    tags: ["Health"],
    open: true,
    responses: { 200: contract.modelHealth, 503: contract.modelHealth },
  }),
  async (c) => {
    const health = await defaultModelHealth(c.var.runtime);
    return c.json(health, health.status === "ok" ? 200 : 503);
  },
);
