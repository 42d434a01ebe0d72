import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { classifyModelFailure } from "../failures.ts";
import { AnswerReader as AnthropicReader } from "./anthropic/answer-reader.ts";
import { type Emit, type EventReader, readEventStream } from "./event-stream.ts";
import { AnswerReader as GeminiReader } from "./gemini/answer-reader.ts";

const readers = {
  gemini: (emit: Emit): EventReader => new GeminiReader(emit),
  anthropic: (emit: Emit): EventReader => new AnthropicReader(emit),
};
type Wire = keyof typeof readers;

/** What becomes of a body. */
async function read(wire: Wire, body: string) {
  const parts: LanguageModelV4StreamPart[] = [];
  const bytes = new Response(body).body as ReadableStream<Uint8Array>;
  const answering = { warnings: [], withoutKey: (text: string) => text.replaceAll("the-key", "…") };
  for await (const part of readEventStream(bytes, readers[wire], answering, undefined)) parts.push(part);
  const text = parts.map((part) => (part.type === "text-delta" ? part.delta : "")).join("");
  const error = parts.find((part) => part.type === "error")?.error;
  return { text, end: parts.at(-1), failure: error === undefined ? undefined : classifyModelFailure(error) };
}

const sse = (...events: unknown[]) => events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("");
const said = (text: unknown, more: object = {}) => ({ candidates: [{ content: { parts: [{ text }] }, ...more }] });
const delta = (text: unknown) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
const stop = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } };

test.each([
  [
    "gemini",
    "events with carriage returns",
    sse(said("Owed."), said("", { finishReason: "STOP" })).replaceAll("\n", "\r\n"),
  ],
  ["gemini", "a list in one piece", JSON.stringify([said("Ow"), said("ed.", { finishReason: "STOP" })], null, 2)],
  ["gemini", "pieces that hold nothing", sse({}, { candidates: [] }, said("Owed.", { finishReason: "STOP" }))],
  ["anthropic", "events without names", sse(delta("Owed."), stop, { type: "message_stop" })],
  ["anthropic", "no word that all was said", sse(delta("Owed."), stop)],
  [
    "anthropic",
    "kinds that are not known yet",
    sse({ type: "new" }, delta("Owed."), { type: "newer", delta: {} }, stop),
  ],
] as const)("%s: %s are read", async (wire, _what, body) => {
  expect(await read(wire, body)).toMatchObject({ text: "Owed.", end: { finishReason: { unified: "stop" } } });
});

test.each([
  ["gemini", sse(said("Owed."))],
  ["gemini", sse(said("Owed."), { candidates: [{ content: { parts: { text: 1 } } }] })],
  ["gemini", `${sse(said("Owed."))}data: {"candidates": [`],
  ["anthropic", sse(delta("Owed."), { type: "message_stop" })],
  ["anthropic", `${sse(delta("Owed."))}data: "words"\n\n`],
  ["anthropic", sse(delta("Owed."), { type: "message_delta", usage: "none", delta: "end" })],
] as const)(
  "%s: what breaks off, or is of another kind, has failed behind what came before it: %s",
  async (wire, body) => {
    const { text, failure } = await read(wire, body);
    expect(text).toBe("Owed.");
    expect(failure).toMatchObject({
      code: "model_unavailable",
      retryable: true,
      message: expect.stringMatching(/could not be read/),
    });
  },
);

test("an error in the place of an answer is told, and the key with it is not", async () => {
  const error = { code: 403, message: "The key the-key was reported as leaked.", status: "PERMISSION_DENIED" };
  const whole = await read("gemini", JSON.stringify([{ error }]));
  expect(whole.failure).toMatchObject({ retryable: false, own: "The key … was reported as leaked." });
  const page = await read("anthropic", "<!doctype html><title>Sign in to the proxy</title>");
  expect(page.failure).toMatchObject({ retryable: false, own: "Sign in to the proxy" });
});

test("what is no count is unknown", async () => {
  const counted = {
    promptTokenCount: "12",
    candidatesTokenCount: -1,
    thoughtsTokenCount: 4,
    cachedContentTokenCount: null,
  };
  const gemini = await read("gemini", sse(said("Owed.", { finishReason: "STOP" }), { usageMetadata: counted }));
  expect(gemini.end).toMatchObject({
    usage: { inputTokens: { total: undefined, cacheRead: undefined }, outputTokens: { total: 4, reasoning: 4 } },
  });
  const usage = { input_tokens: 5, cache_read_input_tokens: 7, cache_creation_input_tokens: "9", output_tokens: 1 };
  const anthropic = await read("anthropic", sse({ type: "message_start", message: { usage } }, delta("Owed."), stop));
  expect(anthropic.end).toMatchObject({
    usage: { inputTokens: { total: 12, noCache: 5, cacheRead: 7 }, outputTokens: { total: 3, text: undefined } },
  });
});
