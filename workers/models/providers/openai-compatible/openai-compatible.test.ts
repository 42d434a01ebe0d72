import { env } from "cloudflare:workers";
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { expect, inject, test } from "vitest";
import { connect } from "../../../db/client.ts";
import { systemClock } from "../../../platform/clock.ts";
import { parseConfig } from "../../../platform/config/config.ts";
import { createLog } from "../../../platform/log.ts";
import type { Runtime } from "../../../platform/runtime.ts";
import * as available from "../../available-models.ts";
import { classifyModelFailure } from "../../failures.ts";
import { installationConnections, resolveChatModel, resolveEmbedder } from "../../registry.ts";

const standIn = inject("openaiStandIn");

function runtime(variables: Record<string, string> = {}): Runtime {
  const config = parseConfig({ ...env, OPENAI_BASE_URL: standIn, OPENAI_API_KEY: "key-of-the-test", ...variables });
  return { env, db: connect(env.DB), config, clock: systemClock, log: createLog({}, true) };
}

const chat = (of: Runtime, id: string) => resolveChatModel(of, installationConnections(of), id);
const embedderOf = (of: Runtime, id: string) => resolveEmbedder(of, installationConnections(of), id);
const listModels = (of: Runtime) => available.listModels(of, installationConnections(of));
const modelStatus = (of: Runtime, id: string) => available.modelStatus(of, installationConnections(of), id);
const requireChosenModel = (of: Runtime, id: string) =>
  available.requireChosenModel(of, installationConnections(of), id);

let calls = 0;

/** A model's name with orders for the stand-in, and a number so that its log can be told from other tests'. */
function named(orders: string): string {
  calls += 1;
  return `stand-in?${orders}&call=${calls}`;
}

async function start(name: string, signal?: AbortSignal) {
  const { model } = await chat(runtime(), `openai/${name}`);
  const prompt = [{ role: "user" as const, content: [{ type: "text" as const, text: "What is debt?" }] }];
  return model.doStream({ prompt, ...(signal ? { abortSignal: signal } : {}) });
}

interface Read {
  text: string;
  parts: LanguageModelV4StreamPart[];
  thrown: unknown;
}

async function readAll(name: string): Promise<Read> {
  const read: Read = { text: "", parts: [], thrown: undefined };
  try {
    const { stream } = await start(name);
    for await (const part of stream) {
      read.parts.push(part);
      if (part.type === "text-delta") read.text += part.delta;
    }
  } catch (error) {
    read.thrown = error;
  }
  return read;
}

const errorIn = ({ parts, thrown }: Read) => thrown ?? parts.find((part) => part.type === "error")?.error;

interface LoggedCall {
  outcome: string;
  authorization: string | null;
  body: { stream_options?: unknown };
}

async function logged(name: string, outcome: string): Promise<LoggedCall | undefined> {
  const query = new URLSearchParams({ model: name, outcome });
  const response = await fetch(`${standIn.replace(/\/v1$/, "")}/_log?${query}`);
  const { data } = await response.json<{ data: LoggedCall[] }>();
  return data[0];
}

test("streams an answer with usage, and sends the key", async () => {
  const name = named("tokens=6");
  const read = await readAll(name);
  expect(read.text).toBe("You asked: What is debt?. word6");
  expect(read.parts.at(-1)).toMatchObject({
    type: "finish",
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 4 }, outputTokens: { total: 6 } },
  });
  const call = await logged(name, "complete");
  expect(call?.authorization).toBe("Bearer key-of-the-test");
  expect(call?.body.stream_options).toEqual({ include_usage: true });
});

test.each([
  ["fault=401", { code: "model_unavailable", retryable: false }, /refused the key/],
  ["fault=404", { code: "model_unavailable", retryable: false }, /does not have this model/],
  ["fault=429", { code: "rate_limited", retryable: true }, /slow down/],
  ["fault=429&retry_after=7", { code: "rate_limited", retryable: true, retryAfterSeconds: 7 }, /slow down/],
  ["fault=500", { code: "model_unavailable", retryable: true }, /cannot be reached/],
  [
    "fault=503&retry_after=2",
    { code: "model_unavailable", retryable: true, retryAfterSeconds: 2 },
    /cannot be reached/,
  ],
  ["fault=refuse", { code: "model_unavailable", retryable: true }, /cannot be reached/],
])("%s before the first token is told as what it is", async (orders, failure, message) => {
  const read = await readAll(named(orders));
  expect(read.text).toBe("");
  const own =
    orders === "fault=refuse" ? {} : { own: expect.stringMatching(/^The stand-in was asked to answer \d+\.$/) };
  expect(classifyModelFailure(errorIn(read))).toMatchObject({
    ...failure,
    ...own,
    message: expect.stringMatching(message),
  });
});

test.each([
  ["fault=die", /cannot be reached/],
  ["fault=end", /could not be read/],
  ["fault=broken", /could not be read/],
  ["fault=error", /cannot be reached/],
  ["fault=long-line", /could not be read/],
])("%s in mid-stream keeps what came before, and can be tried again", async (orders, message) => {
  const read = await readAll(named(orders));
  expect(read.text).toMatch(/^You asked: What/);
  expect(classifyModelFailure(errorIn(read))).toMatchObject({
    code: "model_unavailable",
    retryable: true,
    message: expect.stringMatching(message),
  });
});

test.each(["", "&pieces=1"])("each token comes with its own last byte, not with the next one%s", async (how) => {
  const name = named(`fault=stall&after=3${how}`);
  const aborter = new AbortController();
  const { stream } = await start(name, aborter.signal);
  const reader = stream.getReader();
  let text = "";
  // The third is the last that ever comes: were it held back for more, this would wait for ever.
  while (text !== "You asked: What") {
    const { value } = await reader.read();
    if (value?.type === "text-delta") text += value.delta;
  }
  aborter.abort();
  await expect(reader.read()).rejects.toMatchObject({ name: "AbortError" });
});

test.each(["", "&pieces=1"])("an answer is over with its end, though the connection stays open%s", async (how) => {
  const name = named(`tokens=6&linger=1${how}`);
  const read = await readAll(name);
  expect(read.text).toBe("You asked: What is debt?. word6");
  expect(read.parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "stop" } });
  expect(await logged(name, "complete")).toBeDefined();
});

test("an abort reaches the provider and comes out as an abort", async () => {
  const name = named("tokens_per_second=50&tokens=1000&pause=20");
  const aborter = new AbortController();
  const { stream } = await start(name, aborter.signal);
  const reader = stream.getReader();
  for (let i = 0; i < 3; i++) await reader.read();
  aborter.abort();
  await expect(
    (async () => {
      while (!(await reader.read()).done);
    })(),
  ).rejects.toMatchObject({ name: "AbortError" });
  expect(await logged(name, "aborted")).toMatchObject({ outcome: "aborted" });
});

test("a server that is not there is the provider's fault, with the cause kept", async () => {
  const { model } = await chat(runtime({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1" }), "openai/any");
  const failure = await Promise.resolve(model.doStream({ prompt: [] })).catch((error: unknown) => error);
  expect(classifyModelFailure(failure)).toMatchObject({ code: "model_unavailable", retryable: true });
  expect((failure as Error).cause).toBeDefined();
});

test("embeds in batches, in order, to unit length", async () => {
  const embedder = await embedderOf(runtime(), "openai/stand-in-embedding");
  expect(embedder.dimensions).toBeNull();
  const texts = Array.from({ length: 130 }, (_, i) => `text number ${i}`);
  const vectors = await embedder.embed(texts, { purpose: "document" });
  expect(vectors).toHaveLength(130);
  expect(embedder.dimensions).toBe(96);
  for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  const [again] = await embedder.embed(["text number 129"], { purpose: "query" });
  expect(vectors[129]).toEqual(again);
});

test("a failing embedding server is model_unavailable", async () => {
  const embedder = await embedderOf(runtime(), `openai/${named("fault=500")}`);
  await expect(embedder.embed(["text"], { purpose: "document" })).rejects.toMatchObject({ code: "model_unavailable" });
});

test("lists what the server has, without its embedding models", async () => {
  const ids = (await listModels(runtime())).map(({ id, status }) => [id, status]);
  expect(ids).toEqual([
    ["offline/extractive", "available"],
    ["openai/gpt-4", "available"],
    ["openai/gpt-4o-stand-in", "available"],
    ["openai/stand-in", "available"],
  ]);
});

test("lists the default model though its server is down", async () => {
  const down = runtime({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1", DEFAULT_MODEL: "gpt-4o" });
  expect(await listModels(down)).toMatchObject([
    { id: "openai/gpt-4o", status: "unavailable", default: true, contextWindow: 128_000 },
    { id: "offline/extractive", status: "available", default: false },
  ]);
  expect(await modelStatus(down, "openai/gpt-4o")).toMatchObject({
    status: "unavailable",
    detail: expect.stringMatching(/cannot be reached/),
  });
});

test("tells whether a model answers", async () => {
  expect(await modelStatus(runtime(), "openai/stand-in")).toMatchObject({ status: "available", detail: null });
  expect(await modelStatus(runtime(), "openai/stand-in:free")).toMatchObject({ status: "unknown" });
  await expect(modelStatus(runtime(), "openai/other")).rejects.toMatchObject({ code: "not_found" });
  expect(await modelStatus(runtime(), "offline/extractive")).toMatchObject({ status: "available", latencyMs: null });
});

test("refuses what a server is known not to have, and nothing that it may have", async () => {
  for (const id of ["openai/other", "other"]) {
    const refused = { code: "validation_failed", message: expect.stringContaining("openai/stand-in") };
    await expect(requireChosenModel(runtime(), id)).rejects.toMatchObject(refused);
  }
  // A server that is down may have it: what is named as another provider's is not sent there.
  const down = runtime({ OPENAI_BASE_URL: "http://127.0.0.1:9/v1", DEFAULT_MODEL: "openai/meta-llama/Llama-3.1-8B" });
  for (const id of ["openai/other", "other", "openai/meta-llama/Llama-3.1-8B"]) await requireChosenModel(down, id);
  for (const set of [down, runtime()])
    await expect(requireChosenModel(set, "anthropic/stand-in")).rejects.toMatchObject({ code: "validation_failed" });
});
