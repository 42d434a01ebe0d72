import { expect, test, vi } from "vitest";
import {
  type Cloud,
  clouds,
  cloudVariables,
  key,
  logged,
  modelOf,
  named,
  prompt,
  readAll,
  runtime,
} from "../../testing/clouds.ts";
import { listModels } from "../available-models.ts";
import { knownProviders } from "../provider-list.ts";
import { chatModelAt, installationConnections, resolveEmbedder } from "../registry.ts";

test.each(clouds)("$provider streams an answer, with its end, its usage and the key", async (cloud) => {
  const name = named(cloud, "tokens=6");
  const read = await readAll(cloud, name);
  expect(read.error).toBeUndefined();
  expect(read.text).toBe("You asked: What is debt?. word6");
  expect(read.parts.at(-1)).toMatchObject({
    type: "finish",
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 7 }, outputTokens: { total: 6 } },
  });
  expect((await logged(cloud, name, "complete")).authorization?.replace("Bearer ", "")).toBe(key);
});

test.each(clouds)("$provider answers in one", async (cloud) => {
  const model = await modelOf(cloud, named(cloud, "tokens=6"));
  const { content, finishReason, usage } = await model.doGenerate({ prompt });
  expect(content).toMatchObject([{ type: "text", text: "You asked: What is debt?. word6" }]);
  expect(finishReason.unified).toBe("stop");
  expect(usage).toMatchObject({ inputTokens: { total: 7 }, outputTokens: { total: 6 } });
});

test.each(clouds)("$provider is told how long an answer may be, and how warm", async (cloud) => {
  const name = named(cloud, "tokens=6");
  const read = await readAll(cloud, name, { maxOutputTokens: 2, stopSequences: ["END"] });
  expect(read.text).toBe("You asked:");
  expect(read.parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "length" } });
  expect(JSON.stringify((await logged(cloud, name, "complete")).body)).toContain('"END"');
});

const events = (...values: object[]) =>
  encodeURIComponent(values.map((each) => `data: ${JSON.stringify(each)}\n\n`).join(""));
const thinking = [{ reasoning: "Hmm." }, { content: "Owed." }].map((delta) => ({ choices: [{ index: 0, delta }] }));
const counted = {
  choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
  usage: {
    prompt_tokens: 7,
    completion_tokens: 6,
    prompt_tokens_details: { cached_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 5 },
  },
};
const [gemini, anthropic, openrouter] = clouds as [Cloud, Cloud, Cloud];

test.each([
  { ...gemini, orders: "thought=Hmm.&reply=Owed.&cached=3", reasoning: 5 },
  { ...anthropic, orders: "thought=Hmm.&reply=Owed.&cached=3", reasoning: 2 },
  { ...openrouter, orders: `raw_body=${events(...thinking, counted)}`, reasoning: 5 },
])("$provider thinks aloud, and counts what it thought and what a cache had", async (cloud) => {
  const read = await readAll(cloud, named(cloud, cloud.orders));
  expect(read).toMatchObject({ text: "Owed.", thought: "Hmm." });
  expect(read.parts.at(-1)).toMatchObject({
    usage: { inputTokens: { total: 7, noCache: 4, cacheRead: 3 }, outputTokens: { reasoning: cloud.reasoning } },
  });
});

test("Gemini 4, whose long answers the SDK puts together, streams as the others do", async () => {
  const read = await readAll(gemini, named({ ...gemini, name: "gemini-4-stand-in" }, "thought=Hmm.&reply=Owed."));
  expect(read).toMatchObject({ text: "Owed.", thought: "Hmm.", error: undefined });
});

test.each([
  { ...gemini, orders: "fault=blocked" },
  { ...anthropic, orders: "tokens=1" },
  {
    ...openrouter,
    orders: `raw_body=${encodeURIComponent(": OPENROUTER PROCESSING\n\n")}${events(...thinking, counted)}`,
  },
])("$provider is heard of before it says anything", async (cloud) => {
  const { parts } = await readAll(cloud, named(cloud, cloud.orders));
  const types = parts.map(({ type }) => type);
  expect(
    types.slice(
      1,
      types.findIndex((type) => /-start$|finish/.test(type) && type !== "stream-start"),
    ),
  ).toContain("raw");
});

test("those that think are asked to tell", async () => {
  const asked = async (cloud: Cloud, options = {}) => {
    const name = named(cloud, "tokens=1");
    await readAll(cloud, name, options);
    return (await logged(cloud, name, "complete")).body;
  };
  expect(await asked(gemini)).toMatchObject({ generationConfig: { thinkingConfig: { includeThoughts: true } } });
  expect(await asked(anthropic)).toMatchObject({ thinking: { type: "adaptive", display: "summarized" } });
  const low = { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } };
  expect(await asked(anthropic, { reasoning: "low" })).toMatchObject(low);
});

const tool = {
  type: "function" as const,
  name: "weather",
  inputSchema: { type: "object" as const, properties: { city: { type: "string" as const } } },
};
const calling = {
  choices: [
    {
      index: 0,
      delta: {
        tool_calls: [
          { index: 0, id: "c", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
        ],
      },
      finish_reason: "tool_calls",
    },
  ],
};

test.each([
  { ...gemini, orders: "tool=weather" },
  { ...anthropic, orders: "tool=weather" },
  { ...openrouter, orders: `raw_body=${events(calling)}` },
])("$provider passes on which tool it calls", async (cloud) => {
  const name = named(cloud, cloud.orders);
  const { parts, error } = await readAll(cloud, name, { tools: [tool] });
  expect(error).toBeUndefined();
  expect(parts).toContainEqual(
    expect.objectContaining({ type: "tool-call", toolName: "weather", input: '{"city":"Rome"}' }),
  );
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "tool-calls" } });
  expect(JSON.stringify((await logged(cloud, name)).body)).toContain('"city"');
});

test.each(clouds)("$provider is asked for JSON by a schema, and shown pictures", async (cloud) => {
  const name = named(cloud, "reply=%7B%7D");
  const picture = { type: "file" as const, mediaType: "image/png", data: { type: "data" as const, data: "cGl4ZWxz" } };
  const { text } = await readAll(cloud, name, {
    prompt: [{ role: "user", content: [{ type: "text", text: "What is it?" }, picture] }],
    responseFormat: { type: "json", schema: { type: "object", properties: { quinces: { type: "integer" } } } },
  });
  expect(text).toBe("{}");
  const body = JSON.stringify((await logged(cloud, name, "complete")).body);
  expect(body).toContain("cGl4ZWxz");
  expect(body).toContain("quinces");
});

test.each(clouds)(
  "a workspace may pay $provider by its own key, which goes where the installation says",
  async (cloud) => {
    expect(knownProviders.find(({ name }) => name === cloud.provider)?.takesOwn).toBe(true);
    const provider = knownProviders.find(({ name }) => name === cloud.provider);
    const { config, env } = runtime();
    const own = { apiKey: "own-key", payer: "workspace", address: cloud.standIn, lane: "cloud" };
    expect(provider?.connect(config, env, { apiKey: "own-key" })).toMatchObject(own);
    expect(provider?.connect(config, env)).toMatchObject({ apiKey: key, payer: "installation" });
    // The installation's key goes to no address of anybody else's.
    expect(provider?.connect(config, env, { address: "https://elsewhere.example" })).toBeNull();
  },
);

const embedderOf = (id: string) => resolveEmbedder(runtime(), installationConnections(runtime()), id);

test.each([
  { ...gemini, model: "gemini-embedding-stand-in" },
  { ...openrouter, model: "stand-in-embedding" },
])("$provider embeds in batches, in order, to unit length", async ({ provider, model }) => {
  const embedder = await embedderOf(`${provider}/${model}`);
  const texts = Array.from({ length: 130 }, (_, i) => `text number ${i}`);
  const vectors = await embedder.embed(texts, { purpose: "document" });
  expect(vectors).toHaveLength(130);
  expect(embedder.dimensions).toBe(96);
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  const [again] = await embedder.embed(["text number 129"], { purpose: "query" });
  expect(vectors[129]).toEqual(again);
});

test("Gemini is told what vectors are for, and how many numbers they shall have", async () => {
  const embedder = await embedderOf("gemini/gemini-embedding-stand-in?dimensions=24");
  expect(embedder).toMatchObject({ id: "gemini/gemini-embedding-stand-in?dimensions=24", dimensions: 24 });
  const [vector] = await embedder.embed(["seven quinces in a bowl"], { purpose: "query" });
  expect(vector).toHaveLength(24);
  expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5);
  const { body } = await logged(gemini, "gemini-embedding-stand-in", "complete");
  expect(JSON.stringify(body)).toContain("RETRIEVAL_DOCUMENT");
});

test.each([
  { ...gemini, model: "gemini-embedding-stand-in" },
  { ...openrouter, model: "stand-in-embedding" },
])("$provider counts what it embeds, call by call", async ({ provider, model }) => {
  const embedder = await embedderOf(`${provider}/${model}`);
  const counts: unknown[] = [];
  const embed = (texts: string[]) =>
    embedder.embed(texts, { purpose: "query", onCounted: (counted) => counts.push(counted) });
  await embed(["seven quinces"]);
  await embed(Array.from({ length: 130 }, () => "in a bowl"));
  // One stand-in counts words, the other texts.
  const expected = provider === "gemini" ? [2, 300, 90] : [1, 64, 64, 2];
  expect(counts).toEqual(expected.map((promptTokens) => ({ promptTokens, completionTokens: 0 })));
});

test("a server of OpenAI’s wire is told how many numbers vectors shall have", async () => {
  await (await embedderOf("openrouter/sized-embedding?dimensions=96")).embed(["a text"], { purpose: "query" });
  expect((await logged(openrouter, "sized-embedding", "complete")).body).toMatchObject({ dimensions: 96 });
});

test("OpenRouter’s list says what its models cost, to the last digit", async () => {
  const listed = await listModels(runtime(), installationConnections(runtime()));
  const priced = (name: string) => listed.find(({ id }) => id === `openrouter/maker/${name}`)?.price;
  const today = new Date().toISOString().slice(0, 10);
  expect(priced("stand-in")).toEqual({
    id: `listed/${today}/openrouter/maker/stand-in`,
    date: today,
    rates: { input: 15_000_001, output: 60_000_000, cacheRead: 1_500_000, cacheWrite: 18_750_000 },
    tiers: [
      {
        above: 199_999,
        rates: { input: 30_000_000, output: 60_000_000, cacheRead: 1_500_000, cacheWrite: 18_750_000 },
      },
    ],
  });
  expect(priced("stand-in-free")).toMatchObject({ rates: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } });
  // What it decides by the question has no price beforehand.
  expect(priced("stand-in-router")).toBeNull();
});

test("a price that only a list knows is brought by the first call of a model, and holds from the next one on", async () => {
  const set = runtime({
    OPENROUTER_BASE_URL: new URL("/openrouter/first/v1", cloudVariables.OPENROUTER_BASE_URL).href,
  });
  const priceNow = async () =>
    (await chatModelAt(set, installationConnections(set), "openrouter/maker/stand-in"))?.info.price;
  expect(await priceNow()).toBeNull();
  await vi.waitFor(async () => expect(await priceNow()).toMatchObject({ rates: { output: 60_000_000 } }));
});

test("a variant is not taken to cost what the model does that is listed", async () => {
  await listModels(runtime(), installationConnections(runtime()));
  const priceOf = async (name: string) =>
    (await chatModelAt(runtime(), installationConnections(runtime()), `openrouter/maker/${name}`))?.info.price;
  expect(await priceOf("stand-in")).not.toBeNull();
  expect(await priceOf("stand-in:nitro")).toBeNull();
});

test("each cloud lists what it has, and what it says of it", async () => {
  const listed = await listModels(runtime(), installationConnections(runtime()));
  const facts = listed.map(({ id, contextWindow, vision, tools, lane }) => [id, contextWindow, vision, tools, lane]);
  expect(facts).toEqual(
    expect.arrayContaining([
      ["gemini/gemini-stand-in", 1_000_000, true, true, "cloud"],
      ["anthropic/claude-stand-in", 300_000, true, true, "cloud"],
      ["anthropic/claude-stand-in-blind", 200_000, false, true, "cloud"],
      ["openrouter/maker/stand-in", 500_000, true, true, "cloud"],
    ]),
  );
  expect(listed.filter(({ id }) => /embedding|image/.test(id))).toEqual([]);
});
