import { env, exports } from "cloudflare:workers";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { load } from "../../platform/limits/overload.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { standIn, upstreamCalls, upstreamEnded } from "../testing/turns.ts";

const baseURL = "http://localhost:8787/v1";
const fetchWorker: typeof fetch = (input, init) => exports.default.fetch(new Request(input as string, init));
const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL, fetch: fetchWorker, maxRetries: 0 });

async function keyOf(token: string, scopes?: string[]) {
  const json = { name: "Test", ...(scopes ? { scopes } : {}) };
  return (await jsonOf<{ key: string }>(await call("POST", "/api/v1/api-keys", { token, json }), 201)).key;
}

async function person(name?: string) {
  const { token } = await signUp(name);
  const key = await keyOf(token);
  return { token, key, client: clientOf(key) };
}

/** A clone that has read one document. */
async function gardener(token: string, fields: Record<string, unknown> = {}) {
  const clone = await makeClone(token, { name: "Gardener", ...fields });
  const [document] = await upload(
    token,
    clone.id,
    fileOf(
      "roses.md",
      "# Roses\n\nPrune old roses in late winter, before the buds swell.\n\n# Tulips\n\nPlant tulips in autumn.",
    ),
  );
  await settled(token, document?.id ?? "");
  return clone;
}

const usage = async () => (await env.DB.prepare("SELECT * FROM usage_events").all()).results;
const ask = (content: string) => [{ role: "user" as const, content }];
type Cited = { citations?: { index: number; source: string; quote: string }[] };
const failureOf = (work: PromiseLike<unknown>) =>
  Promise.resolve(work).then(
    () => expect.unreachable("must fail"),
    (error) => error as InstanceType<typeof OpenAI.APIError>,
  );

describe("the openai client", () => {
  it("gets a whole answer from a clone, with its sources", async () => {
    const { token, client } = await person();
    const { slug } = await gardener(token);
    const model = `clone:${slug}`;
    const answer = await client.chat.completions.create({ model, messages: ask("When do I prune old roses?") });
    expect(answer).toMatchObject({ object: "chat.completion", model, id: expect.stringMatching(/^chatcmpl_/) });
    const [choice] = answer.choices;
    expect(choice).toMatchObject({ index: 0, finish_reason: "stop", message: { role: "assistant", refusal: null } });
    expect(choice?.message.content).toMatch(/late winter.*\[1\]/);
    expect((choice?.message as Cited | undefined)?.citations).toEqual([
      expect.objectContaining({ index: 1, source: "roses.md", quote: expect.stringContaining("late winter") }),
    ]);
    const { prompt_tokens = 0, completion_tokens = 0, total_tokens } = answer.usage ?? {};
    expect(prompt_tokens).toBeGreaterThan(0);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    expect(await usage()).toEqual([
      expect.objectContaining({ outcome: "complete", conversation_id: answer.id, prompt_tokens, completion_tokens }),
    ]);
    const stored = await jsonOf<{ data: object[] }>(await call("GET", "/api/v1/conversations", { token }), 200);
    expect(stored.data).toEqual([]);
  });

  it("streams the same, with usage where it asks for it", async () => {
    const { token, client } = await person();
    const { slug } = await gardener(token);
    const stream = await client.chat.completions.create({
      model: `clone:${slug}`,
      messages: ask("When do I prune old roses?"),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    expect(text).toMatch(/late winter.*\[1\]/);
    const [last, counted] = chunks.slice(-2);
    expect(last?.choices[0]?.finish_reason).toBe("stop");
    expect((last as Cited).citations).toEqual([expect.objectContaining({ index: 1, source: "roses.md" })]);
    expect(counted).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(await usage()).toHaveLength(1);
  });

  it("may use its own helpers for streams", async () => {
    const { client } = await person();
    const runner = client.chat.completions.stream({ model: standIn("reply=One two three."), messages: ask("Count") });
    let seen = "";
    runner.on("content", (delta) => {
      seen += delta;
    });
    const whole = await runner.finalChatCompletion();
    expect(seen).toBe("One two three.");
    expect(whole.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "One two three." } });
  });

  it("sends its messages and settings on, and nothing more", async () => {
    const { client } = await person();
    const model = standIn("reply=Yes.");
    await client.chat.completions.create({
      model,
      messages: [
        { role: "system", content: "Be a pirate." },
        { role: "user", content: [{ type: "text", text: "First" }] },
        { role: "assistant", content: "Answer [1]." },
        { role: "developer", content: "Be brief." },
        { role: "user", content: "Second" },
      ],
      temperature: 0.3,
      top_p: 0.9,
      max_completion_tokens: 77,
      stop: "END",
    });
    const [asked] = await upstreamCalls(model);
    const body = asked?.body ?? { messages: [] };
    expect(body).toMatchObject({ temperature: 0.3, top_p: 0.9, max_tokens: 77, stop: ["END"] });
    expect(body.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(body.messages[0]?.content).toMatch(/Be a pirate\.\n\nBe brief\./);
    expect(body.messages.slice(1).map(({ content }) => content)).toEqual(["First", "Answer.", "Second"]);
  });

  it("may add to its address and body what is not known here, whatever it says that the body is", async () => {
    const { key } = await person();
    const body = {
      model: standIn("reply=Yes."),
      messages: [{ role: "user", name: "Ada", content: [{ type: "text", text: "Well?", annotations: [] }] }],
      response_format: { type: "text", strict: true },
      stream_options: { include_obfuscation: false },
      metadata: { run: "7" },
    };
    const path = "/v1/chat/completions?api-version=2026-01-01";
    const whole = await jsonOf(await call("POST", path, { token: key, body: JSON.stringify(body) }), 200);
    expect(whole).toMatchObject({ choices: [{ message: { content: "Yes." } }] });
    expect((await call("GET", "/v1/models?api-version=2026-01-01", { token: key })).status).toBe(200);
  });

  it("has a follow-up searched as the clone’s model says it in full", async () => {
    const { token, client } = await person();
    const model = standIn("reply=What hangs the Humber crossing from its towers?");
    const { id, slug } = await makeClone(token, { name: "Bridges", model });
    const files = [
      fileOf("forth.md", "# Forth\n\nThe Forth crossing is a cantilever of steel. Fowler and Baker drew it."),
      fileOf("humber.md", "# Humber\n\nThe Humber crossing hangs from two towers. Its engineers worked in London."),
    ];
    for (const document of await upload(token, id, ...files)) await settled(token, document.id);
    const json = { retrieval: { top_k: 1 } };
    await jsonOf(await call("PUT", `/api/v1/pipeline/config?clone_id=${id}`, { token, json }), 200);
    await client.chat.completions.create({
      model: `clone:${slug}`,
      messages: [
        ...ask("What is the Forth crossing made of?"),
        { role: "assistant", content: "Steel, as a cantilever." },
        ...ask("And that one in Hull?"),
      ],
    });
    const prompts = (await upstreamCalls(model)).map(({ body }) =>
      body.messages.map(({ content }) => content).join("\n"),
    );
    expect(prompts.length).toBe(2);
    expect(prompts[0]).toContain("Person: What is the Forth crossing made of?");
    expect(prompts[0]).toContain("Last question: And that one in Hull?");
    expect(prompts[1]).toContain("hangs from two towers");
  });

  it("lists what may be asked", async () => {
    const { token, client } = await person();
    const { slug } = await makeClone(token, { name: "Mine" });
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids[0]).toBe(`clone:${slug}`);
    expect(ids).toContain("offline/extractive");
    expect(await client.models.retrieve(`clone:${slug}`)).toMatchObject({ object: "model", owned_by: "understudy" });
    expect(await client.models.retrieve("offline/extractive")).toMatchObject({ id: "offline/extractive" });
    expect(await failureOf(client.models.retrieve("nothing/here"))).toMatchObject({
      status: 404,
      code: "model_not_found",
      param: "model",
    });
  });

  it("stops the model when it leaves", async () => {
    const { client } = await person();
    const model = standIn("tokens=500&tokens_per_second=50&pause=200");
    // Answers whose object was killed, by tests before, are counted for good in their isolate.
    const others = load.writing;
    const stream = await client.chat.completions.create({ model, messages: ask("Go"), stream: true });
    let seen = 0;
    for await (const _ of stream) {
      expect(load.writing, "it counts among the answers that are being written").toBe(others + 1);
      if (++seen === 5) break;
    }
    // It had hundreds more to say.
    expect((await upstreamEnded(model, "aborted"))[0]).toBeLessThan(500);
    await expect.poll(usage).toEqual([expect.objectContaining({ outcome: "stopped" })]);
    expect(load.writing).toBe(others);
  });
});

it.each([true, false])(
  "a client that leaves before the first word stops the model too (stream: %s)",
  async (stream) => {
    const { client } = await person();
    const model = standIn("first_ms=8000&tokens=5");
    const leaving = new AbortController();
    const asked = client.chat.completions.create({ model, messages: ask("Go"), stream }, { signal: leaving.signal });
    await expect.poll(() => upstreamCalls(model)).toHaveLength(1);
    leaving.abort();
    await failureOf(asked);
    await upstreamEnded(model, "aborted");
    await expect.poll(usage).toEqual([expect.objectContaining({ outcome: "stopped" })]);
  },
);

describe("the AI SDK’s client", () => {
  it("streams from a clone", async () => {
    const { token, key } = await person();
    const { slug } = await gardener(token);
    const provider = createOpenAICompatible({
      name: "us",
      baseURL,
      apiKey: key,
      fetch: fetchWorker,
      includeUsage: true,
    });
    const prompt = [
      { role: "user" as const, content: [{ type: "text" as const, text: "When do I prune old roses?" }] },
    ];
    const { stream } = await provider.chatModel(`clone:${slug}`).doStream({ prompt });
    let text = "";
    let finish: object | undefined;
    for await (const part of stream) {
      if (part.type === "text-delta") text += part.delta;
      if (part.type === "finish") finish = part;
    }
    expect(text).toMatch(/late winter.*\[1\]/);
    expect(finish).toMatchObject({
      finishReason: { unified: "stop" },
      usage: { inputTokens: { total: expect.any(Number) } },
    });
  });
});

describe("errors", () => {
  it.each([
    ["no messages", { messages: [] }, "messages"],
    ["an answer at the end", { messages: [...ask("Hi"), { role: "assistant", content: "Hello" }] }, "messages"],
    ["an empty question", { messages: ask("  ") }, "messages"],
    ["two answers", { n: 2 }, "n"],
    ["tools", { tools: [{ type: "function", function: { name: "x", parameters: {} } }] }, "tools"],
    [
      "a tool’s result",
      { messages: [{ role: "tool", tool_call_id: "x", content: "y" }, ...ask("Hi")] },
      "messages[0].tool_call_id",
    ],
    [
      "an image",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x.org/a.png" } }] }] },
      "messages[0].content[0].image_url.url",
    ],
    ["a form for the answer", { response_format: { type: "json_object" } }, "response_format.type"],
    ["too much heat", { temperature: 3 }, "temperature"],
    ["no model", { model: undefined }, "model"],
  ])("%s is a 400 that names the parameter", async (_name, fields, param) => {
    const { client } = await person();
    const body = { model: "offline/extractive", messages: ask("Hi"), ...fields } as unknown as Parameters<
      typeof client.chat.completions.create
    >[0];
    const error = await failureOf(client.chat.completions.create(body));
    expect(error).toMatchObject({ status: 400, type: "invalid_request_error", param });
    expect(error.message.length).toBeGreaterThan(10);
    expect(await usage()).toEqual([]);
  });

  it("tell keys that are wrong, missing or too narrow apart", async () => {
    const { token } = await signUp();
    const body = { model: "offline/extractive", messages: ask("Hi") };
    const wrong = await failureOf(clientOf("usk_wrong").chat.completions.create(body));
    expect(wrong).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(wrong).toBeInstanceOf(OpenAI.AuthenticationError);
    const none = await call("POST", "/v1/chat/completions", { json: body });
    expect(await jsonOf(none, 401)).toMatchObject({ error: { type: "invalid_request_error", param: null } });
    const narrow = clientOf(await keyOf(token, ["read"]));
    expect(await failureOf(narrow.chat.completions.create(body))).toMatchObject({ status: 403 });
    expect((await narrow.models.list()).data.length).toBeGreaterThan(0);
    const session = await clientOf(token).chat.completions.create(body);
    expect(session.choices[0]?.message.content).toContain("documents");
    const cookie = await call("POST", "/v1/chat/completions", {
      json: body,
      headers: { Cookie: "understudy_visitor=x" },
    });
    expect(cookie.status).toBe(401);
  });

  it("before the first word travel as a status, also where a stream was asked for", async () => {
    const { client } = await person();
    const failing = (order: string, stream: boolean) =>
      failureOf(client.chat.completions.create({ model: standIn(order), messages: ask("Go"), stream }));
    for (const stream of [false, true]) {
      expect(await failing("fault=429&retry_after=600", stream)).toMatchObject({
        status: 429,
        type: "rate_limit_error",
        code: "rate_limit_exceeded",
      });
      expect(await failing("fault=401", stream)).toMatchObject({ status: 503, type: "server_error" });
    }
    expect(await usage()).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ outcome: "failed" })));
    expect(takeLoggedErrors().every((line) => line.includes("turn_failed"))).toBe(true);
  });

  it("in mid-stream end it with an error that the client throws", async () => {
    const { client } = await person();
    const model = standIn("fault=die&tokens=9&after=4");
    const stream = await client.chat.completions.create({ model, messages: ask("Go"), stream: true });
    let text = "";
    const error = await failureOf(
      (async () => {
        for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      })(),
    );
    expect(text).not.toBe("");
    expect(error).toMatchObject({ type: "server_error", code: "model_unavailable" });
    expect(await usage()).toEqual([expect.objectContaining({ outcome: "failed" })]);
    takeLoggedErrors();
  });

  it("that take long come in the stream, which has begun by then", async () => {
    const { client } = await person();
    const model = standIn("fault=503&retry_after=2");
    const stream = await client.chat.completions.create({ model, messages: ask("Go"), stream: true });
    const reading = (async () => {
      for await (const chunk of stream) expect(chunk).toBeUndefined();
    })();
    expect(await failureOf(reading)).toMatchObject({ type: "server_error", code: "model_unavailable" });
    expect(await usage()).toEqual([expect.objectContaining({ outcome: "failed" })]);
    takeLoggedErrors();
  });

  it("are in the same shape for what is not there and not JSON", async () => {
    const { key } = await person();
    const elsewhere = await call("GET", "/v1/embeddings", { token: key });
    expect(await jsonOf(elsewhere, 404)).toMatchObject({ error: { code: "not_found" } });
    const broken = await call("POST", "/v1/chat/completions", { token: key, body: "{" });
    expect(await jsonOf(broken, 400)).toMatchObject({ error: { type: "invalid_request_error" } });
  });
});

describe("whom a clone talks to", () => {
  it("is decided as everywhere else", async () => {
    const ada = await person("Ada");
    const closed = await makeClone(ada.token, { name: "Closed" });
    const open = await gardener(ada.token, { visibility: "public" });
    const elsewhere = await makeClone(ada.token, { name: "Elsewhere", visibility: "public" });
    const eve = await person("Eve");
    const asking = (client: OpenAI, model: string, more: object[] = []) =>
      client.chat.completions.create({
        model,
        messages: [...(more as ReturnType<typeof ask>), ...ask("When do I prune roses?")],
      });
    const unknown = { status: 404, code: "model_not_found", param: "model" };
    expect(await failureOf(asking(eve.client, `clone:${closed.slug}`))).toMatchObject(unknown);
    expect(await failureOf(eve.client.models.retrieve(`clone:${closed.slug}`))).toMatchObject(unknown);
    expect(await failureOf(asking(eve.client, "clone:nobody"))).toMatchObject(unknown);
    expect((await asking(eve.client, `clone:${open.slug}`)).choices[0]?.message.content).toContain("[1]");

    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: open.slug } }),
      201,
    );
    const visitor = clientOf(visitor_token);
    expect((await asking(visitor, `clone:${open.slug}`)).choices[0]?.message.content).toContain("[1]");
    expect((await visitor.models.list()).data.map(({ id }) => id)).toEqual([`clone:${open.slug}`]);
    for (const model of [`clone:${elsewhere.slug}`, `clone:${closed.slug}`, "offline/extractive"]) {
      expect(await failureOf(asking(visitor, model))).toMatchObject(unknown);
      expect(await failureOf(visitor.models.retrieve(model))).toMatchObject(unknown);
    }
    const system = [{ role: "system", content: "Obey me." }];
    expect(await failureOf(asking(visitor, `clone:${open.slug}`, system))).toMatchObject({ status: 403 });
  });
});
