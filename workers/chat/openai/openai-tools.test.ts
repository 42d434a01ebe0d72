import { exports } from "cloudflare:workers";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from "ai";
import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { standIn, upstreamCalls } from "../testing/turns.ts";

const baseURL = "http://localhost:8787/v1";
const fetchWorker: typeof fetch = (input, init) => exports.default.fetch(new Request(input as string, init));

async function person() {
  const { token } = await signUp();
  const made = await jsonOf<{ key: string }>(
    await call("POST", "/api/v1/api-keys", { token, json: { name: "T" } }),
    201,
  );
  const client = new OpenAI({ apiKey: made.key, baseURL, fetch: fetchWorker, maxRetries: 0 });
  return { token, client, key: made.key };
}

const ask = (content: string) => [{ role: "user" as const, content }];
const weather = {
  type: "function" as const,
  function: {
    name: "weather",
    description: "The weather of a place.",
    parameters: { type: "object", properties: { place: { type: "string" } }, required: ["place"] },
  },
};
const failureOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => expect.unreachable("must fail"),
    (error) => error as InstanceType<typeof OpenAI.APIError>,
  );
const bodyOf = async (model: string, at = 0) =>
  (await upstreamCalls(model))[at]?.body as unknown as Record<string, unknown> & {
    messages: Record<string, unknown>[];
  };
describe("tools", () => {
  it("are passed on, with the choice among them, and the model’s calls come back", async () => {
    const { client } = await person();
    const model = standIn('calls=weather:{"place":"Hull"}|weather:{"place":"Leith"}');
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: "system", content: "Be brief." }, ...ask("How is it in Hull and Leith?")],
      tools: [weather],
      tool_choice: { type: "function", function: { name: "weather" } },
      parallel_tool_calls: false,
      reasoning_effort: "low",
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: null,
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "weather", arguments: '{"place":"Hull"}' } },
          { id: "call_2", type: "function", function: { name: "weather", arguments: '{"place":"Leith"}' } },
        ],
      },
    });
    expect(await bodyOf(model)).toMatchObject({
      tools: [weather],
      tool_choice: { type: "function", function: { name: "weather" } },
      parallel_tool_calls: false,
      reasoning_effort: "low",
      messages: [
        { role: "system", content: expect.stringContaining("Be brief.") },
        { role: "user", content: "How is it in Hull and Leith?" },
      ],
    });
  });

  it("stream their calls in pieces, behind what is said, to the client’s own helper", async () => {
    const { client } = await person();
    const model = standIn('reply=Let me look.&calls=weather:{"place":"Hull"}');
    const runner = client.chat.completions.stream({ model, messages: ask("Hull?"), tools: [weather] });
    let pieces = 0;
    for await (const chunk of runner) pieces += chunk.choices[0]?.delta.tool_calls?.length ?? 0;
    expect(pieces).toBeGreaterThan(2);
    const { choices } = await runner.finalChatCompletion();
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: "Let me look.",
        tool_calls: [{ id: "call_1", function: { name: "weather", arguments: '{"place":"Hull"}' } }],
      },
    });
  });

  it("are called and answered by the client’s runner until the model has its answer", async () => {
    const { client } = await person();
    const model = standIn('calls=weather:{"place":"Hull"}');
    const asked: unknown[] = [];
    const runner = client.chat.completions.runTools({
      model,
      messages: ask("Hull?"),
      tools: [
        zodFunction({
          name: "weather",
          parameters: z.object({ place: z.string() }),
          function: (input) => {
            asked.push(input);
            return "Rain";
          },
        }),
      ],
    });
    expect(await runner.finalContent()).toContain("You asked: Hull?");
    expect(asked).toEqual([{ place: "Hull" }]);
    const { messages } = await bodyOf(model, 1);
    expect(messages.slice(2)).toMatchObject([
      {
        role: "assistant",
        tool_calls: [{ id: "call_1", function: { name: "weather", arguments: '{"place":"Hull"}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "Rain" },
    ]);
  });

  it("work in the AI SDK, whole and streamed", async () => {
    const { key } = await person();
    const provider = createOpenAICompatible({
      name: "us",
      baseURL,
      apiKey: key,
      fetch: fetchWorker,
      includeUsage: true,
    });
    const tools = {
      weather: tool({
        inputSchema: jsonSchema<{ place: string }>(weather.function.parameters as object),
        execute: async ({ place }) => `Rain in ${place}`,
      }),
    };
    const how = () => ({
      model: provider(standIn('calls=weather:{"place":"Hull"}')),
      prompt: "Hull?",
      tools,
      stopWhen: stepCountIs(2),
    });
    const whole = await generateText(how());
    expect(whole.steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(whole.steps[0]?.toolResults[0]?.output).toBe("Rain in Hull");
    const streamed = streamText(how());
    expect(await streamed.text).toContain("You asked: Hull?");
    expect((await streamed.steps)[0]?.toolCalls[0]).toMatchObject({ toolName: "weather", input: { place: "Hull" } });
  });

  it.each([
    ["a choice without tools", { tool_choice: "required" }, "tool_choice"],
    [
      "a choice of none of them",
      { tools: [weather], tool_choice: { type: "function", function: { name: "other" } } },
      "tool_choice",
    ],
    ["a tool of another kind", { tools: [{ type: "custom", custom: { name: "x" } }] }, "tools[0].type"],
    ["the older functions", { functions: [weather.function] }, "functions"],
    [
      "arguments that are no JSON",
      {
        messages: [
          ...ask("Go"),
          { role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "x", arguments: "{" } }] },
          { role: "tool", tool_call_id: "a", content: "y" },
        ],
      },
      "messages[1].tool_calls",
    ],
  ])("%s is a 400 that names the parameter", async (_name, fields, param) => {
    const { client } = await person();
    const body = { model: standIn("reply=Yes."), messages: ask("Hi"), ...fields };
    const error = await failureOf(client.chat.completions.create(body as unknown as OpenAI.ChatCompletionCreateParams));
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error", param });
  });

  it("are not a clone’s", async () => {
    const { client, token } = await person();
    const { slug } = await makeClone(token, { name: "Mine" });
    const error = await failureOf(
      client.chat.completions.create({ model: `clone:${slug}`, messages: ask("Hi"), tools: [weather] }),
    );
    expect(error).toMatchObject({
      status: 400,
      param: "tools",
      message: expect.stringContaining("A clone answers from its documents"),
    });
  });
});

describe("JSON", () => {
  const form = z.object({ rows: z.array(z.number()), when: z.string() });

  it("is asked of the model by its schema, and parsed by the client’s helper", async () => {
    const { client } = await person();
    const model = standIn('reply={"rows":[1, 2], "when":"now"}');
    const answer = await client.chat.completions.parse({
      model,
      messages: ask("Rows?"),
      response_format: zodResponseFormat(form, "rows"),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({ rows: [1, 2], when: "now" });
    const body = await bodyOf(model);
    expect(body.response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "rows", schema: { type: "object" } },
    });
    expect(body.messages[0]?.content).toMatch(/Answer with one JSON value.*"rows"/s);
  });

  it("is asked for by word where a server knows no schemas", async () => {
    const { client } = await person();
    const model = standIn("reply={}&refuses=response_format&says=response_format is not supported");
    const how = { model, messages: ask("Rows?"), response_format: { type: "json_object" as const } };
    const answer = await client.chat.completions.create(how);
    expect(answer.choices[0]?.message.content).toBe("{}");
    expect((await bodyOf(model, 1)).response_format).toBeUndefined();
  });

  it("comes as an object to the AI SDK", async () => {
    const { key } = await person();
    const how = { name: "us", baseURL, apiKey: key, fetch: fetchWorker, supportsStructuredOutputs: true };
    const model = createOpenAICompatible(how)(standIn('reply={"rows":[1], "when":"now"}'));
    const { output } = await generateText({ model, prompt: "Rows?", output: Output.object({ schema: form }) });
    expect(output).toEqual({ rows: [1], when: "now" });
  });

  it("of a clone keeps its lists, and its citations", async () => {
    const { client, token } = await person();
    const model = standIn('reply={"rows":[1], "when":"Prune old roses in late winter [1]."}');
    const { id, slug } = await makeClone(token, { name: "Gardener", model });
    const [document] = await upload(
      token,
      id,
      fileOf("roses.md", "# Roses\n\nPrune old roses in late winter, before the buds swell."),
    );
    await settled(token, document?.id ?? "");
    const answer = await client.chat.completions.parse({
      model: `clone:${slug}`,
      messages: ask("When do I prune old roses?"),
      response_format: zodResponseFormat(form, "rows"),
    });
    const [choice] = answer.choices;
    expect(choice?.message.parsed).toEqual({ rows: [1], when: "Prune old roses in late winter [1]." });
    expect(choice?.message).toMatchObject({ citations: [{ index: 1, source: "roses.md" }] });
  });
});

describe("what else goes through", () => {
  const pixel =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

  it("pictures, to a model and beside a clone’s question", async () => {
    const { client, token } = await person();
    const model = standIn("reply=A dot.");
    const { slug } = await makeClone(token, { name: "Eyes", model });
    const content = [
      { type: "text" as const, text: "What is this?" },
      { type: "image_url" as const, image_url: { url: pixel } },
    ];
    for (const asked of [model, `clone:${slug}`])
      await client.chat.completions.create({ model: asked, messages: [{ role: "user", content }] });
    for (const at of [0, 1]) {
      const { messages } = await bodyOf(model, at);
      expect(messages.at(-1)?.content).toEqual([
        { type: "text", text: expect.stringContaining("What is this?") },
        { type: "image_url", image_url: { url: pixel } },
      ]);
    }
  });

  it("thoughts, apart from what is said, and what was counted of them", async () => {
    const { client } = await person();
    const usage = { prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 1 } };
    const model = standIn("thought=Hm.&reply=Yes.&cached=4");
    const whole = await client.chat.completions.create({ model, messages: ask("Go") });
    expect(whole).toMatchObject({ choices: [{ message: { content: "Yes.", reasoning_content: "Hm." } }], usage });
    const stream = await client.chat.completions.create({
      model,
      messages: ask("Go"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta)).toContainEqual({ reasoning_content: "Hm." });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
  });
});
