import { once } from "node:events";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";

export interface Registry {
  /** How a model is named that a box is to fetch from here. */
  nameOf(model: string): string;
  close(): Promise<void>;
}

/** A registry on loopback that gives what lies in a folder of a box's models, as Ollama's own does; `certificates` is where its key is. */
export async function startRegistry(models: string, certificates: string): Promise<Registry> {
  const pem = (name: string) => readFileSync(join(certificates, name));
  const server = createServer({ key: pem("server.key"), cert: pem("server.pem") }, (request, response) => {
    const [, model = "", kind, what = ""] =
      /^\/v2\/library\/([\w.-]+)\/(manifests|blobs)\/([\w.:-]+)$/.exec(request.url ?? "") ?? [];
    const file =
      kind === "manifests"
        ? join(models, "manifests/registry.ollama.ai/library", model, what)
        : join(models, "blobs", what.replace(":", "-"));
    if (!kind || !existsSync(file)) return void response.writeHead(404).end();
    const { size } = statSync(file);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const [start, end] = from && to ? [Number(from), Math.min(Number(to), size - 1)] : [0, size - 1];
    response.writeHead(from ? 206 : 200, {
      "Content-Length": end - start + 1,
      ...(from ? { "Content-Range": `bytes ${start}-${end}/${size}` } : {}),
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file, { start, end }).pipe(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    nameOf: (model) => `127.0.0.1:${port}/library/${model}:latest`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
