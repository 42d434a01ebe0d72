import { once } from "node:events";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { basename, join } from "node:path";

export interface Registry {
  /** How a model is named that a box is to fetch from here. */
  nameOf(model: string): string;
  close(): void;
}

/** Sends a file, or the part of it that is asked for. */
function send(file: string, request: IncomingMessage, response: ServerResponse): void {
  if (!existsSync(file)) return void response.writeHead(404).end();
  const { size } = statSync(file);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const [start, end] = from && to ? [Number(from), Math.min(Number(to), size - 1)] : [0, size - 1];
  response.writeHead(from ? 206 : 200, {
    "Content-Length": end - start + 1,
    ...(from ? { "Content-Range": `bytes ${start}-${end}/${size}` } : {}),
  });
  if (request.method === "HEAD") response.end();
  else createReadStream(file, { start, end }).pipe(response);
}

/** Has a server listen on loopback; its port. */
async function listen(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/**
 * A registry on loopback that gives what lies in a folder of a box's models, as Ollama's own does: it tells of files by HTTPS, and sends whoever wants one elsewhere.
 * `certificates` is where its key is.
 */
export async function startRegistry(models: string, certificates: string): Promise<Registry> {
  const pem = (name: string) => readFileSync(join(certificates, name));
  const blob = (digest: string) => join(models, "blobs", digest.replace(":", "-"));
  const store = createServer((request, response) => send(blob(basename(request.url ?? "")), request, response));
  const storePort = await listen(store);
  const registry = createSecureServer({ key: pem("server.key"), cert: pem("server.pem") }, (request, response) => {
    const [, model = "", kind, what = ""] =
      /^\/v2\/library\/([\w.-]+)\/(manifests|blobs)\/([\w.:-]+)$/.exec(request.url ?? "") ?? [];
    if (kind === "manifests")
      return send(join(models, "manifests/registry.ollama.ai/library", model, what), request, response);
    if (request.method === "HEAD") return send(blob(what), request, response);
    response.writeHead(307, { Location: `http://localhost:${storePort}/${what}` }).end();
  });
  const port = await listen(registry);
  return {
    nameOf: (model) => `127.0.0.1:${port}/library/${model}:latest`,
    close() {
      for (const server of [store, registry]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
