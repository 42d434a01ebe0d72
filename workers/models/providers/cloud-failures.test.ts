import { expect, test } from "vitest";
import { type Cloud, clouds, logged, modelOf, named, prompt, readAll } from "../../testing/clouds.ts";
import { classifyModelFailure } from "../failures.ts";

const [gemini, anthropic, openrouter] = clouds as [Cloud, Cloud, Cloud];
const byName = { gemini, anthropic, openrouter };

/** A refusal in the words of OpenRouter. */
const said = (code: number, message: string, metadata?: object) =>
  `status=${code}&type=application/json&raw_body=${encodeURIComponent(JSON.stringify({ error: { code, message, metadata } }))}`;
const flagged = { reasons: ["violence"], flagged_input: "How do I …", provider_name: "Maker" };
const inStream = encodeURIComponent(
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "Once" } }] })}\n\ndata: ${JSON.stringify({
    error: { code: 502, message: "Provider is overloaded" },
    choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }],
  })}\n\n`,
);

const final = { code: "model_unavailable", retryable: false };
const passing = { code: "model_unavailable", retryable: true };

test.each([
  ["gemini", "fault=key", final, /refused the key/, /API key not valid/],
  ["anthropic", "fault=key", final, /refused the key/, /invalid x-api-key/],
  ["openrouter", said(401, "User not found."), final, /refused the key/, /User not found/],
  [
    "gemini",
    "fault=rate",
    { code: "rate_limited", retryable: true, retryAfterSeconds: 13 },
    /slow down/,
    /exceeded your/,
  ],
  ["anthropic", "fault=rate&retry_after=7", { code: "rate_limited", retryAfterSeconds: 7 }, /slow down/, /rate limit/],
  ["openrouter", "fault=429&retry_after=5", { code: "rate_limited", retryAfterSeconds: 5 }, /slow down/, /429/],
  ["gemini", "fault=context", final, /too long for the model/, /1048576/],
  ["anthropic", "fault=context", final, /too long for the model/, /200000 maximum/],
  ["openrouter", said(400, "This endpoint's maximum context length is 8192 tokens."), final, /too long/, /8192/],
  ["gemini", "fault=model", final, /does not have this model/, /not found/],
  ["anthropic", "fault=model", final, /does not have this model/, /claude-9/],
  [
    "openrouter",
    said(400, "maker/none is not a valid model ID"),
    final,
    /does not have this model/,
    /not a valid model/,
  ],
  ["gemini", "fault=overloaded", passing, /too much to do/, /overloaded/],
  ["anthropic", "fault=overloaded", passing, /too much to do/, /Overloaded/],
  ["anthropic", "fault=credit", final, /nothing left to spend/, /credit balance/],
  ["openrouter", said(402, "Insufficient credits"), final, /nothing left to spend/, /Insufficient/],
  ["openrouter", said(403, "Your input was flagged", flagged), final, /by its own rules/, /flagged/],
] as const)("%s before the first token: %s", async (provider, orders, failure, sentence, own) => {
  const { text, error } = await readAll(byName[provider], named(byName[provider], orders));
  expect(text).toBe("");
  expect(classifyModelFailure(error)).toMatchObject({
    ...failure,
    message: expect.stringMatching(sentence),
    own: expect.stringMatching(own),
  });
});

const everywhere = (["die", "end", "broken", "error", "long-line"] as const).flatMap((fault) =>
  clouds.map((cloud) => ({ ...cloud, fault })),
);

test.each(everywhere)(
  "$provider: $fault in mid-stream keeps what came before, and can be tried again",
  async (cloud) => {
    const { text, error } = await readAll(cloud, named(cloud, `fault=${cloud.fault}`));
    expect(text).toMatch(/^You asked: What/);
    expect(classifyModelFailure(error)).toMatchObject(passing);
  },
);

const busy = /too much to do/;
test.each([
  ["gemini", "fault=error", busy, "The model is overloaded. Please try again later."],
  ["anthropic", "fault=error", busy, "Overloaded"],
  ["openrouter", `raw_body=${inStream}`, busy, "Provider is overloaded"],
] as const)("%s in mid-stream is told in its own words", async (provider, orders, sentence, own) => {
  const { error } = await readAll(byName[provider], named(byName[provider], orders));
  expect(classifyModelFailure(error)).toMatchObject({ message: expect.stringMatching(sentence), own });
});

test.each([
  { ...gemini, orders: "fault=blocked" },
  { ...gemini, orders: "reply=Once&finish=SAFETY" },
  { ...anthropic, orders: "reply=Once&finish=refusal" },
])("$provider: $orders is an answer that was held back", async (cloud) => {
  const { parts } = await readAll(cloud, named(cloud, cloud.orders));
  expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: { unified: "content-filter" } });
});

test.each(clouds)("$provider with tools fails in its own words too", async (cloud) => {
  const tools = [{ type: "function" as const, name: "weather", inputSchema: { type: "object" as const } }];
  const { error } = await readAll(cloud, named(cloud, "fault=error"), { tools });
  expect(classifyModelFailure(error)).toMatchObject(passing);
  const broken = await readAll(cloud, named(cloud, "fault=die"), { tools });
  expect(classifyModelFailure(broken.error)).toMatchObject(passing);
});

test.each(clouds)("an abort reaches $provider and comes out as an abort", async (cloud) => {
  const name = named(cloud, "tokens_per_second=50&tokens=1000&pause=20");
  const aborter = new AbortController();
  const { stream } = await (await modelOf(cloud, name)).doStream({ prompt, abortSignal: aborter.signal });
  const reader = stream.getReader();
  for (let i = 0; i < 3; i++) await reader.read();
  aborter.abort();
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  await expect(rest()).rejects.toMatchObject({ name: "AbortError" });
  await logged(cloud, name, "aborted");
});

test.each(clouds)("what $provider says does not repeat the key", async (cloud) => {
  const model = await modelOf(cloud, named(cloud, "fault=key"));
  const failure = classifyModelFailure(await Promise.resolve(model.doStream({ prompt })).catch((error) => error));
  expect(JSON.stringify(failure)).not.toContain("key-of-the-test");
});
