import { expect, test } from "vitest";
import { classifyModelFailure } from "../../failures.ts";
import { installationConnections, resolveChatModel } from "../../registry.ts";
import { asked, loadedAs, logged, named, read, standIn, withBox } from "./testing/box.ts";

test("streams an answer with what it took", async () => {
  const { text, parts } = await read(named("tokens=6"));
  expect(text).toBe("You asked: What is debt?. word6");
  expect(parts.at(-1)).toMatchObject({
    type: "finish",
    finishReason: { unified: "stop", raw: "stop" },
    usage: { inputTokens: { total: 4 }, outputTokens: { total: 6 } },
  });
});

test("tells thoughts apart, by field and by tag", async () => {
  const byField = await read(named("can=completion,thinking&thinking=They+mean+money&reply=Money+owed."));
  expect([byField.thoughts, byField.text]).toEqual(["They mean money", "Money owed."]);
  const byTag = await read(named("reply=<think>They+mean+money</think>Money+owed."));
  expect([byTag.thoughts.trim(), byTag.text.trim()]).toEqual(["They mean money", "Money owed."]);
});

test("hands tools over, and says which is called", async () => {
  const name = named("call=search");
  const { parts } = await read(name, {
    tools: [
      { type: "function", name: "search", description: "Finds.", inputSchema: { type: "object", properties: {} } },
    ],
    prompt: [
      ...asked("Which lamps?"),
      {
        role: "assistant",
        content: [{ type: "tool-call", toolCallId: "1", toolName: "search", input: { query: "old lamps" } }],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", toolCallId: "1", toolName: "search", output: { type: "json", value: ["a lamp"] } },
        ],
      },
    ],
  });
  expect(parts.find(({ type }) => type === "tool-call")).toMatchObject({
    toolName: "search",
    input: '{"query":"lamps"}',
  });
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "tool-calls" } });
  const [call] = await logged(name, "chat");
  expect(call?.body.tools).toEqual([
    {
      type: "function",
      function: { name: "search", description: "Finds.", parameters: { type: "object", properties: {} } },
    },
  ]);
  expect(call?.body.messages.slice(1)).toEqual([
    {
      role: "assistant",
      content: "",
      tool_calls: [{ id: "1", function: { name: "search", arguments: { query: "old lamps" } } }],
    },
    { role: "tool", content: '["a lamp"]', tool_name: "search", tool_call_id: "1" },
  ]);
});

test("asks as it is told: sampling, format, thinking, images, how long the model stays", async () => {
  const name = named("can=completion,thinking,vision");
  const schema = { type: "object" as const, properties: { sum: { type: "number" as const } } };
  await read(
    name,
    {
      temperature: 0.2,
      topP: 0.9,
      seed: 7,
      stopSequences: ["END"],
      maxOutputTokens: 5,
      reasoning: "none",
      responseFormat: { type: "json", schema },
      prompt: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "file", mediaType: "image/png", data: { type: "data", data: new Uint8Array([1, 2, 3]) } },
          ],
        },
      ],
    },
    withBox({ OLLAMA_KEEP_ALIVE: "-1" }),
  );
  const [call] = await logged(name, "chat");
  expect(call?.body).toMatchObject({
    think: false,
    format: schema,
    keep_alive: -1,
    truncate: false,
    shift: false,
    options: { temperature: 0.2, top_p: 0.9, seed: 7, stop: ["END"], num_predict: 5, num_ctx: 4096 },
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is this?", images: ["AQID"] },
    ],
  });
});

test.each([
  ["can=completion", "high", undefined],
  ["can=completion,thinking", "high", true],
  ["can=completion,thinking&family=gptoss", "high", "high"],
  ["can=completion,thinking&family=gptoss", "none", "low"],
] as const)("asks a model with %s to think %s only as it can", async (orders, reasoning, think) => {
  const name = named(orders);
  await read(name, { reasoning });
  const [call] = await logged(name, "chat");
  expect(call?.body.think).toBe(think);
});

test("an answer that may be no longer ends so, and a whole one comes in one", async () => {
  const short = await read(named("tokens=9"), { maxOutputTokens: 2 });
  expect(short.parts.at(-1)).toMatchObject({ finishReason: { unified: "length" } });
  const runtime = withBox();
  const id = `ollama/${named("tokens=4&can=completion,thinking&thinking=Hm")}`;
  const { model } = await resolveChatModel(runtime, installationConnections(runtime), id);
  const { content, usage } = await model.doGenerate({ prompt: asked("What is debt?") });
  expect(content).toEqual([
    { type: "reasoning", text: "Hm" },
    { type: "text", text: "You asked: What is" },
  ]);
  expect(usage.outputTokens.total).toBe(4);
});

test("the window grows with the prompt, in steps, and never shrinks while the model is loaded", async () => {
  const name = named("window=40000");
  const words = (count: number) => ({ prompt: asked("word ".repeat(count)) });
  for (const count of [10, 5_000, 5_500, 20, 25_000]) expect((await read(name, words(count))).error).toBeUndefined();
  const windows = (await logged(name, "chat")).map(({ body }) => body.options.num_ctx);
  expect(windows).toEqual([4_096, 16_384, 16_384, 16_384, 40_000]);
  expect(await loadedAs(name)).toMatchObject({ loads: 3, context_length: 40_000 });
});

test("a model that others loaded keeps its window, as does one that its owner gave one", async () => {
  const name = named();
  await fetch(`${standIn}/api/chat`, {
    method: "POST",
    body: JSON.stringify({ model: name, messages: [], options: { num_ctx: 32_768 } }),
  });
  await read(name);
  expect(await loadedAs(name)).toMatchObject({ loads: 1, context_length: 32_768 });
  const set = named("num_ctx=24000");
  await read(set);
  expect(await loadedAs(set)).toMatchObject({ context_length: 24_000 });
});

test.each([
  ["window=5000", 6_000, /about \d+ tokens, and the model reads 5000/],
  ["most=4096", 5_000, /too long for the model/],
  ["most=4096&cut=full", 5_000, /read only 4096 of about 6\d\d\d tokens/],
  ["most=4096&cut=half", 5_000, /read only 2050 of about 6\d\d\d tokens/],
])("a prompt that is cut (%s) is an error that says so", async (orders, count, sentence) => {
  const { error } = await read(named(orders), { prompt: asked("word ".repeat(count)) });
  expect(classifyModelFailure(error)).toMatchObject({ code: "model_unavailable", retryable: false });
  expect(classifyModelFailure(error).message).toMatch(sentence);
});

test("a model without a template for chats, which reads the last message alone, is an error that says what to do", async () => {
  const system = { role: "system" as const, content: "word ".repeat(50) };
  const { error } = await read(named("bare=1"), { prompt: [system, ...asked("Which lamp?")] });
  expect(classifyModelFailure(error)).toMatchObject({ kind: "context", retryable: false });
  expect(classifyModelFailure(error).message).toMatch(/read only 3 of about \d+ tokens.*template leaves the rest out/);
});

test.each([
  ["a box that does not say how much it read", "silent=1&most=4096&cut=full", "word ".repeat(5_000)],
  ["code with hardly a word", "tokens=2", "  {} \n".repeat(4_000)],
  ["Chinese", "tokens=2", "这是一个关于灯的很长的句子，".repeat(500)],
])("nothing is called cut without proof: %s", async (_what, orders, text) => {
  const { error, parts } = await read(named(orders), { prompt: asked(text) });
  expect(error).toBeUndefined();
  expect(parts.at(-1)?.type).toBe("finish");
});

test.each([
  ["fault=missing", /ollama pull stand-in/, false],
  ["fault=memory", /not enough memory/, false],
  ["fault=busy", /too much to do/, true],
  ["fault=loading", /still being loaded/, true],
  ["fault=500", /cannot be reached/, true],
  ["fault=refuse", /does not answer/, true],
  ["fault=host", /httpHostHeader: localhost:11434/, false],
  ["fault=tunnel", /tunnel to the box is down/, true],
  ["fault=die", /cannot be reached/, true],
  ["fault=end", /could not be read/, true],
  ["fault=error", /cannot be reached/, true],
  ["fault=long-line", /could not be read/, true],
])("%s is told as what it is", async (orders, sentence, retryable) => {
  const { error, text } = await read(named(orders));
  expect(classifyModelFailure(error)).toMatchObject({ code: "model_unavailable", retryable });
  expect(classifyModelFailure(error).message).toMatch(sentence);
  if (/die|end|error|long/.test(orders)) expect(text).toMatch(/^You asked/);
});

test("whoever leaves ends the work of the box, before its first word and behind it", async () => {
  for (const pause of [0, 3]) {
    const name = named(`pause=${pause}&tokens=9`);
    const leaving = new AbortController();
    const reading = read(name, { abortSignal: leaving.signal });
    await fetch(`${standIn}/_log?${new URLSearchParams({ model: name, outcome: "running" })}`);
    leaving.abort(new Error("enough"));
    expect((await reading).error).toMatchObject({ message: "enough" });
    expect(await logged(name, "chat", "aborted")).toHaveLength(1);
  }
});

test("a box that drops is noticed, before its first word and behind it", async () => {
  const quiet = await Promise.all([read(named("deaf=1&pause=0")), read(named("deaf=1&pause=3&tokens=9"))]);
  for (const { error } of quiet) expect(classifyModelFailure(error)).toMatchObject({ retryable: true });
  expect(quiet[1]?.text).toBe("You asked: What");
});

test("a box that is silent and there is waited for", async () => {
  const name = named("first_ms=6500&tokens=2");
  const { text, error } = await read(name);
  expect([text, error]).toEqual(["You asked:", undefined]);
});
