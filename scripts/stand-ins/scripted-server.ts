import { createServer, type ServerResponse } from "node:http";
import { type OnLoopback, onLoopback } from "./loopback.ts";

/** What a scripted server does with a request. */
export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Bytes to a write; all at once where it is left out. */
  each?: number;
  /** What follows the body: its end, a connection that is cut, silence, or bytes `x` without an end. */
  ending?: "end" | "cut" | "silence" | "endless";
}

/** By how a request's path ends, what it is answered; the first that fits. */
export type Script = [ending: string, answer: ScriptedAnswer][];

const nextTick = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Sends bytes for ever; resolves when nobody takes them any more. */
async function sendEndlessly(response: ServerResponse): Promise<void> {
  const bytes = Buffer.alloc(65_536, "x");
  while (!response.destroyed)
    if (!response.write(bytes))
      await Promise.race(["drain", "close"].map((event) => new Promise((resolve) => response.once(event, resolve))));
    else await nextTick();
}

async function send(
  response: ServerResponse,
  { status, headers, body = "", each, ending }: ScriptedAnswer,
): Promise<void> {
  response.on("error", () => {});
  response.writeHead(status ?? 200, { "Content-Type": "application/json", ...headers });
  response.flushHeaders();
  const bytes = Buffer.from(body);
  for (let from = 0; from < bytes.length; from += each ?? bytes.length) {
    response.write(bytes.subarray(from, from + (each ?? bytes.length)));
    await nextTick();
  }
  if (ending === "endless") await sendEndlessly(response);
  else if (ending === "cut") response.destroy();
  else if (ending !== "silence") response.end();
}

/**
 * A loopback server that answers as a test has written down: `POST /_script` takes a `Script` and answers with the path below which it holds. `GET /_hits` below that path says
 * what was asked there.
 */
export async function startScriptedServer(): Promise<OnLoopback> {
  const scripts: Script[] = [];
  const hits: string[][] = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://scripted").pathname;
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (path === "/_script") {
      scripts.push(JSON.parse(body) as Script);
      hits.push([]);
      return response.end(`/${scripts.length - 1}`);
    }
    const at = Number(path.split("/")[1]);
    if (path.endsWith("/_hits")) return response.end(JSON.stringify(hits[at] ?? []));
    hits[at]?.push(path);
    const answer = scripts[at]?.find(([ending]) => path.endsWith(ending))?.[1] ?? { status: 404 };
    await send(response, answer);
  });
  return onLoopback(server);
}
