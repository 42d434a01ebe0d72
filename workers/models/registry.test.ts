import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { connect } from "../db/client.ts";
import { systemClock } from "../platform/clock.ts";
import { parseConfig } from "../platform/config/config.ts";
import { createLog } from "../platform/log.ts";
import type { Runtime } from "../platform/runtime.ts";
import { call, jsonOf } from "../testing/client.ts";
import { estimateTokens } from "../text/tokens.ts";
import { installationConnections, resolveChatModel, resolveEmbedder, resolveVisionModel } from "./registry.ts";

const { AUTH_SECRET: auth, MASTER_KEYS: keys } = env as unknown as Record<string, string>;

function runtime(variables: Record<string, string> = {}): Runtime {
  const config = parseConfig({ AUTH_SECRET: auth, MASTER_KEYS: keys, ...variables });
  return { env, db: connect(env.DB), config, clock: systemClock, log: createLog({}, true) };
}

const chat = (of: Runtime, id: string | null) => resolveChatModel(of, installationConnections(of), id);
const embedder = (of: Runtime, id: string | null) => resolveEmbedder(of, installationConnections(of), id);
const vision = (of: Runtime) => resolveVisionModel(of, installationConnections(of));
const idOf = async (of: Runtime, id: string | null) => (await chat(of, id)).info.id;

test("without any setting, the offline reader and embedder answer", async () => {
  expect(await idOf(runtime(), null)).toBe("offline/extractive");
  expect((await embedder(runtime(), null)).id).toBe("offline/hash");
});

test("DEFAULT_MODEL and EMBEDDING_MODEL choose", async () => {
  const set = runtime({
    OPENAI_API_KEY: "key",
    DEFAULT_MODEL: "gpt-4o",
    EMBEDDING_MODEL: "openai/text-embedding-3-small",
  });
  expect(await idOf(set, null)).toBe("openai/gpt-4o");
  expect((await embedder(set, null)).id).toBe("openai/text-embedding-3-small");
  expect(await idOf(set, "offline/extractive")).toBe("offline/extractive");
});

test("VISION_MODEL chooses who reads pictures, and must be a model that is set up", async () => {
  expect(await vision(runtime())).toBeNull();
  expect((await vision(runtime({ OPENAI_API_KEY: "key", VISION_MODEL: "openai/gpt-4o" })))?.id).toBe("openai/gpt-4o");
  for (const VISION_MODEL of ["openai/gpt-4o", "offline/extractive"])
    await expect(vision(runtime({ VISION_MODEL }))).rejects.toThrow(
      expect.objectContaining({ code: "model_unavailable", message: expect.stringContaining("VISION_MODEL") }),
    );
});

test("a bare name is the configured server’s; what names no provider here is sent to none", async () => {
  const set = runtime({ OPENAI_BASE_URL: "http://127.0.0.1:11434/v1" });
  expect(await idOf(set, "llama3.3:70b")).toBe("openai/llama3.3:70b");
  expect(await idOf(set, "openai/meta-llama/Llama-3.1-8B")).toBe("openai/meta-llama/Llama-3.1-8B");
  for (const id of ["meta-llama/Llama-3.1-8B", "nonsense/x", "/x"])
    await expect(chat(set, id)).rejects.toMatchObject({ code: "validation_failed" });
});

test("servers of OpenAI’s wire stand side by side under names of their own, each with its key", async () => {
  const set = runtime({
    MODEL_SERVERS: "lab=http://10.0.0.5:8000/v1, together=https://api.together.xyz/v1/",
    MODEL_SERVER_KEYS: "together=tk-1",
  });
  const found = await Promise.all(["lab/a", "together/meta/b"].map((id) => chat(set, id)));
  expect(found.map(({ connection }) => connection)).toMatchObject([
    { provider: "lab", address: "http://10.0.0.5:8000/v1", apiKey: undefined, lane: "own" },
    { provider: "together", address: "https://api.together.xyz/v1", apiKey: "tk-1", lane: "cloud" },
  ]);
  await expect(chat(set, "openai/a")).rejects.toMatchObject({ code: "validation_failed" });
});

test.each([
  [{ MODEL_SERVERS: "ollama=http://10.0.0.5/v1" }, "MODEL_SERVERS"],
  [{ MODEL_SERVERS: "lab" }, "MODEL_SERVERS"],
  [{ MODEL_SERVERS: "lab=http://a.example lab=http://b.example" }, "MODEL_SERVERS"],
  [{ MODEL_SERVER_KEYS: "lab=sk" }, "MODEL_SERVER_KEYS"],
  [{ CF_ACCESS_CLIENT_ID: "id" }, "CF_ACCESS_CLIENT_SECRET"],
  [{ LLM_PROVIDER: "gpt" }, "LLM_PROVIDER"],
])("a wrong setting of models is told by its name: %o", (set, name) => {
  expect(() => runtime(set)).toThrow(name);
});

test("LLM_PROVIDER alone chooses a model for every job, which single variables change", async () => {
  const set = { OPENAI_API_KEY: "key", LLM_PROVIDER: "openai" };
  expect([(await chat(runtime(set), null)).info.id, (await embedder(runtime(set), null)).id]).toEqual([
    "openai/gpt-5-mini",
    "openai/text-embedding-3-small",
  ]);
  const changed = runtime({ ...set, DEFAULT_MODEL: "openai/gpt-4o", EMBEDDING_MODEL: "offline/hash" });
  expect([(await chat(changed, null)).info.id, (await embedder(changed, null)).id]).toEqual([
    "openai/gpt-4o",
    "offline/hash",
  ]);
  await expect(chat(runtime({ LLM_PROVIDER: "openai" }), null)).rejects.toMatchObject({
    code: "model_unavailable",
    message: expect.stringContaining("LLM_PROVIDER"),
  });
});

test.each(["gpt-4o", "openai/gpt-4o", "offline/other", "openai/", ""])(
  "refuses “%s” by naming what there is",
  async (id) => {
    await expect(chat(runtime(), id)).rejects.toMatchObject({
      code: "validation_failed",
      message: expect.stringContaining("offline/extractive"),
    });
    await expect(embedder(runtime(), id)).rejects.toMatchObject({ code: "validation_failed" });
  },
);

test("a DEFAULT_MODEL that is not set up is the operator's fault, not the caller's", async () => {
  await expect(chat(runtime({ DEFAULT_MODEL: "openai/gpt-4o" }), null)).rejects.toMatchObject({
    code: "model_unavailable",
    message: expect.stringContaining("DEFAULT_MODEL"),
  });
});

test("the API lists models and tells a status by plain and by encoded id", async () => {
  const { data } = await jsonOf<{ data: unknown[] }>(await call("GET", "/api/v1/models"), 200);
  expect(data[0]).toMatchObject({
    id: "offline/extractive",
    offline: true,
    default: true,
    lane: "offline",
    price: { id: "built-in", date: null, input: 0, output: 0, cache_read: 0, cache_write: 0, tiers: [] },
  });
  expect(data).toContainEqual(
    expect.objectContaining({
      ...{ id: "openai/stand-in", lane: "own", context_window: null, output_limit: null, status: "available" },
      price: expect.objectContaining({ id: "own-machine", input: 0 }),
    }),
  );
  for (const id of ["offline/extractive", "offline%2Fextractive"]) {
    const status = await jsonOf(await call("GET", `/api/v1/models/${id}/status`), 200);
    expect(status).toEqual({ id: "offline/extractive", status: "available", latency_ms: null, detail: null });
  }
  await jsonOf(await call("GET", "/api/v1/models/offline/other/status"), 404);
});

test("estimates tokens by characters, and wide characters one each", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("a")).toBe(1);
  expect(estimateTokens("x".repeat(4_000))).toBe(1_000);
  expect(estimateTokens("東京都")).toBe(3);
});
