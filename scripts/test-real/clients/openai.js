// A program as anybody writes it, with OpenAI's own client for JavaScript.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [baseURL, apiKey, clone, model, embeddingModel] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const messages = [{ role: "user", content: "What is a clone?" }];

const listed = (await client.models.list()).data.map(({ id }) => id);
assert.ok(listed.includes(clone) && listed.includes(model), "both are listed");

const whole = await client.chat.completions.create({ model: clone, messages, max_tokens: 100, temperature: 0 });
assert.ok(whole.choices[0].message.content, "a clone answers");
assert.ok(Array.isArray(whole.choices[0].message.citations), "with citations");

const stream = await client.chat.completions.create({
  model,
  messages,
  max_tokens: 60,
  stream: true,
  stream_options: { include_usage: true },
});
let pieces = 0;
let usage = null;
for await (const chunk of stream) {
  if (chunk.choices[0]?.delta.content) pieces++;
  usage = chunk.usage ?? usage;
}
assert.ok(pieces > 1 && usage.completion_tokens > 1, "it comes in pieces, and is counted");

const endless = await client.chat.completions.create({ model, messages, temperature: 0.9, stream: true });
for await (const chunk of endless) if (chunk.choices[0]?.delta.content) break;

const answer = await client.responses.create({ model: clone, input: "What is a clone?", max_output_tokens: 60 });
assert.ok(answer.output_text, "the later wire answers");
const kinds = new Set();
const events = await client.responses.create({ model, input: "Say hello.", max_output_tokens: 30, stream: true });
for await (const event of events) kinds.add(event.type);
assert.ok(kinds.has("response.created") && kinds.has("response.output_text.delta"), "and streams");

const properties = { colour: { type: "string", enum: ["red", "green", "blue"] } };
const schema = { type: "object", properties, required: ["colour"], additionalProperties: false };
const formed = await client.chat.completions.create({
  model,
  messages: [{ role: "user", content: "Which colour has grass?" }],
  max_tokens: 60,
  response_format: { type: "json_schema", json_schema: { name: "colour", schema, strict: true } },
});
assert.ok(properties.colour.enum.includes(JSON.parse(formed.choices[0].message.content).colour), "a schema holds");

// The client asks for base64 by itself.
const { data } = await client.embeddings.create({ model: embeddingModel, input: ["A lamp.", "A lantern.", "Law."] });
const [lamp, lantern, law] = data.map(({ embedding }) => embedding);
const alike = (one, other) => one.reduce((sum, value, i) => sum + value * other[i], 0);
assert.equal(lamp.length, 384);
assert.ok(alike(lamp, lantern) > alike(lamp, law), "vectors know what is alike");

await assert.rejects(client.chat.completions.create({ model: "ollama/none", messages }), OpenAI.NotFoundError);
await assert.rejects(new OpenAI({ baseURL, apiKey: "usk_wrong" }).models.list(), OpenAI.AuthenticationError);
