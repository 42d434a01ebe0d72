import { env } from "cloudflare:workers";
import { expect, inject, test } from "vitest";
import { connect } from "../db/client.ts";
import { systemClock } from "../platform/clock.ts";
import { parseConfig } from "../platform/config/config.ts";
import { createLog } from "../platform/log.ts";
import type { Runtime } from "../platform/runtime.ts";
import { listModels } from "./available-models.ts";
import { modelOfJob } from "./jobs.ts";
import { knownProviders, providersOf } from "./provider-list.ts";
import {
  chatModelAt,
  installationConnections,
  resolveChatModel,
  resolveEmbedder,
  resolveReranker,
  resolveVisionModel,
} from "./registry.ts";

const jobs = ["chat", "fast", "vision", "embedding"] as const;
const switchable = knownProviders.filter(({ usual }) => usual !== undefined);
const others = switchable.map(({ name }) => name);

/** An installation with every provider set up, and what `LLM_PROVIDER` says; the servers list what their stand-ins have, or are not there. */
function runtime(provider?: string): Runtime {
  const { VISION_MODEL: _, ...rest } = env as unknown as Record<string, unknown>;
  const config = parseConfig({
    ...rest,
    GEMINI_API_KEY: "key",
    GEMINI_BASE_URL: inject("geminiStandIn"),
    ANTHROPIC_API_KEY: "key",
    ANTHROPIC_BASE_URL: inject("anthropicStandIn"),
    OPENROUTER_API_KEY: "key",
    OPENROUTER_BASE_URL: new URL("/openrouter/api/v1", inject("openaiStandIn")).href,
    OLLAMA_BASE_URL: "http://127.0.0.1:9",
    ...(provider ? { LLM_PROVIDER: provider } : {}),
  });
  return { env: withBinding, db: connect(env.DB), config, clock: systemClock, log: createLog({}, true) };
}

const withBinding = { ...env, AI: { models: async () => [] } as unknown as Ai };

/** All that an installation is with respect to models, but for which of them does a job where nobody chose one. */
async function everythingElse(set: Runtime) {
  const { LLM_PROVIDER: _, ...config } = set.config;
  const connections = installationConnections(set);
  const models = await listModels(set, connections);
  return {
    config,
    providers: providersOf(set.config).map(({ name }) => name),
    reached: await Promise.all(providersOf(set.config).map((provider) => connections.reach(provider))),
    named: await Promise.all(
      switchable.map(async ({ name, usual }) => {
        const found = await chatModelAt(set, connections, `${name}/${usual?.chat}`);
        return { info: found?.info, connection: found?.connection };
      }),
    ),
    // The default one stands in the list though its provider does not list it.
    listed: models
      .filter((model) => model.status === "available")
      .map(({ default: __, ...model }) => model)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    reranker: (await resolveReranker(set, connections, "rerank/stand-in"))?.id,
  };
}

test.each(switchable)(
  "LLM_PROVIDER=$name chooses its models for every job, and changes nothing else",
  async ({ name, usual }) => {
    const set = runtime(name);
    const connections = installationConnections(set);
    const ids = await Promise.all(jobs.map((job) => modelOfJob(set, connections, job)));
    // A server of one's own has what its owner put there, which its list tells.
    const own = { chat: "stand-in", fast: "stand-in", vision: undefined, embedding: "stand-in-embedding" };
    expect(ids).toEqual(
      jobs.map((job) => {
        const model = name === "openai" ? own[job] : usual?.[job];
        return model === undefined ? (job === "embedding" ? "offline/hash" : null) : `${name}/${model}`;
      }),
    );
    expect((await resolveChatModel(set, connections, null)).info.id).toBe(ids[0]);
    expect((await resolveVisionModel(set, connections))?.id ?? null).toBe(ids[2]);
    expect((await resolveEmbedder(set, connections, null)).id).toBe(ids[3]);
    expect(await everythingElse(set)).toEqual(await everythingElse(runtime()));
  },
);

test("there is more than one provider to switch between", () => {
  expect(others).toEqual(expect.arrayContaining(["openai", "gemini", "anthropic", "openrouter", "workers-ai"]));
});
