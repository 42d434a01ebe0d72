/**
 * What a chat's server is without this product: Hono and the AI SDK on Node, which pass an answer of the model on as the SDK's own
 * stream of events. It signs nobody in, stores nothing and searches nothing. A process of its own, `node scripts/bench/bare-server.ts
 * MODELS-URL`, that prints its address.
 */
import type { AddressInfo } from "node:net";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { serve } from "@hono/node-server";
import { createUIMessageStreamResponse, streamText, toUIMessageStream } from "ai";
import { Hono } from "hono";

const upstream = createOpenAICompatible({ name: "stand-in", baseURL: process.argv[2] ?? "" });

const app = new Hono().post("/chat", async (c) => {
  const { model, content } = await c.req.json<{ model: string; content: string }>();
  const { stream } = streamText({ model: upstream(model), prompt: content });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream }) });
});

const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
