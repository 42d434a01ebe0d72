import { env } from "cloudflare:workers";
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { expect, test, vi } from "vitest";
import { parseConfig } from "../../../platform/config/config.ts";
import { classifyModelFailure } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { AiBinding } from "./binding.ts";
import { workersAi } from "./provider.ts";

const config = parseConfig(env);

/** The provider as it is where the binding does what is said here. */
function bound(binding: Partial<AiBinding>) {
  const withBinding = { ...env, AI: binding as unknown as Ai };
  const connection = workersAi.connect(config, withBinding) as Connection;
  return {
    model: workersAi.chatModel?.(connection, "@cf/maker/model", withBinding) ?? expect.fail("It makes no model."),
    embedder: workersAi.embedder?.(connection, "@cf/maker/vectors", withBinding) ?? expect.fail("It makes none."),
    list: () => workersAi.list?.(connection, withBinding),
  };
}

const streamed = (...events: object[]) =>
  new Response(`${events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("")}data: [DONE]\n\n`).body;
const prompt: LanguageModelV4CallOptions["prompt"] = [
  { role: "user", content: [{ type: "text", text: "What is it?" }] },
];

async function readAll(run: AiBinding["run"], options: Partial<LanguageModelV4CallOptions> = {}) {
  const parts: LanguageModelV4StreamPart[] = [];
  const { stream } = await bound({ run }).model.doStream({ prompt, ...options });
  for await (const part of stream) parts.push(part);
  const textOf = (type: "text-delta" | "reasoning-delta") =>
    parts.map((part) => (part.type === type ? part.delta : "")).join("");
  return { parts, text: textOf("text-delta"), thought: textOf("reasoning-delta"), end: parts.at(-1) };
}

const usage = { prompt_tokens: 4, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 1 } };
const delta = (of: object) => ({ choices: [{ index: 0, delta: of }] });

test.each([
  ["its own wire", () => streamed({ response: "Seven" }, { response: " " }, { response: 7 }, { response: "", usage })],
  ["OpenAI’s wire", () => streamed(delta({ content: "Seven" }), delta({ content: " 7" }), { choices: [], usage })],
  ["one piece", () => ({ response: "Seven 7", usage })],
])("streams an answer that comes in %s", async (_wire, answer) => {
  const run = vi.fn<AiBinding["run"]>(async () => answer());
  const { text, end } = await readAll(run, { maxOutputTokens: 9 });
  expect(text).toBe("Seven 7");
  expect(end).toMatchObject({
    type: "finish",
    finishReason: { unified: "stop" },
    usage: { inputTokens: { total: 4, cacheRead: 1 }, outputTokens: { total: 3 } },
  });
  const [name, input] = run.mock.calls[0] ?? [];
  expect(name).toBe("@cf/maker/model");
  expect(input).toMatchObject({ stream: true, max_tokens: 9, messages: [{ role: "user", content: "What is it?" }] });
});

test("what is not counted is unknown, and no nought", async () => {
  const { end } = await readAll(async () => streamed({ response: "Seven" }));
  expect(end).toMatchObject({ usage: { inputTokens: { total: undefined }, outputTokens: { total: undefined } } });
});

test("thinks aloud, sees pictures, and answers by a schema", async () => {
  const run = vi.fn<AiBinding["run"]>(async () => ({ response: { quinces: 7 } }));
  const picture = { type: "file" as const, mediaType: "image/png", data: { type: "data" as const, data: "cGl4ZWxz" } };
  const { text } = await readAll(run, {
    prompt: [{ role: "user", content: [{ type: "text", text: "How many?" }, picture] }],
    responseFormat: { type: "json", schema: { type: "object", properties: { quinces: { type: "integer" } } } },
  });
  expect(JSON.parse(text)).toEqual({ quinces: 7 });
  const asked = JSON.stringify(run.mock.calls[0]);
  expect(asked).toContain("cGl4ZWxz");
  expect(asked).toContain('"json_schema"');
  const aloud = await readAll(async () => streamed(delta({ reasoning_content: "Hmm." }), delta({ content: "7." })));
  expect(aloud).toMatchObject({ text: "7.", thought: "Hmm." });
});

test("passes on which tool it calls", async () => {
  const call = { index: 0, id: "c", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } };
  const tools = [{ type: "function" as const, name: "weather", inputSchema: { type: "object" as const } }];
  const { parts } = await readAll(async () => streamed(delta({ tool_calls: [call] })), { tools });
  expect(parts).toContainEqual(
    expect.objectContaining({ type: "tool-call", toolName: "weather", input: '{"city":"Rome"}' }),
  );
});

test.each([
  ["InferenceUpstreamError: 3040: Capacity temporarily exceeded, please try again.", true, /too much to do/],
  ["3036: You have used up your daily free allocation of 10,000 neurons.", false, /nothing left to spend/],
  ["5007: No such model @cf/maker/model or task", false, /does not have this model/],
  ["5021: This model's maximum context length is 8192 tokens.", false, /too long/],
  ["5023: Something broke.", true, /cannot be reached/],
])("“%s” is told as what it is", async (message, retryable, sentence) => {
  const failing = async () => {
    throw new Error(message);
  };
  const { model, embedder } = bound({ run: failing });
  const failures = [
    await Promise.resolve(model.doStream({ prompt })).catch((error: unknown) => error),
    await Promise.resolve(model.doGenerate({ prompt })).catch((error: unknown) => error),
    await embedder.embed(["a text"], { purpose: "query" }).catch((error: unknown) => error),
  ];
  for (const failure of failures)
    expect(classifyModelFailure(failure)).toMatchObject({ retryable, message: expect.stringMatching(sentence) });
});

test("an error in mid-stream keeps what came before it", async () => {
  const error = { errors: [{ code: 3040, message: "Capacity temporarily exceeded, please try again." }] };
  const { text, end } = await readAll(async () => streamed({ response: "Seven" }, error));
  expect(text).toBe("Seven");
  const { error: failure } = end as { error: unknown };
  expect(classifyModelFailure(failure)).toMatchObject({ retryable: true, message: expect.stringMatching(/too much/) });
});

test("an abort reaches the binding and comes out as an abort", async () => {
  const { readable, writable } = new IdentityTransformStream();
  const aborter = new AbortController();
  let asked: AbortSignal | undefined;
  const { model } = bound({
    async run(_name, _input, options) {
      asked = options?.signal;
      const writer = writable.getWriter();
      options?.signal?.addEventListener("abort", () => void writer.abort(aborter.signal.reason));
      void writer.write(new TextEncoder().encode('data: {"response":"Seven"}\n\n')).catch(() => undefined);
      return readable;
    },
  });
  const { stream } = await model.doStream({ prompt, abortSignal: aborter.signal });
  const reader = stream.getReader();
  for (let value: LanguageModelV4StreamPart | undefined; value?.type !== "text-delta"; )
    ({ value } = await reader.read());
  aborter.abort();
  await expect(reader.read()).rejects.toMatchObject({ name: "AbortError" });
  expect(asked?.aborted).toBe(true);
});

test("embeds in batches, in order, to unit length", async () => {
  const run = vi.fn<AiBinding["run"]>(async (_name, input) => {
    const { text } = input as { text: string[] };
    return { shape: [text.length, 2], data: text.map((each) => [Number(each), 1]) };
  });
  const { embedder } = bound({ run });
  const vectors = await embedder.embed(
    Array.from({ length: 130 }, (_, i) => `${i}`),
    { purpose: "document" },
  );
  expect(run).toHaveBeenCalledTimes(2);
  expect(vectors).toHaveLength(130);
  expect(embedder.dimensions).toBe(2);
  for (const [i, vector] of vectors.entries()) expect(vector[0]).toBeCloseTo(i / Math.hypot(i, 1), 5);
});

test("lists what Cloudflare has", async () => {
  const model = (name: string, task: string, properties: object[]) => ({ name, task: { name: task }, properties });
  const { list } = bound({
    models: async () => [
      model("@cf/maker/model", "Text Generation", [
        { property_id: "context_window", value: "24000" },
        { property_id: "function_calling", value: "true" },
      ]),
      model("@cf/maker/vectors", "Text Embeddings", []),
    ],
  });
  expect(await list()).toEqual([
    { name: "@cf/maker/model", chats: true, contextWindow: 24_000, tools: true },
    { name: "@cf/maker/vectors", chats: false },
  ]);
});

test("is not there without the binding", () => {
  const { AI: _, ...without } = env as Env & { AI?: unknown };
  expect(workersAi.connect(config, without as Env)).toBeNull();
});
