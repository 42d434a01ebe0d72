/**
 * A loopback server that speaks Gemini's wire, for tests. What a call gets is written in its model's name, as for OpenAI's stand-in: `tokens`, `reply`,
 * `first_ms`, `tokens_per_second`, `pause`, `fault=die|end|stall|broken|long-line|error|endless`, `times`, and further:
 *   fault=key|rate|context|model|overloaded   that refusal in Gemini's own words; `fault=blocked`: it refuses the prompt
 *   thought=TEXT   thoughts before the answer; `finish=REASON` another reason why it ends; `cached=N` counts tokens as read from a cache
 *   tool=NAME      it calls a tool instead of answering
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, type Exchange, ModelCalls, type StandIn, startOnLoopback } from "./model-calls.ts";
import { embeddingOf, usageOf, wordsOf } from "./openai-answers.ts";
import { sendJson } from "./paced-response.ts";

interface Content {
  role?: string;
  parts: { text?: string }[];
}

interface GeminiRequest {
  contents?: Content[];
  systemInstruction?: Content;
  generationConfig?: { maxOutputTokens?: number };
  /** Of a request for embeddings: one, or a list of them. */
  content?: Content;
  requests?: { content: Content; outputDimensionality?: number }[];
  outputDimensionality?: number;
}

const refusal = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, message, status, details },
});

const google = "type.googleapis.com/google.rpc";
const refusals: Record<string, ReturnType<typeof refusal>> = {
  key: refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
    { "@type": `${google}.ErrorInfo`, reason: "API_KEY_INVALID", domain: "googleapis.com" },
  ]),
  rate: refusal(
    429,
    "RESOURCE_EXHAUSTED",
    "You exceeded your current quota, please check your plan and billing details.",
    [{ "@type": `${google}.RetryInfo`, retryDelay: "13s" }],
  ),
  context: refusal(
    400,
    "INVALID_ARGUMENT",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
  ),
  model: refusal(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta, or is not supported."),
  overloaded: refusal(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
};

const served = [
  { name: "models/gemini-stand-in", inputTokenLimit: 1_000_000, outputTokenLimit: 8_192, does: "generateContent" },
  {
    name: "models/gemini-3-stand-in-image",
    inputTokenLimit: 65_536,
    outputTokenLimit: 32_768,
    does: "generateContent",
  },
  { name: "models/gemini-embedding-stand-in", inputTokenLimit: 2_048, outputTokenLimit: 1, does: "embedContent" },
].map(({ does, ...rest }) => ({ ...rest, supportedGenerationMethods: [does, "countTokens"] }));

const textOf = ({ parts }: Content) => parts.map(({ text }) => text ?? "").join(" ");

/** A vector of as many numbers as are asked for. */
const sized = (vector: number[], size = vector.length) =>
  Array.from({ length: size }, (_, i) => vector[i % vector.length]);

const messagesIn = ({ contents = [], systemInstruction }: GeminiRequest) =>
  [...(systemInstruction ? [systemInstruction] : []), ...contents].map((content) => ({
    role: content.role ?? "system",
    content: textOf(content),
  }));

class GeminiStandIn {
  private readonly calls = new ModelCalls();

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    if (await this.calls.isAsked(url, response)) return;
    if (url.pathname.endsWith("/models")) return sendJson(response, 200, { models: served });
    const [, name = "", method = ""] = /\/models\/(.+):(\w+)$/.exec(url.pathname) ?? [];
    const body = await bodyOf<GeminiRequest>(request);
    const asked = { path: url.pathname, model: decodeURIComponent(name), stream: method.startsWith("stream") };
    const exchange = this.calls.open(asked, body, request, response);
    const { fault } = exchange;
    if (fault === "refuse") return void response.destroy();
    const refused = refusals[fault ?? ""];
    if (refused) return sendJson(response, refused.error.code, refused);
    if (/embed/i.test(method)) return this.embed(exchange);
    return this.generate(exchange);
  }

  private embed({ call, request, response }: Exchange<GeminiRequest>): void {
    this.calls.settle(call, "complete");
    const valuesOf = ({ content, outputDimensionality }: { content: Content; outputDimensionality?: number }) => ({
      values: sized(embeddingOf(textOf(content)), outputDimensionality),
    });
    const { requests, content } = request;
    const texts = (requests ?? [request]).flatMap(({ content }) => (content ? [textOf(content)] : []));
    const usageMetadata = { promptTokenCount: texts.join(" ").split(" ").length };
    if (requests) sendJson(response, 200, { embeddings: requests.map(valuesOf), usageMetadata });
    else if (content) sendJson(response, 200, { embedding: valuesOf({ ...request, content }), usageMetadata });
  }

  private async generate(exchange: Exchange<GeminiRequest>): Promise<void> {
    const { call, request, response, options, fault } = exchange;
    const ids = { modelVersion: call.model.split("?")[0], responseId: `gemini-${call.id}` };
    const chunks: object[] = [];
    const send = (chunk: object) => {
      if (call.stream) response.write(`data: ${JSON.stringify({ ...chunk, ...ids })}\n\n`);
      else chunks.push(chunk);
    };
    const say = (part: object) => send({ candidates: [{ content: { role: "model", parts: [part] }, index: 0 }] });
    if (call.stream) response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
    await this.calls.begin(exchange);
    const messages = messagesIn(request);
    const { prompt_tokens } = usageOf({ messages }, 0);
    const thought = options.get("thought");
    const usageMetadata = () => ({
      promptTokenCount: prompt_tokens,
      candidatesTokenCount: call.tokens,
      ...(thought === null ? {} : { thoughtsTokenCount: 5 }),
      ...(options.has("cached") ? { cachedContentTokenCount: Number(options.get("cached")) } : {}),
    });
    const end = () => {
      this.calls.settle(call, "complete");
      if (call.stream) response.end();
      else sendJson(response, 200, wholeOf(chunks, ids));
    };
    if (fault === "blocked") {
      send({
        promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
        usageMetadata: { promptTokenCount: prompt_tokens },
      });
      return end();
    }
    if (thought !== null) say({ text: thought, thought: true });
    const tool = options.get("tool");
    if (tool !== null) say({ functionCall: { id: "call_1", name: tool, args: { city: "Rome" } } });
    const words = tool === null ? wordsOf({ messages }, options, this.calls.mostWords(exchange)) : [];
    const crash = `data: ${JSON.stringify(refusals.overloaded)}\n\n`;
    const most = request.generationConfig?.maxOutputTokens;
    const reason = await this.calls.say(exchange, words, most, crash, (text) => say({ text }));
    if (reason === null) return;
    const finishReason = options.get("finish") ?? (reason === "length" ? "MAX_TOKENS" : "STOP");
    send({
      candidates: [{ content: { role: "model", parts: [] }, finishReason, index: 0 }],
      usageMetadata: usageMetadata(),
    });
    end();
  }
}

type Chunk = { candidates?: { content: Content; finishReason?: string }[] };

/** The chunks of a stream as one answer. */
function wholeOf(chunks: Chunk[], ids: object): object {
  const parts: Content["parts"] = [];
  for (const part of chunks.flatMap(({ candidates }) => candidates?.flatMap(({ content }) => content.parts) ?? [])) {
    const last = parts.at(-1);
    if (last?.text && part.text && !("thought" in last)) last.text += part.text;
    else parts.push({ ...part });
  }
  const last = chunks.at(-1) ?? {};
  const candidates = last.candidates?.map((candidate) => ({ ...candidate, content: { role: "model", parts } }));
  return { ...last, ...ids, ...(candidates ? { candidates } : {}) };
}

/** Starts the server on a free port of the loopback address. */
export function startGeminiStandIn(): Promise<StandIn> {
  const standIn = new GeminiStandIn();
  return startOnLoopback((request, response) => standIn.answer(request, response), "/v1beta");
}
