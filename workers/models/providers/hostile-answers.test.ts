import { env } from "cloudflare:workers";
import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { expect, inject, test } from "vitest";
import type { Script, ScriptedAnswer } from "../../../scripts/stand-ins/scripted-server.ts";
import { classifyModelFailure } from "../failures.ts";
import type { Connection } from "../ports/connection.ts";
import { knownProviders } from "../provider-list.ts";
import { readModel } from "../read-model.ts";
import { workersAiChatModel } from "./workers-ai/models.ts";

const scripted = inject("scripted");
const prompt: LanguageModelV4CallOptions["prompt"] = [{ role: "user", content: [{ type: "text", text: "Hi" }] }];
const tools = [{ type: "function" as const, name: "weather", inputSchema: { type: "object" as const } }];

const sse = (...events: object[]) => events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("");
const named = (...events: { type: string }[]) => events.map((each) => `event: ${each.type}\n${sse(each)}`).join("");
const choice = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const openai = (text: string) => ({
  begun: sse(choice({ role: "assistant", content: text })),
  rest: `${sse(choice({}, "stop"))}data: [DONE]\n\n`,
});
const gemini = (text: string) => ({
  begun: sse({ candidates: [{ content: { role: "model", parts: [{ text }] } }] }),
  rest: sse({ candidates: [{ content: { role: "model", parts: [{ text: "" }] }, finishReason: "STOP" }] }),
});
const usage = { input_tokens: 3, output_tokens: 1 };
const start = { id: "m", type: "message", role: "assistant", content: [], model: "x", stop_reason: null, usage };
const anthropic = (text: string) => ({
  begun: named(
    { type: "message_start", message: start } as { type: string },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } } as { type: string },
  ),
  rest: named(
    { type: "content_block_stop", index: 0 } as { type: string },
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage } as { type: string },
    { type: "message_stop" },
  ),
});
const line = (content: string, more: object) =>
  `${JSON.stringify({ message: { role: "assistant", content }, ...more })}\n`;
const ollama = (text: string) => ({
  begun: line(text, { done: false }),
  rest: line("", { done: true, done_reason: "stop", prompt_eval_count: 9, eval_count: 3 }),
});

/** Every way in which an answer is read: by our reader, and by each SDK. */
const ways = [
  { way: "openai", provider: "openai", model: "x", wire: openai },
  { way: "openai with tools", provider: "openai", model: "x", wire: openai, tools },
  { way: "gemini", provider: "gemini", model: "gemini-3-x", wire: gemini },
  { way: "gemini by its SDK", provider: "gemini", model: "gemini-4-x", wire: gemini },
  { way: "anthropic", provider: "anthropic", model: "claude-x", wire: anthropic },
  { way: "anthropic with tools", provider: "anthropic", model: "claude-x", wire: anthropic, tools },
  { way: "openrouter", provider: "openrouter", model: "maker/x", wire: openai },
  { way: "openrouter with tools", provider: "openrouter", model: "maker/x", wire: openai, tools },
  { way: "ollama", provider: "ollama", model: "x", wire: ollama },
];
type Way = (typeof ways)[number];

const connectionTo = (provider: string, address: string): Connection => ({
  ...{ provider, address, apiKey: "the-key", lane: "cloud", payer: "installation" },
});
const modelInfo = { capabilities: ["completion", "tools"], model_info: { "x.context_length": 8_192 } };
const json = (body: object): ScriptedAnswer => ({ body: JSON.stringify(body) });
/** What a box is asked before it is asked anything. */
const ofBox: Script = [
  ["/api/show", json(modelInfo)],
  ["/api/ps", json({ models: [] })],
  ["/api/version", json({ version: "0.13.0" })],
];

async function scriptOf(...answers: Script): Promise<string> {
  const response = await fetch(`${scripted}/_script`, { method: "POST", body: JSON.stringify([...ofBox, ...answers]) });
  return scripted + (await response.text());
}

/** What becomes of a call of a model at an address. */
async function askedAt({ provider, model, tools: offered }: Way, address: string) {
  const found = knownProviders.find(({ name }) => name === provider);
  const chat =
    found?.chatModel?.(connectionTo(provider, address), model, env) ?? expect.fail(`There is no ${provider}.`);
  return read(chat, offered);
}

async function read(chat: Parameters<typeof readModel>[0], offered?: typeof tools) {
  let text = "";
  const onText = (piece: string) => {
    text += piece;
    return false;
  };
  const allowance = { firstTokenMs: 15_000, stallMs: 15_000, thoughtMs: 15_000 };
  const options = { prompt, ...(offered ? { tools: offered } : {}) };
  try {
    await readModel(chat, options, new AbortController().signal, allowance, { onText });
  } catch (error) {
    return { text, ...classifyModelFailure(error) };
  }
  return { text, code: null, kind: null, retryable: null, message: "" };
}

const asked = async (way: Way, answer: ScriptedAnswer) => askedAt(way, await scriptOf(["", answer]));
const refusal = (status: number, message: string, headers: Record<string, string> = {}): ScriptedAnswer => ({
  ...{ status, headers, body: JSON.stringify({ error: { message, code: status, type: "error" } }) },
});
const events = { "Content-Type": "text/event-stream" };
const page = "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Hello</body></html>";
const final = (kind: string) => ({ code: "model_unavailable", kind, retryable: false });
const passing = (kind: string) => ({ code: "model_unavailable", kind, retryable: true });

const refusals: [string, ScriptedAnswer, object][] = [
  ["401", refusal(401, "Invalid API key."), final("refused")],
  ["403", refusal(403, "Not allowed here."), final("refused")],
  ["404", refusal(404, "model 'x' not found"), final("refused")],
  [
    "429",
    refusal(429, "Slow down.", { "Retry-After": "7" }),
    { code: "rate_limited", kind: "busy", retryAfterSeconds: 7 },
  ],
  ["500", refusal(500, "Something broke."), passing("down")],
  ["503", refusal(503, "Not there at the moment."), passing("down")],
  ["529", refusal(529, "Come back later."), passing("busy")],
  ["a prompt that is too long", refusal(400, "This model's maximum context length is 8192 tokens."), final("context")],
  ["a content filter", refusal(400, "The prompt was blocked by our content policy."), final("refused")],
  ["a page", { headers: { "Content-Type": "text/html" }, body: page }, final("down")],
  ["a page behind 502", { status: 502, headers: { "Content-Type": "text/html" }, body: page }, passing("down")],
  ["an error behind 200", refusal(200, "The model is overloaded."), passing("busy")],
  [
    "no gzip, though it says so",
    { headers: { ...events, "Content-Encoding": "gzip" }, body: "no gzip" },
    passing("down"),
  ],
  ["nothing", { headers: events }, passing("down")],
  ["a connection that is cut", { headers: events, ending: "cut" }, passing("down")],
  ["a line without an end", { headers: events, body: 'data: {"x":"', ending: "endless" }, passing("down")],
];

test.each(ways.flatMap((way) => refusals.map((refused) => [way.way, refused[0], way, refused] as const)))(
  "%s: %s is told as what it is",
  async (_way, _what, way, [, answer, expected]) => {
    const failure = await asked(way, answer);
    expect(failure).toMatchObject({ text: "", ...expected });
    expect(JSON.stringify(failure)).not.toContain("the-key");
  },
);

test.each(ways)("$way: a redirection is not followed, wherever it leads", async (way) => {
  const elsewhere = await scriptOf(["", json({ secret: "of the network within" })]);
  for (const status of [301, 302, 307, 308]) {
    const failure = await asked(way, { status, headers: { Location: `${elsewhere}/v1/chat` } });
    expect(failure).toMatchObject({ text: "", ...final("refused") });
  }
  expect(await (await fetch(`${elsewhere}/_hits`)).json()).toEqual([]);
});

test.each(ways)("$way: where nobody listens, it cannot be reached", async (way) => {
  expect(await askedAt(way, "http://127.0.0.1:9")).toMatchObject(passing("down"));
});

const contentType = ({ provider }: Way) => (provider === "ollama" ? {} : events);
const text = "Grüße, 世界, 🏗️!";

test.each(ways)("$way: letters that are cut between two pieces are whole", async (way) => {
  const { begun, rest } = way.wire(text);
  expect(await asked(way, { headers: contentType(way), body: begun + rest, each: 1 })).toMatchObject({
    text,
    code: null,
  });
});

test.each(ways.flatMap((way) => (["end", "cut"] as const).map((ending) => ({ ...way, ending }))))(
  "$way: an answer that is over without its end ($ending) has failed, behind what came",
  async (way) => {
    const failure = await asked(way, {
      headers: contentType(way),
      body: way.wire("The crane").begun,
      ending: way.ending,
    });
    expect(failure).toMatchObject({ text: "The crane", ...passing("down") });
  },
);

test.each(ways)("$way: an answer that stands still has failed", async (way) => {
  const address = await scriptOf([
    "",
    { headers: contentType(way), body: way.wire("The crane").begun, ending: "silence" },
  ]);
  const found = knownProviders.find(({ name }) => name === way.provider);
  const chat = found?.chatModel?.(connectionTo(way.provider, address), way.model, env) ?? expect.fail("There is none.");
  const allowance = { firstTokenMs: 10_000, stallMs: 300, thoughtMs: 10_000 };
  const reading = readModel(
    chat,
    { prompt, ...(way.tools ? { tools } : {}) },
    new AbortController().signal,
    allowance,
    {
      onText: () => false,
    },
  );
  const failure = await reading.then(() => expect.fail("It ended."), classifyModelFailure);
  expect(failure).toMatchObject({ ...passing("down"), message: expect.stringContaining("stopped in the middle") });
});

test.each([
  ["letters in pieces", { body: openai(text).begun + openai(text).rest, each: 1 }, { text, code: null }],
  ["no end", { body: openai("The crane").begun }, { text: "The crane", ...passing("down") }],
  [
    "a cut connection",
    { body: openai("The crane").begun, ending: "cut" as const },
    { text: "The crane", ...passing("down") },
  ],
  ["a line without an end", { body: "data: {", ending: "endless" as const }, { text: "", ...passing("down") }],
  ["an error", { body: sse({ error: { message: "The model is overloaded." } }) }, passing("busy")],
])("workers-ai: %s in the binding’s stream", async (_, answer, expected) => {
  const address = await scriptOf(["", { headers: events, ...answer }]);
  const AI = { run: async () => (await fetch(address)).body, models: async () => [] };
  expect(await read(workersAiChatModel(connectionTo("workers-ai", "AI"), "@cf/maker/x", AI))).toMatchObject(expected);
});
