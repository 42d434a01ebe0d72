import { env } from "cloudflare:workers";
import { expect, inject, it } from "vitest";
import { parseCatalogue } from "../../platform/config/config-catalogue.ts";
import { createRuntime } from "../../platform/runtime.ts";
import type { Connection } from "../ports/connection.ts";
import { describer } from "../providers/catalogue.ts";
import catalogue from "./catalogue.json" with { type: "json" };
import { bringCatalogue } from "./read-catalogue.ts";

const at = (provider: string, over: Partial<Connection> = {}): Connection => ({
  provider,
  address: provider === "openai" ? "https://api.openai.com/v1" : "https://elsewhere.example",
  apiKey: "key",
  lane: "cloud",
  payer: "installation",
  ...over,
});
const described = async (set: Record<string, string>, ...asked: Parameters<Awaited<ReturnType<typeof describer>>>) =>
  (await describer(createRuntime({ ...env, ...set } as Env)))(...asked);

it("is a catalogue in models.dev's shape, whose prices are whole micro-credits", () => {
  expect(parseCatalogue(JSON.stringify(catalogue))).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  for (const { models } of Object.values(catalogue.providers))
    for (const [id, row] of Object.entries(models as Record<string, { id: string; cost?: object }>)) {
      expect(row.id).toBe(id);
      for (const usd of JSON.stringify(row.cost ?? {}).matchAll(/[\d.]+/g))
        expect(Math.abs(Math.round(Number(usd) * 1e8) - Number(usd) * 1e8), id).toBeLessThan(1e-3);
    }
});

it("knows a model by its name, by that of a day's version, and by its family without a price", async () => {
  const known = { contextWindow: 400_000, isWindowKnown: true, outputLimit: 128_000, vision: true, reasoning: true };
  expect(await described({}, at("openai"), "gpt-5-mini")).toMatchObject({
    ...known,
    price: { id: "2026-12-01/openai/gpt-5-mini", rates: { input: 25_000_000, output: 200_000_000 } },
  });
  expect((await described({}, at("openai"), "gpt-5-mini-2025-08-07")).price?.id).toBe("2026-12-01/openai/gpt-5-mini");
  expect(await described({}, at("openai"), "gpt-5-search")).toMatchObject({ ...known, price: null });
  expect(await described({}, at("gemini"), "gemini-4-argon")).toMatchObject({
    price: { rates: { input: 400_000_000 } },
  });
});

it("says of what nobody knows that it is unknown, and never that it costs nothing", async () => {
  expect(await described({}, at("openai"), "nobody-knows")).toMatchObject({
    contextWindow: 32_768,
    isWindowKnown: false,
    outputLimit: null,
    price: null,
  });
});

it("does not take OpenAI's prices for those of another server of its wire", async () => {
  const elsewhere = at("openai", { address: "https://api.together.xyz/v1" });
  expect(await described({}, elsewhere, "gpt-4o")).toMatchObject({ contextWindow: 128_000, price: null });
});

it("counts a machine of one's own as costing nothing, but not what it passes on to a cloud", async () => {
  const box = at("lab", { lane: "own" });
  expect((await described({}, box, "Llama-3.3-70B")).price).toMatchObject({ id: "own-machine", rates: { output: 0 } });
  expect(await described({}, box, "big", { name: "big", isRemote: true })).toMatchObject({
    lane: "cloud",
    price: null,
  });
});

it.each([
  ["meta-llama/Llama-3.3-70B-Instruct", 131_072],
  ["llama3.3:70b", 131_072],
  ["llama3:8b", 8_192],
  ["qwen3-8b", 40_960],
  ["qwen3.8:27b", 262_144],
])("knows the window of %s by its family", async (name, window) => {
  expect((await described({}, at("lab"), name)).contextWindow).toBe(window);
});

it("lets the operator's rows win, also over what a provider says", async () => {
  const set = {
    MODEL_CATALOGUE: JSON.stringify({
      date: "2026-11-30",
      providers: { lab: { models: { big: { limit: { context: 9_000 }, cost: { input: 1, output: 2 } } } } },
    }),
  };
  const said = { name: "big", contextWindow: 4_000, tools: true };
  expect(await described(set, at("lab", { lane: "own" }), "big", said)).toMatchObject({
    contextWindow: 9_000,
    tools: true,
    price: { id: "operator/2026-11-30/lab/big", rates: { input: 100_000_000, cacheRead: 100_000_000 } },
  });
});

it.each(["{", "[]", '{"date":"soon","providers":{}}', '{"date":"2026-12-01","providers":{"a":{}}}'])(
  "refuses %s as an operator's catalogue, by the variable's name",
  (MODEL_CATALOGUE) => {
    expect(() => createRuntime({ ...env, MODEL_CATALOGUE } as unknown as Env)).toThrow("MODEL_CATALOGUE");
  },
);

it("brings models.dev's own file from an address, and keeps what it had where there is none any more", async () => {
  const models = {
    big: {
      tool_call: { supported: true },
      cost: { input: 3, output: 4, tiers: [{ input: 6, output: 8, context: { min: 9 } }] },
    },
  };
  const said = encodeURIComponent(JSON.stringify({ lab: { id: "lab", models } }));
  const runtimeAt = (status: number, MODEL_CATALOGUE = `${inject("web").url}/say?status=${status}&text=${said}`) =>
    createRuntime({ ...env, MODEL_CATALOGUE } as unknown as Env);
  const there = runtimeAt(200);
  expect((await describer(there))(at("lab"), "big").price).toBeNull();
  await bringCatalogue(there);
  const today = new Date().toISOString().slice(0, 10);
  const price = { id: `operator/${today}/lab/big`, rates: { input: 300_000_000 }, tiers: [{ above: 9 }] };
  expect((await describer(there))(at("lab"), "big")).toMatchObject({ tools: true, price });
  await expect(bringCatalogue(runtimeAt(503))).rejects.toThrow("503");
  expect((await describer(there))(at("lab"), "big").price).toMatchObject(price);
});
