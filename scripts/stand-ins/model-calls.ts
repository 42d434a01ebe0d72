/** What the stand-ins for providers of models have in common, whatever they speak: the calls that they got, and how an answer's words come. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onLoopback } from "./loopback.ts";
import { drained, sendJson, showMidStream, wait } from "./paced-response.ts";

type Outcome = "running" | "complete" | "aborted" | "failed";

interface Call {
  id: number;
  path: string;
  model: string;
  outcome: Outcome;
  tokens: number;
  stream: boolean;
  /** The head that brought the key. */
  authorization: string | null;
  body: unknown;
}

/** One request for an answer, with what its model's name orders. */
export interface Exchange<Body = unknown> {
  call: Call;
  request: Body;
  response: ServerResponse;
  options: URLSearchParams;
  fault: string | null;
}

export interface StandIn {
  /** The base URL, as the provider's variable takes it. */
  url: string;
  close(): Promise<void>;
}

export interface Defaults {
  firstMs: number;
  tokensPerSecond: number;
  tokens: number;
}

/** A request's body as JSON; an object without fields where it has none. */
export async function bodyOf<Body>(request: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text || "{}") as Body;
}

/** The calls that a stand-in got, those that hold still, and what it is asked about both. */
export class ModelCalls {
  private readonly calls: Call[] = [];
  private readonly faultsShown = new Map<string, number>();
  /** Those that hold still. */
  private readonly held = new Set<Call>();
  private readonly watchers = new Set<() => void>();
  private readonly defaults: Defaults;

  constructor(defaults: Partial<Defaults> = {}) {
    this.defaults = { firstMs: 0, tokensPerSecond: 0, tokens: 24, ...defaults };
  }

  /** Answers what a test asks of the stand-in itself; true where it was that. */
  async isAsked(url: URL, response: ServerResponse): Promise<boolean> {
    if (url.pathname === "/_log") await this.log(url, response);
    else if (url.pathname === "/_resume") await this.resume(url.searchParams.get("model"), response);
    else return false;
    return true;
  }

  open<Body>(
    { path, model, stream }: Pick<Call, "path" | "model" | "stream">,
    body: Body,
    { headers }: IncomingMessage,
    response: ServerResponse,
  ): Exchange<Body> {
    const options = new URLSearchParams(model.includes("?") ? model.slice(model.indexOf("?") + 1) : "");
    const key = headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"];
    const id = this.calls.length + 1;
    const authorization = key?.toString() ?? null;
    const call: Call = { id, path, model, outcome: "running", tokens: 0, stream, authorization, body };
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

  settle(call: Call, outcome: Outcome): void {
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

  private async log(url: URL, response: ServerResponse): Promise<void> {
    const [model, outcome] = [url.searchParams.get("model"), url.searchParams.get("outcome")];
    const matching = () =>
      this.calls.filter(
        (call) => (model === null || call.model === model) && (outcome === null || call.outcome === outcome),
      );
    if (outcome !== null) await this.until(() => matching().length > 0, response);
    sendJson(response, 200, { data: matching() });
  }

  /** Waits as long as the first word of an answer takes. */
  begin({ options, response }: Exchange): Promise<void> {
    return wait(Number(options.get("first_ms") ?? this.defaults.firstMs), response);
  }

  /** How many words an answer has where it is not said which. */
  mostWords({ options, fault }: Exchange): number {
    return fault === "endless" ? Number.POSITIVE_INFINITY : Number(options.get("tokens") ?? this.defaults.tokens);
  }

  /** Sends the words of an answer, at most as many as allowed, each in its time; null where it does not go on. `error` is what goes wrong in mid-stream. */
  async say(
    { call, options, response, fault }: Exchange,
    words: Iterable<string>,
    most: number | undefined,
    error: string,
    send: (word: string) => void,
  ): Promise<"stop" | "length" | null> {
    const pauses = options.get("pause")?.split(",").map(Number) ?? [];
    const rate = Number(options.get("tokens_per_second") ?? this.defaults.tokensPerSecond);
    for (const word of words) {
      if (response.destroyed) return null;
      if (call.tokens === most && fault === null) return "length";
      if (call.tokens === Number(options.get("after") ?? 3) && fault && showMidStream(fault, response, error))
        return null;
      if (pauses.includes(call.tokens)) await this.hold(call, response);
      send(word);
      call.tokens++;
      if (rate > 0) await wait(1_000 / rate, response);
      else if (response.writableNeedDrain) await drained(response);
    }
    return response.destroyed ? null : "stop";
  }
}

/** Starts a server on `port` (0 for any free one) of the loopback address; `path` is what its provider's variable has behind that. */
export async function startOnLoopback(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  path: string,
  port = 0,
): Promise<StandIn> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 400, { error: { message: String(error), type: "stand_in", code: "400" } });
    });
  });
  server.keepAliveTimeout = 60_000;
  return onLoopback(server, path, port);
}
