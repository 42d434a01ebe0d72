// A program as anybody writes it, with the AI SDK.
import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, streamText } from "ai";

const [baseURL, apiKey, clone, model, embeddingModel] = process.argv.slice(2);
const provider = createOpenAICompatible({ name: "understudy", baseURL, apiKey, includeUsage: true });

const whole = await generateText({ model: provider(clone), prompt: "What is a clone?", maxOutputTokens: 100 });
assert.ok(whole.text, "a clone answers");

const { textStream, usage, finishReason } = streamText({
  model: provider(model),
  prompt: "Write about a lighthouse.",
  maxOutputTokens: 60,
});
let pieces = 0;
for await (const piece of textStream) if (piece) pieces++;
assert.ok(pieces > 1 && (await usage).outputTokens > 1, "it comes in pieces, and is counted");
assert.match(await finishReason, /^(?:length|stop)$/);

const { embeddings } = await embedMany({
  model: provider.embeddingModel?.(embeddingModel) ?? provider.textEmbeddingModel(embeddingModel),
  values: ["A lamp.", "A lantern."],
});
assert.deepEqual(
  embeddings.map(({ length }) => length),
  [384, 384],
);
