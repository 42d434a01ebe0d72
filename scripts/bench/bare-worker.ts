import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const script = `import { DurableObject } from "cloudflare:workers";

function callUpstream(url, body) {
  const path = url.pathname.slice(url.pathname.indexOf("/", 1));
  const target = "http://" + path.slice(1).split("/")[0] + path.slice(path.indexOf("/", 1));
  return fetch(target, { method: "POST", headers: { "Content-Type": "application/json" }, body });
}

export class Storing extends DurableObject {
  constructor(state, env) {
    super(state, env);
    state.storage.sql.exec("CREATE TABLE IF NOT EXISTS chunks (id INTEGER PRIMARY KEY, data TEXT)");
  }

  async answer(url, body) {
    const { body: upstream } = await callUpstream(new URL(url), body);
    let controller;
    const stream = new ReadableStream({ start(its) { controller = its; } });
    this.ctx.waitUntil((async () => {
      const decoder = new TextDecoder();
      for await (const chunk of upstream) {
        this.ctx.storage.sql.exec("INSERT INTO chunks (data) VALUES (?)", decoder.decode(chunk, { stream: true }));
        await this.ctx.storage.sync();
        controller.enqueue(chunk);
      }
      controller.close();
    })());
    return stream;
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const body = await request.text();
    if (url.pathname.startsWith("/pass/")) {
      const upstream = await callUpstream(url, body);
      return new Response(upstream.body, upstream);
    }
    const object = env.STORING.get(env.STORING.idFromName(request.headers.get("X-Asker")));
    return new Response(await object.answer(request.url, body));
  },
}`;

/**
 * The floors: a Worker on the same workerd that only passes the upstream's bytes through (`/pass/HOST/PATH`), and a Durable Object
 * an asker (`X-Asker`) that does nothing but store every chunk before it passes it on (`/store/HOST/PATH`).
 */
export async function startBareWorker() {
  const state = mkdtempSync(join(tmpdir(), "understudy-bench-bare-"));
  const bare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      resourcePersistencePath: state,
      workers: [
        {
          name: "bare",
          compatibilityDate: "2026-08-01",
          modules: true,
          script,
          durableObjects: { STORING: { className: "Storing", useSQLite: true } },
        },
      ],
    }),
  );
  const { origin } = await bare.ready;
  return {
    origin,
    async stop() {
      await bare.dispose();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
