import { env } from "cloudflare:workers";
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { describe, expect, inject, it } from "vitest";
import { connect } from "../../../db/client.ts";
import { systemClock } from "../../../platform/clock.ts";
import { parseConfig } from "../../../platform/config/config.ts";
import { createLog } from "../../../platform/log.ts";
import { classifyModelFailure } from "../../failures.ts";
import { installationConnections, resolveChatModel, resolveEmbedder } from "../../registry.ts";
import { vectorsIn } from "../vectors.ts";
import { namesIn } from "./model-list.ts";
import { usageOf } from "./usage.ts";

const standIn = inject("openaiStandIn");
const config = parseConfig({ ...env, OPENAI_BASE_URL: standIn, OPENAI_API_KEY: "key-of-the-test" });
const runtime = { env, db: connect(env.DB), config, clock: systemClock, log: createLog({}, true) };
const connections = installationConnections(runtime);

let calls = 0;
/** A model's name with orders for the stand-in, and a number so that its log can be told from other tests'. */
const named = (orders: Record<string, string>) => `stand-in?${new URLSearchParams({ ...orders, call: `q${++calls}` })}`;

const prompt: LanguageModelV4CallOptions["prompt"] = [
  { role: "system", content: "Be kind." },
  { role: "user", content: [{ type: "text", text: "Hi" }] },
];

async function read(name: string, options: Partial<LanguageModelV4CallOptions> = {}) {
  const { model } = await resolveChatModel(runtime, connections, `openai/${name}`);
  const said = { text: "", reasoning: "", finish: "", raw: 0, failure: undefined as unknown };
  const take = (part: LanguageModelV4StreamPart) => {
    if (part.type === "text-delta") said.text += part.delta;
    if (part.type === "reasoning-delta") said.reasoning += part.delta;
    if (part.type === "raw") said.raw++;
    if (part.type === "finish") said.finish = part.finishReason.unified;
    if (part.type === "error") said.failure = part.error;
  };
  try {
    for await (const part of (await model.doStream({ prompt, ...options })).stream) take(part);
  } catch (error) {
    said.failure = error;
  }
  return { ...said, failure: said.failure === undefined ? null : classifyModelFailure(said.failure) };
}

/** How the stand-in was asked under a name, in order. */
async function askedOf(name: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(`${standIn.replace(/\/v1$/, "")}/_log?${new URLSearchParams({ model: name })}`);
  return (await response.json<{ data: { body: Record<string, unknown> }[] }>()).data.map(({ body }) => body);
}

const say = "The crane lifts forty tonnes.";
const event = (value: unknown) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish_reason: unknown = null) => ({ choices: [{ index: 0, delta, finish_reason }] });
const [first, second] = [chunk({ content: "The crane lifts" }), chunk({ content: " forty tonnes." })];
const ended = [first, second, chunk({}, "stop"), "[DONE]"];
const all = (values: unknown[]) => values.map(event).join("");

describe("an answer", () => {
  it.each([
    ["without a reason before its end", all([first, second, "[DONE]"])],
    ["without a reason, with what it took", all([first, second, { choices: [], usage: { prompt_tokens: 5 } }])],
    ["without a reason or any other end", all([first, second])],
    ["with spaces around its end", `${all([first, second, chunk({}, "stop")])}data:  [DONE] \n\n`],
    ["with empty data and no spaces", `data:\n\n${all(ended).replaceAll("data: ", "data:")}`],
    ["with CRLF", all(ended).replaceAll("\n", "\r\n")],
    ["with CR", all(ended).replaceAll("\n", "\r")],
    ["with single line breaks", all(ended).replaceAll("\n\n", "\n")],
    ["in lines of JSON", [first, second, chunk({}, "stop")].map((each) => JSON.stringify(each)).join("\n")],
    [
      "with JSON over many lines",
      all([JSON.stringify(first, null, 1).replaceAll("\n", "\ndata: "), second, chunk({}, "stop")]),
    ],
    ["with comments and names", `: hi\n\nevent: message\nid: 7\nretry: 10\n${all(ended)}`],
    ["with a reason that comes early", all([chunk({ content: "The crane lifts" }, "stop"), second, "[DONE]"])],
    [
      "with messages for deltas",
      all([
        { choices: [{ message: { content: "The crane lifts" } }] },
        { choices: [{ message: { content: " forty tonnes." }, finish_reason: "stop" }] },
      ]),
    ],
    ["as completions have it", all([{ choices: [{ text: say, finish_reason: "stop" }] }, "[DONE]"])],
    ["whole", JSON.stringify({ choices: [{ message: { role: "assistant", content: say }, finish_reason: "stop" }] })],
    [
      "whole, over many lines",
      JSON.stringify({ choices: [{ message: { content: say }, finish_reason: "stop" }] }, null, 2),
    ],
    [
      "in Ollama’s own lines",
      `${JSON.stringify({ message: { content: say }, done: false })}\n${JSON.stringify({ message: { content: "" }, done: true, done_reason: "stop" })}\n`,
    ],
    ["in parts", all([chunk({ content: [{ type: "text", text: "The crane lifts" }] }), second, chunk({}, "stop")])],
    [
      "beside another",
      all([
        {
          choices: [
            { index: 1, delta: { content: "No" } },
            { index: 0, delta: { content: say } },
          ],
        },
        { choices: [{ index: 1, delta: { content: "No" } }] },
        "[DONE]",
      ]),
    ],
    [
      "behind chunks that say nothing",
      all([{ choices: null }, { choices: [] }, {}, { choices: [null], errors: [], detail: "" }, ...ended]),
    ],
    ["behind signs of life that are no JSON", `data: null\n\nkeep-alive\n\nevent: ping\ndata: 12:30\n\n${all(ended)}`],
    ["as the events of another server", all(ended).replaceAll("data: ", "data: data: ")],
    [
      "with numbers that JSON has none of",
      all(ended).replaceAll('"finish_reason"', '"logprobs":[-Infinity,NaN],"finish_reason"'),
    ],
    ["counted from one", all(ended).replaceAll('"index":0', '"index":1')],
    [
      "in parts of parts",
      all([chunk({ content: [null, { type: "output_text", text: { value: say } }] }), chunk({}, "stop")]),
    ],
  ])("%s is whole", async (_, raw) => {
    expect(await read(named({ raw_body: raw }))).toMatchObject({ text: say, finish: "stop", failure: null });
  });

  it.each([
    ["reasoning_content", all([chunk({ reasoning_content: "Hm" }), ...ended])],
    [
      "reasoning",
      all([chunk({ reasoning: "Hm", reasoning_details: [{ type: "reasoning.text", text: "Hm" }] }), ...ended]),
    ],
    ["reasoning beside an empty reasoning_content", all([chunk({ reasoning_content: "", reasoning: "Hm" }), ...ended])],
    ["blocks", all([chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm" }] }] }), ...ended])],
    [
      "tags",
      all([chunk({ content: "<thi" }), chunk({ content: "nk>Hm</th" }), chunk({ content: "ink>\n\n" }), ...ended]),
    ],
    [
      "tags in a whole one",
      JSON.stringify({ choices: [{ message: { content: `<think>Hm</think>\n${say}` }, finish_reason: "stop" }] }),
    ],
  ])("has its thoughts apart, by %s", async (_, raw) => {
    expect(await read(named({ raw_body: raw }))).toMatchObject({ text: say, reasoning: "Hm", failure: null });
  });

  it("is over soon after its reason, though the connection stays open", async () => {
    const raw_body = all([first, second, chunk({}, "stop")]);
    expect(await read(named({ raw_body, hold: "1" }))).toMatchObject({ text: say, finish: "stop" });
  });

  it.each([
    ["is none", first],
    ["is none, though each of its chunks is counted", { ...first, usage: { prompt_tokens: 5, completion_tokens: 1 } }],
  ])("that broke off %s", async (_, only) => {
    const { text, failure } = await read(named({ raw_body: all([only]) }));
    expect([text, failure]).toEqual(["The crane lifts", expect.objectContaining({ retryable: true })]);
  });

  it("keeps what is said of numbers that JSON has none of", async () => {
    const raw_body = all([chunk({ content: 'It is "NaN".' }), ...ended.slice(2)]).replace("null", "NaN");
    expect((await read(named({ raw_body }))).text).toBe('It is "NaN".');
  });

  it.each([
    [
      "length",
      [
        "length",
        "MAX_TOKENS",
        "max_tokens",
        "FinishReason.MAX_TOKENS",
        "model_length",
        "model_context_window_exceeded",
      ],
    ],
    ["stop", ["stop", "STOP", "eos_token", "end_turn", "stop_sequence", { type: "eos" }]],
    ["content-filter", ["content_filter", "SAFETY", "RECITATION", "refusal"]],
    ["tool-calls", ["tool_calls", "function_call", "tool_use"]],
    ["error", ["error", "network_error", "MALFORMED_RESPONSE", "insufficient_system_resource"]],
  ])("ends by %s however that is spelt", async (finish, spellings) => {
    for (const spelt of spellings)
      expect([spelt, (await read(named({ raw_body: all([first, second, chunk({}, spelt)]) }))).finish]).toEqual([
        spelt,
        finish,
      ]);
  });

  it("of which nothing has come yet shows that its server is there", async () => {
    const raw_body = `: PROCESSING\n\n: PROCESSING\n\n${all([chunk({ role: "assistant", content: "" }), ...ended])}`;
    expect((await read(named({ raw_body }))).raw).toBeGreaterThanOrEqual(3);
  });
});

const tooLong = "This model's maximum context length is 4096 tokens.";

describe("what goes wrong", () => {
  it.each([
    ["with a string", { error: "CUDA out of memory" }, "unreachable", "CUDA out of memory"],
    ["of TGI", { error: "Model is overloaded", error_type: "overloaded" }, "busy", "Model is overloaded"],
    ["of vLLM", { object: "error", message: tooLong, type: "BadRequestError", code: 400 }, "context", tooLong],
    [
      "of OpenAI",
      { error: { message: "Rate limit reached. Please try again in 1m2.5s.", code: "rate_limit_exceeded" } },
      "rate",
      "Rate limit",
    ],
    [
      "of Gemini",
      [{ error: { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT" } }],
      "key",
      "API key not valid.",
    ],
    [
      "of OpenRouter",
      {
        error: {
          message: "Provider returned error",
          code: 400,
          metadata: { raw: `{"error":{"message":"${tooLong}"}}` },
        },
      },
      "context",
      tooLong,
    ],
    [
      "of OpenRouter’s choice",
      {
        choices: [{ delta: { content: "" }, finish_reason: "error", error: { code: 502, message: "Upstream broke" } }],
      },
      "unreachable",
      "Upstream broke",
    ],
    [
      "of Mistral",
      {
        object: "error",
        message: "Service tier capacity exceeded for this model.",
        type: "service_tier_capacity_exceeded",
        code: 3505,
      },
      "busy",
      "Service tier",
    ],
    [
      "of Azure",
      { error: { code: "DeploymentNotFound", message: "The API deployment for this resource does not exist." } },
      "model",
      "The API deployment",
    ],
    ["of FastAPI", { detail: "Model not found: x" }, "model", "Model not found: x"],
    ["of LM Studio", { error: "No models loaded. Please load a model." }, "model", "No models loaded."],
    [
      "of DeepSeek",
      { error: { message: "Insufficient Balance", code: "invalid_request_error" } },
      "credit",
      "Insufficient Balance",
    ],
    [
      "of llama.cpp",
      { error: { code: 503, message: "Loading model", type: "unavailable_error" } },
      "loading",
      "Loading model",
    ],
  ])("%s is sorted inside a stream as before it, with the provider’s own sentence", async (_, error, fault, own) => {
    const sentences: Record<string, RegExp> = {
      ...{ context: /too long/, credit: /nothing left to spend/, key: /refused the key/, rate: /slow down/ },
      ...{
        loading: /being loaded/,
        busy: /too much to do/,
        model: /does not have this model/,
        unreachable: /cannot be reached/,
      },
    };
    const isPassing = ["rate", "loading", "busy", "unreachable"].includes(fault);
    for (const [raw_body, text] of [
      [event(error), ""],
      [all([first, error]), "The crane lifts"],
      [JSON.stringify(error), ""],
      [`event: error\n${event(error)}`, ""],
    ] as const) {
      const answer = await read(named({ raw_body }));
      expect(answer.text).toBe(text);
      expect(answer.failure).toMatchObject({
        code: fault === "rate" ? "rate_limited" : "model_unavailable",
        message: expect.stringMatching(sentences[fault] ?? /never/),
        own: expect.stringContaining(own),
        retryable: isPassing,
      });
    }
  });

  it("says how long to wait, and nothing that looks like a key", async () => {
    const wait = {
      error: { message: "Rate limit for org-AbCd12345678. Please try again in 1m2.5s.", type: "requests" },
    };
    expect((await read(named({ raw_body: JSON.stringify(wait), status: "429" }))).failure).toMatchObject({
      retryAfterSeconds: 62.5,
    });
    const key = { error: { message: `Incorrect key key-of-the-test or sk-proj-abcd***wxyz: ${"long ".repeat(200)}` } };
    for (const status of ["401", "200"]) {
      const { failure } = await read(named({ raw_body: JSON.stringify(key), status }));
      expect(failure?.own).toMatch(/^Incorrect key … or …: long/);
      expect(failure?.own?.length).toBeLessThanOrEqual(300);
    }
  });

  it.each([
    ["200", false, /web page answered/],
    ["404", false, /web page answered/],
    ["502", true, /cannot be reached/],
  ])("a page with %s is no model", async (status, retryable, message) => {
    const raw_body = "<!DOCTYPE html>\n<html><head><title>You are about to visit</title></head><body>…</body></html>";
    const { failure } = await read(named({ raw_body, status, type: "text/html" }));
    expect(failure).toMatchObject({
      retryable,
      own: "You are about to visit",
      message: expect.stringMatching(message),
    });
  });

  it("llama.cpp’s own line is an error", async () => {
    const raw_body = 'error: {"code":500,"message":"context size exceeded","type":"server_error"}\n\n';
    expect((await read(named({ raw_body }))).failure).toMatchObject({ own: "context size exceeded", retryable: false });
  });
});

describe("a server that refuses", () => {
  const options = { maxOutputTokens: 500, temperature: 0.2, topP: 0.9 };

  it.each([
    [
      "stream_options",
      {},
      (body: Record<string, unknown>) => body.stream_options === undefined && body.stream === true,
    ],
    [
      "stream_options",
      { says: "Invalid request" },
      (body: Record<string, unknown>) => body.stream_options === undefined,
    ],
    [
      "max_tokens",
      { says: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." },
      (body: Record<string, unknown>) => body.max_completion_tokens === 500,
    ],
    [
      "max_tokens,max_completion_tokens",
      { says: "Unknown field: max_tokens" },
      (body: Record<string, unknown>) => !("max_completion_tokens" in body),
    ],
    ["temperature", {}, (body: Record<string, unknown>) => body.temperature === undefined && body.top_p === 0.9],
    [
      "temperature",
      { says: "`temperature` is deprecated and not supported", status: "422" },
      (body: Record<string, unknown>) => body.temperature === undefined,
    ],
    [
      "top_p",
      { says: "temperature and top_p cannot both be specified" },
      (body: Record<string, unknown>) => body.top_p === undefined && body.temperature === 0.2,
    ],
    ["stream", {}, (body: Record<string, unknown>) => !body.stream && !body.stream_options],
    [
      "system",
      { says: "System role not supported", status: "500" },
      (body: Record<string, unknown>) => (body.messages as object[]).length === 1,
    ],
    [
      "system",
      { says: "Only user and assistant roles are supported!" },
      (body: Record<string, unknown>) => JSON.stringify(body.messages).includes("Be kind.\\n\\nHi"),
    ],
    ["temperature,stream_options,system", {}, (body: Record<string, unknown>) => body.temperature === undefined],
  ])("%s is asked again without it %j, and remembered", async (refuses, how: Record<string, string>, isRight) => {
    const name = named({ refuses, reply: say, ...how });
    expect(await read(name, options)).toMatchObject({ text: say, failure: null });
    const asked = await askedOf(name);
    expect(asked.length).toBe(1 + refuses.split(",").length);
    expect(isRight(asked.at(-1) ?? {})).toBe(true);
    if (how.says === "Invalid request") return;
    expect(await read(name, options)).toMatchObject({ text: say, failure: null });
    expect((await askedOf(name)).slice(asked.length)).toHaveLength(1);
  });

  it("a value says it of that request alone", async () => {
    const name = named({
      refuses: "max_tokens",
      says: "max_tokens is too large: 500. This model supports at most 400.",
    });
    expect(await read(name, options)).toMatchObject({ failure: null });
    expect((await askedOf(name)).map(({ max_tokens }) => max_tokens)).toEqual([500, undefined]);
    await read(name, { ...options, maxOutputTokens: 300 });
    expect((await askedOf(name))[2]).toMatchObject({ max_tokens: 300 });
  });

  it("for another reason is not asked again", async () => {
    for (const says of [tooLong, "Model not found: stand-in", "Incorrect API key provided"]) {
      const name = named({ refuses: "stream", says });
      expect((await read(name)).failure).toMatchObject({ retryable: false, own: says });
      expect(await askedOf(name)).toHaveLength(1);
    }
  });
});

describe("vectors", () => {
  it.each([["-_-_"], ["AAAAA"], ["AAAA AAAA"], [null]])("%j is none", (embedding) => {
    expect(() => vectorsIn({ data: [{ index: 0, embedding }] }, 1, null)).toThrow(/could not be read/);
  });

  const texts = Array.from({ length: 70 }, (_, i) => `text number ${i}`);
  const embedderOf = (orders: Record<string, string>) =>
    resolveEmbedder(runtime, connections, `openai/${named(orders)}`);
  const right = async () => (await embedderOf({})).embed(texts, { purpose: "document" });

  it.each(["shuffled", "bare", "base64"])("that come %s belong to their own texts", async (vectors) => {
    const [own, expected] = await Promise.all([
      (await embedderOf({ vectors })).embed(texts, { purpose: "document" }),
      right(),
    ]);
    expect(own.every((vector, i) => vector.every((each, j) => Math.abs(each - (expected[i]?.[j] ?? 0)) < 1e-6))).toBe(
      true,
    );
  });

  it.each([
    [{ most: "10" }, 1],
    [{ most: "32", status: "413", says: "Payload too large" }, 1],
    [{ most: "7", status: "400", says: "Too many inputs" }, 4],
  ])("are asked for in batches as large as the server takes: %j", async (orders: Record<string, string>, refusals) => {
    const name = named(orders);
    const embedder = await resolveEmbedder(runtime, connections, `openai/${name}`);
    expect(await embedder.embed(texts, { purpose: "document" })).toEqual(await right());
    const sizes = async () => (await askedOf(name)).map(({ input }) => (input as string[]).length);
    const most = Number(orders.most);
    expect((await sizes()).filter((size) => size > most)).toHaveLength(refusals);
    const before = (await sizes()).length;
    await embedder.embed(texts, { purpose: "document" });
    expect((await sizes()).slice(before).every((size) => size <= most)).toBe(true);
  });

  it.each([
    ["<!DOCTYPE html><title>Sign in</title>", "A web page answered"],
    ["upstream connect error", "upstream connect error"],
    ['{"data":[{"index":0,"embedding":[NaN,1]}]}', "could not be read"],
    ['{"data":[', "could not be read"],
  ])("in whose place %j came are refused with its reason", async (raw_body, said) => {
    const embedding = (await embedderOf({ raw_body })).embed(["text"], { purpose: "document" });
    await expect(embedding).rejects.toMatchObject({
      code: "model_unavailable",
      message: expect.stringContaining(said),
    });
  });

  it.each(["short", "uneven"])("that are %s are refused", async (vectors) => {
    const refusal = { code: "model_unavailable" };
    await expect((await embedderOf({ vectors })).embed(texts, { purpose: "document" })).rejects.toMatchObject(refusal);
  });
});

it.each([[-5], [1e300], [1.5], ["7"], [null], [Number.NaN]])("%j is no number of tokens", (prompt_tokens) => {
  expect(usageOf({ prompt_tokens, completion_tokens: 7 })).toMatchObject({
    inputTokens: { total: undefined },
    outputTokens: { total: 7 },
  });
});

it("a server that has no models says so by nothing", () => {
  expect(namesIn({ object: "list", data: null })).toEqual([]);
});

it.each([
  ["a list", [{ id: "a" }, { id: "b", type: "chat" }]],
  ["data", { object: "list", data: [{ id: "a" }, { id: "x".repeat(201) }, { id: "" }, null, { id: "b" }] }],
  ["models", { models: [{ name: "a" }, { model: "b" }] }],
  ["names", { data: ["a", "b"] }],
  ["names by themselves", ["a", "b"]],
  ["models by name", { models: { a: { type: "chat" }, b: {} } }],
])("the names of models are read from %s", (_, body) => {
  expect(namesIn(body)).toEqual(["a", "b"]);
});

it.each([[null], ["text"], [{}], [{ error: "no" }], [{ data: [{ id: "x".repeat(300) }] }]])(
  "%j is no list of models",
  (body) => {
    expect(namesIn(body)).toBeNull();
  },
);
