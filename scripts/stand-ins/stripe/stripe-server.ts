import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { renewDue } from "./act-subscribe.ts";
import { answerPage } from "./answer-page.ts";
import { type Controlled, control, type Fault } from "./control.ts";
import { Deliveries, deliverFrom, type Endpoint } from "./deliver.ts";
import { invalid, Refusal } from "./failure.ts";
import { type Params, parseForm } from "./form.ts";
import { routeOf } from "./routes.ts";
import { StripeStore } from "./store.ts";

interface Options {
  /** Where its state is kept; only in memory by default. Then there is one account, whatever the key. */
  file?: string;
  /** Where webhooks go; nowhere by default, and who wants events asks `/_control/events`. */
  endpoint?: Endpoint;
}

/** A request, read. */
interface Read {
  method: string;
  path: string;
  query: URLSearchParams;
  text: string;
  headers: IncomingMessage["headers"];
}

const header = ({ headers }: Read, name: string): string | null => {
  const value = headers[name];
  return typeof value === "string" ? value : null;
};

async function read(request: IncomingMessage): Promise<Read> {
  const url = new URL(request.url ?? "/", "http://stripe");
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const { method = "GET", headers } = request;
  return { method, path: url.pathname, query: url.searchParams, text, headers };
}

const paramsOf = (asked: Read): Params =>
  /json/.test(header(asked, "content-type") ?? "") && asked.text !== ""
    ? (JSON.parse(asked.text) as Params)
    : parseForm(asked.text);

function keyOf(asked: Read): string {
  const key = /^Bearer (sk_test_\w+)$/.exec(header(asked, "authorization") ?? "")?.[1];
  if (key) return key;
  throw new Refusal(401, {
    type: "invalid_request_error",
    message: "Invalid API Key provided. This stand-in takes sk_test_…",
  });
}

function requireVersion(asked: Read): void {
  const version = header(asked, "stripe-version");
  if (version === null || !/^\d{4}-\d\d-\d\d(?:\.\w+)?$/.test(version))
    throw invalid("Name the version of the API that you were written for: Stripe-Version.");
}

interface Answer {
  status: number;
  body: string;
}

const refusal = (error: unknown): Answer => {
  const known = error instanceof Refusal ? error : null;
  const body = known?.body ?? { type: "api_error", message: String(error) };
  return { status: known?.status ?? 500, body: JSON.stringify({ error: body }) };
};

/** What a request comes to; of one that changes something it is kept by its key, also where it failed. */
function answerOnce(
  by: Controlled,
  asked: Read,
  fault: Fault | undefined,
  work: () => object,
): Answer & { isReplayed: boolean } {
  const key = header(asked, "idempotency-key");
  const attempt = (): Answer => {
    try {
      if (fault === "fail") throw new Refusal(500, { type: "api_error", message: "Something is broken." });
      return { status: 200, body: JSON.stringify(work()) };
    } catch (error) {
      return refusal(error);
    }
  };
  if (key === null || asked.method === "GET") return { ...attempt(), isReplayed: false };
  const request = createHash("sha256").update(`${asked.method} ${asked.path} ${asked.text}`).digest("hex");
  const known = by.store.find("answer", key);
  if (known && known.request !== request)
    throw new Refusal(400, {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  if (known) return { ...known, isReplayed: true };
  const answer = attempt();
  by.store.put("answer", { id: key, request, ...answer });
  return { ...answer, isReplayed: false };
}

function answerApi(by: Controlled, asked: Read, fault: Fault | undefined): Answer & { isReplayed: boolean } {
  requireVersion(asked);
  const { answer, ids } = routeOf(asked.method, asked.path);
  const account = header(asked, "stripe-account") ?? header(asked, "stripe-context");
  const { store, origin } = by;
  return answerOnce(by, asked, fault, () =>
    answer({ store, ids, query: asked.query, params: paramsOf(asked), origin, account }),
  );
}

/** Answers a program: by the API, or beside it. */
function answerProgram(by: Controlled, asked: Read, response: ServerResponse): void {
  const at = by.faults.findIndex(({ path }) => asked.path.startsWith(path));
  const [waiting] = at < 0 ? [] : by.faults.splice(at, 1);
  if (waiting?.fault === "drop_request") return void response.destroy();
  const reply = (): Answer & { isReplayed: boolean } => {
    try {
      const [, path] = /^\/_control\/([\w-]+)$/.exec(asked.path) ?? [];
      if (path === undefined) return answerApi(by, asked, waiting?.fault);
      const result = control(by, asked.method, path, asked.query, paramsOf(asked));
      return { status: 200, body: JSON.stringify(result), isReplayed: false };
    } catch (error) {
      return { ...refusal(error), isReplayed: false };
    }
  };
  const { status, body, isReplayed } = reply();
  const { method, path } = asked;
  if (!path.startsWith("/_control/"))
    by.log.push({ method, path, idempotencyKey: header(asked, "idempotency-key"), status });
  by.store.save();
  if (waiting?.fault === "drop_response") return void response.destroy();
  response
    .writeHead(status, {
      "Content-Type": "application/json",
      "Request-Id": `req_${by.log.length}`,
      ...(isReplayed ? { "Idempotent-Replayed": "true" } : {}),
    })
    .end(body);
}

const listen = (server: Server, port: number) =>
  new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));

const everyMinute = 60_000;

/**
 * Plays Stripe, as far as this product uses it: its API, the pages that it hosts, and its webhooks. What is kept belongs to the key that
 * asks. `/_control/…` does what customers, banks and broken networks do.
 */
export async function startStripeStandIn({
  file,
  endpoint,
}: Options = {}): Promise<{ url: string; close(): Promise<void> }> {
  const accounts = new Map<string, Controlled>();
  const deliveries = endpoint && new Deliveries(endpoint);
  let origin = "";
  const open = (key: string): Controlled => {
    const known = accounts.get(key);
    if (known) return known;
    const store = new StripeStore(file ?? null);
    if (deliveries) deliverFrom(store, deliveries);
    const resend: Controlled["resend"] = (event) => store.onEvent(event);
    const made: Controlled = { store, origin, faults: [], log: [], resend };
    accounts.set(key, made);
    return made;
  };
  const stores = () => [...accounts.values()].map(({ store }) => store);
  const server = createServer((request, response) => {
    const answer = async () => {
      const asked = await read(request);
      const done = asked.method === "POST" ? paramsOf(asked) : null;
      if (answerPage(stores(), { path: asked.path, done, origin, response })) return;
      answerProgram(open(file ? "only" : keyOf(asked)), asked, response);
    };
    answer().catch((error: unknown) => {
      const { status, body } = refusal(error);
      response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    });
  });
  const kept = file ? new StripeStore(file).port : 0;
  await listen(server, kept).catch(() => listen(server, 0));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // What a restart interrupted goes on by itself.
  if (file) open("only").store.port = Number(new URL(origin).port);
  const renewals = setInterval(() => {
    for (const store of stores()) renewDue(store, origin);
  }, everyMinute);
  renewals.unref();
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        clearInterval(renewals);
        deliveries?.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
