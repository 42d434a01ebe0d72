/**
 * A loopback server that speaks OpenAI's wire, for tests and benchmarks: real HTTP, real SSE, and every fault that real
 * providers show. Run it by itself: `npm run script -- stand-ins/openai-server.ts --port 0`; it prints its address.
 *
 * What a call gets is written in its model's name, as a query: `stand-in?tokens=100&first_ms=200&tokens_per_second=50`.
 *   reply=TEXT  the whole answer; otherwise it repeats the question and counts up to `tokens` words
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
 * `GET /_log?model=&outcome=` lists the calls; with `outcome`, it waits for one such call for as long as the asker does.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { type ChatRequest, usageOf, wordsOf } from "./openai-answers.ts";
import { refused, sendVectors, sentRaw } from "./openai-quirks.ts";
import { drained, sendJson, showMidStream, wait } from "./paced-response.ts";

type Outcome = "running" | "complete" | "aborted" | "failed";

interface Call {
  id: number;
  path: string;
  model: string;
  outcome: Outcome;
  tokens: number;
  stream: boolean;
  authorization: string | null;
  body: unknown;
}

export interface StandIn {
  /** The base URL, with `/v1`. */
  url: string;
  close(): Promise<void>;
}

interface Defaults {
  firstMs: number;
  tokensPerSecond: number;
  tokens: number;
}

const statusFaults = new Set(["401", "403", "404", "429", "500", "503"]);

async function bodyOf(request: IncomingMessage): Promise<ChatRequest> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as ChatRequest);
}

/** One request for an answer, with what its model's name orders. */
interface Exchange {
  call: Call;
  request: ChatRequest;
  response: ServerResponse;
  options: URLSearchParams;
  fault: string | null;
}

class OpenAiStandIn {
  private readonly calls: Call[] = [];
  private readonly faultsShown = new Map<string, number>();
  /** Those that hold still. */
  private readonly held = new Set<Call>();
  private readonly watchers = new Set<() => void>();
  private readonly defaults: Defaults;

  constructor(defaults: Defaults) {
    this.defaults = defaults;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    if (url.pathname === "/_log") return this.log(url, response);
    if (url.pathname === "/_resume") return this.resume(url.searchParams.get("model"), response);
    if (url.pathname.endsWith("/models")) {
      const served = ["stand-in", "stand-in-embedding", "gpt-4o-stand-in", "gpt-4"];
      const data = served.map((id) => ({ id, object: "model" }));
      return sendJson(response, 200, { object: "list", data });
    }
    const exchange = this.open(url.pathname, await bodyOf(request), request, response);
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

  private open(path: string, body: ChatRequest, request: IncomingMessage, response: ServerResponse): Exchange {
    const model = body.model ?? "";
    const options = new URLSearchParams(model.includes("?") ? model.slice(model.indexOf("?") + 1) : "");
    const call: Call = {
      id: this.calls.length + 1,
      path,
      model,
      outcome: "running",
      tokens: 0,
      stream: body.stream === true,
      authorization: request.headers.authorization ?? null,
      body,
    };
    this.calls.push(call);
    const fault = this.faultOf(model, options);
    const ownDoing = fault === "die" || fault === "refuse";
    response.once("close", () => this.settle(call, response.writableFinished || ownDoing ? "failed" : "aborted"));
    return { call, request: body, response, options, fault };
  }

  private faultOf(model: string, options: URLSearchParams): string | null {
    const [fault, times] = [options.get("fault"), options.get("times")];
    if (fault === null || times === null) return fault;
    const shown = this.faultsShown.get(model) ?? 0;
    this.faultsShown.set(model, shown + 1);
    return shown < Number(times) ? fault : null;
  }

  private settle(call: Call, outcome: Outcome): void {
    if (call.outcome !== "running") return;
    call.outcome = outcome;
    this.tell();
  }

  private tell(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Resolves when something has come true here, or the connection is closed. */
  private until(isSo: () => boolean, response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo() && !response.destroyed) return;
        this.watchers.delete(look);
        response.off("close", look);
        resolve();
      };
      this.watchers.add(look);
      response.once("close", look);
      look();
    });
  }

  private async hold(call: Call, response: ServerResponse): Promise<void> {
    this.held.add(call);
    this.tell();
    await this.until(() => !this.held.has(call), response);
    this.held.delete(call);
  }

  private async resume(model: string | null, response: ServerResponse): Promise<void> {
    const first = () => [...this.held].find((call) => call.model === model);
    await this.until(() => first() !== undefined, response);
    const call = first();
    if (call) this.held.delete(call);
    this.tell();
    response.writeHead(204).end();
  }

  private async chat(exchange: Exchange): Promise<void> {
    const { call, request, response, options } = exchange;
    if (call.stream) return this.stream(exchange);
    await wait(Number(options.get("first_ms") ?? this.defaults.firstMs), response);
    const all = [...wordsOf(request, options, Number(options.get("tokens") ?? this.defaults.tokens))];
    const words = all.slice(0, request.max_tokens);
    call.tokens = words.length;
    this.settle(call, "complete");
    const finish_reason = words.length < all.length ? "length" : "stop";
    const choice = { index: 0, message: { role: "assistant", content: words.join("") }, finish_reason };
    const head = { id: `chatcmpl-${call.id}`, object: "chat.completion", created: 1, model: call.model };
    sendJson(response, 200, { ...head, choices: [choice], usage: usageOf(request, words.length) });
  }

  private async stream({ call, request, response, options, fault }: Exchange): Promise<void> {
    const number = (name: string, fallback: number) => Number(options.get(name) ?? fallback);
    const rate = number("tokens_per_second", this.defaults.tokensPerSecond);
    const head = { id: `chatcmpl-${call.id}`, object: "chat.completion.chunk", created: 1, model: call.model };
    const inPieces = options.has("pieces");
    const send = (value: object) => {
      const pieces = ["data: ", JSON.stringify({ ...head, ...value }), "\n\n"];
      for (const piece of inPieces ? pieces : [pieces.join("")]) response.write(piece);
    };
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    await wait(number("first_ms", this.defaults.firstMs), response);
    const pauses = options.get("pause")?.split(",").map(Number) ?? [];
    const limit = fault === "endless" ? Number.POSITIVE_INFINITY : number("tokens", this.defaults.tokens);
    let finish_reason = "stop";
    for (const content of wordsOf(request, options, limit)) {
      if (response.destroyed) return;
      if (call.tokens === request.max_tokens && fault === null) {
        finish_reason = "length";
        break;
      }
      if (call.tokens === number("after", 3) && fault !== null && showMidStream(fault, response)) return;
      if (pauses.includes(call.tokens)) await this.hold(call, response);
      send({ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: null }] });
      call.tokens++;
      if (rate > 0) await wait(1_000 / rate, response);
      else if (response.writableNeedDrain) await drained(response);
    }
    if (response.destroyed) return;
    send({ choices: [{ index: 0, delta: {}, finish_reason }] });
    if (request.stream_options?.include_usage) send({ choices: [], usage: usageOf(request, call.tokens) });
    this.settle(call, "complete");
    if (options.has("linger")) response.write("data: [DONE]\n\n");
    else response.end("data: [DONE]\n\n");
  }

  private embed({ call, request, response, options }: Exchange): void {
    this.settle(call, "complete");
    sendVectors(request, options, response);
  }

  /** Cohere's wire: best first, each with its place in the request. */
  private async rerank({ call, request, response, options }: Exchange): Promise<void> {
    await wait(Number(options.get("first_ms") ?? this.defaults.firstMs), response);
    this.settle(call, "complete");
    const wanted = (options.get("wanted") ?? request.query ?? "").toLowerCase();
    const scored = (request.documents ?? []).map((text, index) => {
      const count = text.toLowerCase().split(wanted).length - 1;
      return { index, relevance_score: options.has("raw") ? 4 * count - 2 : count / (count + 1) };
    });
    sendJson(response, 200, { results: scored.sort((a, b) => b.relevance_score - a.relevance_score) });
  }

  private async log(url: URL, response: ServerResponse): Promise<void> {
    const [model, outcome] = [url.searchParams.get("model"), url.searchParams.get("outcome")];
    const matching = () =>
      this.calls.filter(
        (call) => (model === null || call.model === model) && (outcome === null || call.outcome === outcome),
      );
    if (outcome !== null) await this.until(() => matching().length > 0, response);
    sendJson(response, 200, { data: matching() });
  }
}

/** Starts the server on `port` (0 for any free one) of the loopback address. */
export async function startOpenAiStandIn(port = 0, defaults: Partial<Defaults> = {}): Promise<StandIn> {
  const standIn = new OpenAiStandIn({ firstMs: 0, tokensPerSecond: 0, tokens: 24, ...defaults });
  const server = createServer((request, response) => {
    standIn.answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { error: { message: String(error), type: "stand_in", code: "400" } });
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
