import { Hono } from "hono";
import { z } from "zod";
import type { Check } from "../platform/health-routes.ts";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { openOperation, serveAs } from "../platform/open-operation.ts";
import type { Runtime } from "../platform/runtime.ts";
import { defaultModel, modelStatus } from "./available-models.ts";
import * as contract from "./contract.ts";
import { installationConnections } from "./registry.ts";

async function defaultModelHealth(runtime: Runtime): Promise<contract.ModelHealth> {
  const connections = installationConnections(runtime);
  const model = await defaultModel(runtime, connections);
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
