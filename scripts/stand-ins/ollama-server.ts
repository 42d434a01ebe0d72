/**
 * A loopback server that speaks Ollama's own API, for tests: real HTTP, lines of JSON, and what boxes do. Run it by itself: `npm run script -- stand-ins/ollama-server.ts --port 0`;
 * it prints its address. Below `/gated` it is behind Cloudflare Access: what comes without the right service token is sent to a page of sign-in.
 *
 * It has a few models of its own; any other is in its name, with orders as a query, as for the stand-in for OpenAI's wire (`tokens`, `reply`, `first_ms`, `pause`, `fault=…`, `after`, `times`),
 * with what `ollama-models.ts` reads, and with these:
 *   thinking=TEXT    it thinks this first; `call=NAME` makes it call this tool with `{"query": "lamps"}`
 *   cut=full|half    a prompt that does not fit is cut all the same, as old versions and llama.cpp's server do, so that it fills the window or half of it
 *   most=N           its window is never larger than this, whatever is asked for
 *   bare=1           it has no template for a chat, as models made of a file may not: it reads the last message alone
 *   silent=1         it does not say how much it read
 *   deaf=1           while it is at work, the box does not say its version
 *   fault=memory | missing | host | tunnel   a model that is too large; one that is not there; a host that is refused; a tunnel without its end
 * A model is loaded anew where another window is asked for; `GET /api/ps` says how often that was.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { accessToken } from "./access-token.ts";
import { bodyOf, type Exchange, ModelCalls, type StandIn, startOnLoopback } from "./model-calls.ts";
import { ModelStore } from "./ollama-models.ts";
import { embeddingOf, wordsOf } from "./openai-answers.ts";
import { sendJson } from "./paced-response.ts";

interface ChatRequest {
  model?: string;
  stream?: boolean;
  messages?: { role: string; content: string; images?: string[] }[];
  input?: string[];
  truncate?: boolean;
  keep_alive?: unknown;
  options?: { num_ctx?: number; num_predict?: number };
}

const usualWindow = 4_096;
const pulled = "sha256:6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa";
const steps = [
  { status: "pulling manifest" },
  ...[0, 500, 1_000].map((completed) => ({ status: "pulling 6a0746a1ec1a", digest: pulled, total: 1_000, completed })),
  { status: "verifying sha256 digest" },
  { status: "writing manifest" },
  { status: "success" },
];

const crash = '{"error":"an error was encountered while running the model"}\n';
const page = "<!DOCTYPE html><html><head><title>Cloudflare Tunnel error</title></head></html>";

/** Refusals in place of an answer, by the fault that is ordered. */
const refusals: Record<string, [status: number, body: unknown]> = {
  memory: [500, { error: "model requires more system memory (48.2 GiB) than is available (15.1 GiB)" }],
  busy: [503, { error: "server busy, please try again.  maximum pending requests exceeded" }],
  loading: [503, { error: "llm server loading model" }],
  "500": [500, { error: "llama runner process has terminated: exit status 2" }],
  host: [403, ""],
  tunnel: [530, page],
};

class OllamaStandIn {
  private readonly calls = new ModelCalls();
  private readonly store = new ModelStore();
  /** How many models are at work that keep the box from saying its version. */
  private deaf = 0;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    if (await this.calls.isAsked(url, response)) return;
    const [, gate, path = ""] = /^(\/gated)?\/api\/(\w+)$/.exec(url.pathname) ?? [];
    const { "cf-access-client-id": id, "cf-access-client-secret": secret } = request.headers;
    if (gate && (id !== accessToken.id || secret !== accessToken.secret)) {
      response.writeHead(302, { Location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/box" }).end();
      return;
    }
    const body = await bodyOf<ChatRequest>(request);
    const model = body.model ?? "";
    if (path === "version" && this.deaf > 0) return void response.destroy();
    if (path === "version") return sendJson(response, 200, { version: "0.17.4" });
    if (path === "tags") return sendJson(response, 200, this.store.tags());
    if (path === "ps") return sendJson(response, 200, this.store.ps());
    const exchange = this.calls.open({ path, model, stream: body.stream !== false }, body, request, response);
    if (path === "pull") return this.pull(exchange);
    const found = this.store.show(model);
    if (!found || exchange.fault === "missing") return sendJson(response, 404, { error: `model '${model}' not found` });
    if (path === "show") return this.whole(exchange, found);
    if (path === "delete") {
      this.store.delete(model);
      return this.whole(exchange, {});
    }
    const [status, refusal] = refusals[exchange.fault ?? ""] ?? [0, null];
    if (exchange.fault === "refuse") return void response.destroy();
    if (typeof refusal === "string")
      return void response.writeHead(status, { "Content-Type": "text/html" }).end(refusal);
    if (refusal !== null) return sendJson(response, status, refusal);
    if (path === "chat" || path === "generate") return this.chat(exchange);
    if (path === "embed") return this.embed(exchange);
    response.writeHead(404, { "Content-Type": "text/plain" }).end("404 page not found");
  }

  private whole({ call, response }: Exchange, body: unknown): void {
    this.calls.settle(call, "complete");
    sendJson(response, 200, body);
  }

  /** The window that a request gets; its model is loaded with that. */
  private window({ call, request, options }: Exchange<ChatRequest>): number {
    const asked = Math.min(request.options?.num_ctx ?? usualWindow, this.store.find(call.model)?.window ?? usualWindow);
    const window = Math.min(asked, Number(options.get("most") ?? asked));
    this.store.load(call.model, window, request.keep_alive);
    return window;
  }

  /** How many tokens of a prompt are read; null where it is refused, as it does not fit. */
  private read(exchange: Exchange<ChatRequest>, window: number): number | null {
    const { request, options } = exchange;
    const texts = (request.messages ?? []).map(({ content }) => content).slice(options.has("bare") ? -1 : 0);
    const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
    if (tokens <= window) return tokens;
    if (request.truncate === false && !options.has("cut")) return null;
    return options.get("cut") === "half" ? Math.floor(window / 2) + 2 : window;
  }

  private async chat(exchange: Exchange<ChatRequest>): Promise<void> {
    const { call, request, response, options } = exchange;
    const window = this.window(exchange);
    const head = { model: call.model, created_at: "2026-11-01T12:00:00Z" };
    if (!request.messages?.length)
      return this.whole(exchange, {
        ...head,
        message: { role: "assistant", content: "" },
        done: true,
        done_reason: "load",
      });
    const read = this.read(exchange, window);
    if (read === null) return sendJson(response, 400, { error: "the input length exceeds the context length" });
    this.deafen(exchange);
    await this.calls.begin(exchange);
    // As Ollama does: nothing is sent, not even headers, until the model says something.
    const line = (message: object, rest: object = { done: false }) => {
      if (!response.headersSent) response.writeHead(200, { "Content-Type": "application/x-ndjson" });
      response.write(
        `${JSON.stringify({ ...head, message: { role: "assistant", content: "", ...message }, ...rest })}\n`,
      );
    };
    for (const thinking of options.get("thinking")?.match(/\s*\S+/g) ?? []) line({ thinking });
    const name = options.get("call");
    if (name) line({ tool_calls: [{ function: { index: 0, name, arguments: { query: "lamps" } } }] });
    const words = name ? [] : wordsOf(request, options, this.calls.mostWords(exchange));
    const reason = await this.calls.say(exchange, words, request.options?.num_predict, crash, (content) =>
      line({ content }),
    );
    if (reason === null) return;
    const counts = options.has("silent") ? {} : { prompt_eval_count: read, eval_count: call.tokens };
    line({}, { done: true, done_reason: reason, total_duration: 1, load_duration: 1, ...counts });
    this.calls.settle(call, "complete");
    response.end();
  }

  private deafen({ options, response }: Exchange): void {
    if (!options.has("deaf")) return;
    this.deaf++;
    response.once("close", () => this.deaf--);
  }

  private async embed(exchange: Exchange<ChatRequest>): Promise<void> {
    const { request, response, call } = exchange;
    const window = this.window(exchange);
    const input = request.input ?? [];
    if (request.truncate === false && input.some((text) => text.length / 4 > window))
      return sendJson(response, 400, { error: "the input length exceeds the context length" });
    this.deafen(exchange);
    await this.calls.begin(exchange);
    this.whole(exchange, { model: call.model, embeddings: input.map(embeddingOf), prompt_eval_count: input.length });
  }

  private async pull(exchange: Exchange<ChatRequest>): Promise<void> {
    const { call, response, fault } = exchange;
    response.writeHead(200, { "Content-Type": "application/x-ndjson" });
    if (fault === "missing") {
      response.end('{"status":"pulling manifest"}\n{"error":"pull model manifest: file does not exist"}\n');
      return;
    }
    const lines = steps.map((step) => `${JSON.stringify(step)}\n`);
    if ((await this.calls.say(exchange, lines, undefined, crash, (line) => response.write(line))) === null) return;
    this.store.add(call.model);
    this.calls.settle(call, "complete");
    response.end();
  }
}

/** Starts the server on `port` (0 for any free one) of the loopback address. */
export function startOllamaStandIn(port = 0): Promise<StandIn> {
  const standIn = new OllamaStandIn();
  return startOnLoopback((request, response) => standIn.answer(request, response), "", port);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
  console.log((await startOllamaStandIn(Number(values.port))).url);
}
