// Ollama's own client, which speaks to the box and not to us: what it finds there is what the product left.
import assert from "node:assert/strict";
import { Ollama } from "ollama";

const [host, model] = process.argv.slice(2);
const client = new Ollama({ host });
const { models } = await client.list();
assert.ok(
  models.some(({ name }) => name === model),
  "the model is there",
);
let text = "";
const stream = await client.chat({
  model,
  messages: [{ role: "user", content: "Say hello." }],
  options: { num_predict: 20, num_ctx: 4096 },
  stream: true,
});
for await (const { message } of stream) text += message.content;
assert.ok(text, "it answers others beside the product");
