/**
 * A loopback server that speaks OpenAI's wire, for tests and benchmarks: real HTTP, real SSE, and every fault that real
 * providers show. Run it by itself: `npm run script -- stand-ins/openai-server.ts --port 0`; it prints its address.
 *
 * What a call gets is written in its model's name, as a query: `stand-in?tokens=100&first_ms=200&tokens_per_second=50`.
 *   reply=TEXT  the whole answer; otherwise it repeats the question and counts up to `tokens` words
 *   calls=A:{"x":1}|B:{}   tools that it calls, where it is given some, before one has answered; with `reply`, behind that
 *   thought=TEXT  what it thinks aloud before a streamed answer; `cached=N`: so many tokens of the prompt it had read before
 *   fault=401|403|404|429|500|503      that status instead of an answer; `retry_after=SECONDS` adds the header
 *   fault=refuse                       the connection is cut before any byte
 *   fault=die | end | stall | broken | long-line | error   after `after` tokens (default 3): the connection is cut; it ends without
 *                                      a finish reason; nothing more comes; a line is no JSON; 10 MB in one line; an error object
 *   fault=endless                      it never stops by itself
 *   pieces=1    every event comes in three chunks, the last of them only its empty line
 *   linger=1    the connection stays open behind the end of the answer
 *   wanted=WORD the text that a rerank request scores highest is the one with most of this word; `raw=1` gives numbers beyond 0 to 1
 *   times=N     the fault shows in the first N calls of exactly this model name, then all is well
 *   pause=A,B   after A tokens it holds still, and after B, until a `POST /_resume?model=` of exactly this model name lets it go on; that
 *               waits for one that holds still
 *   raw_body=TEXT   exactly this, in the place of an answer; `status=` and `type=` are its own, `hold=1` leaves the connection open behind it
 *   refuses=A,B     requests with one of these fields or roles, or `stream`, are refused; `says=` in these words
 *   most=N          an embedding request with more texts is refused; `vectors=shuffled|short|uneven|bare|base64` is how the others are answered
 * Below `/refusing` every key is refused. Below `/openrouter/api/v1` the list of models is OpenRouter's.
 * `GET /_log?model=&outcome=` lists the calls; with `outcome`, it waits for one such call for as long as the asker does.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { bodyOf, type Defaults, type Exchange, ModelCalls, type StandIn, startOnLoopback } from "./model-calls.ts";
import { type ChatRequest, callsOf, detailsOf, usageOf, wordsOf } from "./openai-answers.ts";
import { refused, sendVectors, sentRaw } from "./openai-quirks.ts";
import { sendJson } from "./paced-response.ts";

const statusFaults = new Set(["401", "403", "404", "429", "500", "503"]);
const crash = `data: ${JSON.stringify({ error: { message: "The model crashed.", type: "server_error", code: 500 } })}\n\n`;

/** What OpenRouter, whose wire is the same, says of its models. */
const routed = [
  {
    id: "maker/stand-in",
    context_length: 500_000,
    architecture: { input_modalities: ["text", "image"], output_modalities: ["text"] },
    supported_parameters: ["tools", "max_tokens"],
    top_provider: { max_completion_tokens: 16_000 },
    pricing: {
      ...{ prompt: "0.00000015000001", completion: "6e-7", request: "0", image: "0.001", internal_reasoning: "0" },
      ...{ input_cache_read: "0.000000015", input_cache_write: "0.0000001875" },
      overrides: [{ min_prompt_tokens: 200_000, prompt: "0.0000003" }],
    },
  },
  { id: "maker/stand-in-free", pricing: { prompt: "0", completion: "0" } },
  { id: "maker/stand-in-router", pricing: { prompt: "-1", completion: "-1" } },
  { id: "maker/stand-in-embedding", architecture: { input_modalities: ["text"], output_modalities: ["embeddings"] } },
];

class OpenAiStandIn {
  private readonly calls: ModelCalls;

  constructor(defaults: Partial<Defaults>) {
    this.calls = new ModelCalls(defaults);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    if (await this.calls.isAsked(url, response)) return;
    if (url.pathname.startsWith("/refusing/"))
      return sendJson(response, 401, { error: { message: "Incorrect API key provided.", code: "invalid_api_key" } });
    if (url.pathname.startsWith("/openrouter/") && url.pathname.endsWith("/models"))
      return sendJson(response, 200, { data: routed });
    if (url.pathname.endsWith("/models")) {
      const served = ["stand-in", "stand-in-embedding", "gpt-4o-stand-in", "gpt-4"];
      const data = served.map((id) => ({ id, object: "model" }));
      return sendJson(response, 200, { object: "list", data });
    }
    const body = await bodyOf<ChatRequest>(request);
    const asked = { path: url.pathname, model: body.model ?? "", stream: body.stream === true };
    const exchange = this.calls.open(asked, body, request, response);
    const { fault, options } = exchange;
    if (fault === "refuse") return void response.destroy();
    if (fault !== null && statusFaults.has(fault)) {
      const retryAfter = options.get("retry_after");
      const message = `The stand-in was asked to answer ${fault}.`;
      const headers: Record<string, string> = retryAfter ? { "Retry-After": retryAfter } : {};
      return sendJson(response, Number(fault), { error: { message, type: "stand_in", code: fault } }, headers);
    }
    if (refused(exchange.request, options, response) || sentRaw(options, response)) return;
    if (url.pathname.endsWith("/embeddings")) return this.embed(exchange);
    if (url.pathname.endsWith("/rerank")) return this.rerank(exchange);
    if (url.pathname.endsWith("/chat/completions")) return this.chat(exchange);
    sendJson(response, 404, { error: { message: `Nothing answers ${url.pathname}.`, type: "stand_in", code: "404" } });
  }

  private async chat(exchange: Exchange<ChatRequest>): Promise<void> {
    const { call, request, response, options } = exchange;
    if (call.stream) return this.stream(exchange);
    await this.calls.begin(exchange);
    const calls = callsOf(request, options);
    const isSilent = calls.length > 0 && !options.has("reply");
    const all = isSilent ? [] : [...wordsOf(request, options, this.calls.mostWords(exchange))];
    const words = all.slice(0, request.max_tokens);
    call.tokens = words.length;
    this.calls.settle(call, "complete");
    const finish_reason = words.length < all.length ? "length" : calls.length > 0 ? "tool_calls" : "stop";
    const message = { role: "assistant", content: words.join(""), ...(calls.length > 0 ? { tool_calls: calls } : {}) };
    const choice = { index: 0, message, finish_reason };
    const head = { id: `chatcmpl-${call.id}`, object: "chat.completion", created: 1, model: call.model };
    sendJson(response, 200, { ...head, choices: [choice], usage: usageOf(request, words.length) });
  }

  private async stream(exchange: Exchange<ChatRequest>): Promise<void> {
    const { call, request, response, options } = exchange;
    const head = { id: `chatcmpl-${call.id}`, object: "chat.completion.chunk", created: 1, model: call.model };
    const inPieces = options.has("pieces");
    const send = (value: object) => {
      const pieces = ["data: ", JSON.stringify({ ...head, ...value }), "\n\n"];
      for (const piece of inPieces ? pieces : [pieces.join("")]) response.write(piece);
    };
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    await this.calls.begin(exchange);
    const reasoning_content = options.get("thought");
    if (reasoning_content) send({ choices: [{ index: 0, delta: { reasoning_content }, finish_reason: null }] });
    const calls = callsOf(request, options);
    const isSilent = calls.length > 0 && !options.has("reply");
    const words = isSilent ? [] : wordsOf(request, options, this.calls.mostWords(exchange));
    const finish_reason = await this.calls.say(exchange, words, request.max_tokens, crash, (content) =>
      send({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] }),
    );
    if (finish_reason === null) return;
    for (const { function: called, ...call } of calls) {
      const say = (piece: object) =>
        send({ choices: [{ index: 0, delta: { tool_calls: [piece] }, finish_reason: null }] });
      say({ ...call, function: { name: called.name, arguments: "" } });
      for (const piece of called.arguments.match(/.{1,5}/gs) ?? [])
        say({ index: call.index, function: { arguments: piece } });
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: calls.length > 0 ? "tool_calls" : finish_reason }] });
    if (request.stream_options?.include_usage)
      send({ choices: [], usage: { ...usageOf(request, call.tokens), ...detailsOf(options) } });
    this.calls.settle(call, "complete");
    if (options.has("linger")) response.write("data: [DONE]\n\n");
    else response.end("data: [DONE]\n\n");
  }

  private embed({ call, request, response, options }: Exchange<ChatRequest>): void {
    this.calls.settle(call, "complete");
    sendVectors(request, options, response);
  }

  /** Cohere's wire: best first, each with its place in the request. */
  private async rerank(exchange: Exchange<ChatRequest>): Promise<void> {
    const { call, request, response, options } = exchange;
    await this.calls.begin(exchange);
    this.calls.settle(call, "complete");
    const wanted = (options.get("wanted") ?? request.query ?? "").toLowerCase();
    const scored = (request.documents ?? []).map((text, index) => {
      const count = text.toLowerCase().split(wanted).length - 1;
      return { index, relevance_score: options.has("raw") ? 4 * count - 2 : count / (count + 1) };
    });
    sendJson(response, 200, { results: scored.sort((a, b) => b.relevance_score - a.relevance_score) });
  }
}

/** Starts the server on `port` (0 for any free one) of the loopback address. */
export function startOpenAiStandIn(port = 0, defaults: Partial<Defaults> = {}): Promise<StandIn> {
  const standIn = new OpenAiStandIn(defaults);
  return startOnLoopback((request, response) => standIn.answer(request, response), "/v1", port);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      "first-ms": { type: "string", default: "0" },
      "tokens-per-second": { type: "string", default: "0" },
      tokens: { type: "string", default: "24" },
    },
  });
  const standIn = await startOpenAiStandIn(Number(values.port), {
    firstMs: Number(values["first-ms"]),
    tokensPerSecond: Number(values["tokens-per-second"]),
    tokens: Number(values.tokens),
  });
  console.log(standIn.url);
}
