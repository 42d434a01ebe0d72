import { env, exports } from "cloudflare:workers";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { standIn, upstreamCalls, upstreamEnded } from "../testing/turns.ts";

const fetchWorker: typeof fetch = (input, init) => exports.default.fetch(new Request(input as string, init));

async function person() {
  const { token } = await signUp();
  const made = await jsonOf<{ key: string }>(
    await call("POST", "/api/v1/api-keys", { token, json: { name: "T" } }),
    201,
  );
  const baseURL = "http://localhost:8787/v1";
  return { token, client: new OpenAI({ apiKey: made.key, baseURL, fetch: fetchWorker, maxRetries: 0 }) };
}

const weather = {
  type: "function" as const,
  name: "weather",
  strict: null,
  parameters: { type: "object", properties: { place: { type: "string" } } },
};
const failureOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => expect.unreachable("must fail"),
    (error) => error as InstanceType<typeof OpenAI.APIError>,
  );
const usage = async () => (await env.DB.prepare("SELECT * FROM usage_events").all()).results;

describe("responses", () => {
  it("answer a string, with instructions and settings", async () => {
    const { client } = await person();
    const model = standIn("thought=Hm.&reply=Aye.&cached=4");
    const answer = await client.responses.create({
      model,
      input: "Well?",
      instructions: "Be a pirate.",
      max_output_tokens: 77,
      temperature: 0.3,
      reasoning: { effort: "low" },
    });
    expect(answer.output_text).toBe("Aye.");
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      status: "completed",
      store: false,
      output: [
        { type: "reasoning", content: [{ text: "Hm." }] },
        { type: "message", role: "assistant" },
      ],
      usage: { input_tokens_details: { cached_tokens: 4 }, output_tokens_details: { reasoning_tokens: 1 } },
    });
    const [asked] = await upstreamCalls(model);
    expect(asked?.body).toMatchObject({ max_tokens: 77, temperature: 0.3, reasoning_effort: "low" });
    expect(asked?.body.messages[0]?.content).toContain("Be a pirate.");
    expect(await usage()).toEqual([expect.objectContaining({ outcome: "complete" })]);
  });

  it("stream every event that the client’s own helper builds an answer from", async () => {
    const { client } = await person();
    const model = standIn('thought=Hm.&reply=Let me look.&calls=weather:{"place":"Hull"}');
    const runner = client.responses.stream({ model, input: "Hull?", tools: [weather] });
    const types: string[] = [];
    const numbers: number[] = [];
    for await (const event of runner) {
      if (types.at(-1) !== event.type) types.push(event.type);
      numbers.push(event.sequence_number);
    }
    expect(numbers).toEqual(numbers.map((_, at) => at));
    expect(types).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.reasoning_text.delta",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_item.added",
      "response.function_call_arguments.delta",
      "response.reasoning_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.function_call_arguments.done",
      "response.output_item.done",
      "response.completed",
    ]);
    const whole = await runner.finalResponse();
    expect(whole.output_text).toBe("Let me look.");
    expect(whole.output.at(-1)).toMatchObject({
      type: "function_call",
      call_id: "call_1",
      name: "weather",
      arguments: '{"place":"Hull"}',
    });
  });

  it("take calls and their results back as items", async () => {
    const { client } = await person();
    const model = standIn('calls=weather:{"place":"Hull"}');
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "Hull?" }];
    const first = await client.responses.create({ model, input, tools: [weather] });
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]));
    input.push({ type: "function_call_output", call_id: "call_1", output: "Rain" });
    const second = await client.responses.create({ model, input, tools: [weather] });
    expect(second.output_text).toContain("You asked: Hull?");
    const [, asked] = await upstreamCalls(model);
    expect(asked?.body.messages.slice(1)).toMatchObject([
      { role: "user", content: "Hull?" },
      { role: "assistant", tool_calls: [{ id: "call_1", function: { name: "weather" } }] },
      { role: "tool", tool_call_id: "call_1", content: "Rain" },
    ]);
  });

  it("are parsed by a schema", async () => {
    const { client } = await person();
    const answer = await client.responses.parse({
      model: standIn('reply={"rows":[1, 2]}'),
      input: "Rows?",
      text: { format: zodTextFormat(z.object({ rows: z.array(z.number()) }), "rows") },
    });
    expect(answer.output_parsed).toEqual({ rows: [1, 2] });
  });

  it("of a clone cite by annotations, whole and streamed", async () => {
    const { client, token } = await person();
    const { id, slug } = await makeClone(token, { name: "Gardener" });
    const [document] = await upload(
      token,
      id,
      fileOf("roses.md", "# Roses\n\nPrune old roses in late winter, before the buds swell."),
    );
    await settled(token, document?.id ?? "");
    const how = { model: `clone:${slug}`, input: "When do I prune old roses?" };
    const whole = await client.responses.create(how);
    const streamed = await client.responses.stream(how).finalResponse();
    for (const { output_text, output } of [whole, streamed]) {
      expect(output_text).toMatch(/late winter.*\[1\]/);
      expect(output[0]).toMatchObject({
        content: [{ annotations: [{ type: "file_citation", index: 1, filename: "roses.md", file_id: document?.id }] }],
      });
    }
    const refused = await failureOf(client.responses.create({ ...how, tools: [weather] }));
    expect(refused).toMatchObject({ status: 400, param: "tools" });
  });

  it("say that they were cut off", async () => {
    const { client } = await person();
    const how = { model: standIn("tokens=40"), input: "Go", max_output_tokens: 5 };
    expect(await client.responses.create(how)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });

  it("stop the model when the client leaves", async () => {
    const { client } = await person();
    const model = standIn("tokens=500&tokens_per_second=50");
    const stream = await client.responses.create({ model, input: "Go", stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 8) break;
    expect((await upstreamEnded(model, "aborted"))[0]).toBeLessThan(500);
    await expect.poll(usage).toEqual([expect.objectContaining({ outcome: "stopped" })]);
  });

  it("fail with a status before the first word, and with an event behind it", async () => {
    const { client } = await person();
    const early = await failureOf(client.responses.create({ model: standIn("fault=401"), input: "Go", stream: true }));
    expect(early).toMatchObject({ status: 503, type: "server_error" });
    const stream = await client.responses.create({
      model: standIn("fault=die&tokens=9&after=4"),
      input: "Go",
      stream: true,
    });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { code: "model_unavailable" } },
    });
    takeLoggedErrors();
  });

  it.each([
    ["what is to be stored", { store: true }, "store"],
    ["what was stored", { previous_response_id: "resp_1" }, "previous_response_id"],
    ["work behind one’s back", { background: true }, "background"],
    ["a tool of OpenAI’s own", { tools: [{ type: "web_search" }] }, "tools[0].type"],
    [
      "a result of nothing",
      { input: [{ type: "function_call_output", call_id: "x", output: "y" }] },
      "input[0].call_id",
    ],
    ["no question", { input: [{ role: "assistant", content: "Hi" }] }, "input"],
    ["an item of another kind", { input: [{ type: "item_reference", id: "x" }] }, "input"],
  ])("refuse %s", async (_name, fields, param) => {
    const { client } = await person();
    const body = { model: standIn("reply=Yes."), input: "Hi", ...fields };
    const error = await failureOf(
      client.responses.create(body as unknown as OpenAI.Responses.ResponseCreateParamsNonStreaming),
    );
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error", param });
  });
});

describe("embeddings", () => {
  it("are made by the model that is named, as numbers and as bytes", async () => {
    const { client } = await person();
    const input = ["roses in winter", "tulips in autumn", "roses in winter"];
    for (const [model, size] of [
      ["openai/stand-in-embedding", 96],
      ["offline/hash", undefined],
    ] as const) {
      // The client asks for bytes where nothing is said, and turns them into numbers itself.
      const bytes = await client.embeddings.create({ model, input });
      const numbers = await client.embeddings.create({ model, input, encoding_format: "float" });
      expect(bytes.data.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(bytes.data[0]?.embedding).toEqual(bytes.data[2]?.embedding);
      expect(bytes.data[0]?.embedding).not.toEqual(bytes.data[1]?.embedding);
      expect([...(bytes.data[1]?.embedding ?? [])]).toEqual(numbers.data[1]?.embedding);
      expect(Math.hypot(...(numbers.data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
      if (size) expect(numbers.data[0]?.embedding).toHaveLength(size);
      expect(numbers).toMatchObject({ object: "list", model, usage: { prompt_tokens: expect.any(Number) } });
    }
  });

  it("pass the size on, and go in batches", async () => {
    const { client } = await person();
    const model = standIn("most=100");
    const input = Array.from({ length: 130 }, (_, at) => `text ${at}`);
    expect((await client.embeddings.create({ model, input, dimensions: 96 })).data).toHaveLength(130);
  });

  it.each([
    ["tokens", { input: [[1, 2, 3]] }, 400, "input"],
    ["nothing", { input: [] }, 400, "input"],
    ["too many", { input: Array(2_049).fill("x") }, 400, "input"],
    ["another size of the built-in vectors", { model: "offline/hash", dimensions: 7 }, 400, "dimensions"],
    ["a model of nobody", { model: "nobody/here" }, 404, "model"],
    ["a clone", { model: "clone:nobody" }, 404, "model"],
  ])("are not made of %s", async (_name, fields, status, param) => {
    const { client } = await person();
    const body = { model: "offline/hash", input: "Hi", ...fields } as OpenAI.EmbeddingCreateParams;
    expect(await failureOf(client.embeddings.create(body))).toMatchObject({ status, param });
  });

  it("tell of a model that does not answer", async () => {
    const { client } = await person();
    const error = await failureOf(client.embeddings.create({ model: standIn("fault=500"), input: "Hi" }));
    expect(error).toMatchObject({ status: 503, code: "model_unavailable" });
    takeLoggedErrors();
  });
});
