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

  async answer(url, body, every) {
    const { body: upstream } = await callUpstream(new URL(url), body);
    let controller;
    const stream = new ReadableStream({ start(its) { controller = its; } });
    this.ctx.waitUntil(this.copy(upstream, controller, every));
    return stream;
  }

  async copy(upstream, controller, every) {
    const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
    const reader = upstream.getReader({ mode: "byob" });
    let buffer = new ArrayBuffer(16384);
    let pending = "";
    let dueAt = 0;
    let timer;
    let shown;
    const flush = () => {
      timer = undefined;
      dueAt = Math.max(dueAt, Date.now()) + every;
      const text = pending;
      pending = "";
      this.ctx.storage.sql.exec("INSERT INTO chunks (data) VALUES (?)", text);
      shown = this.ctx.storage.sync().then(() => controller.enqueue(encoder.encode(text)));
    };
    for (;;) {
      // A chunk's first bytes come by themselves otherwise, and would be stored by themselves.
      const { done, value } = await reader.read(new Uint8Array(buffer), { min: 32 });
      if (done) break;
      pending += decoder.decode(value, { stream: true });
      buffer = value.buffer;
      const wait = dueAt - Date.now();
      if (wait <= 0 && timer === undefined) flush();
      else timer ??= setTimeout(flush, wait);
    }
    clearTimeout(timer);
    if (pending) flush();
    await shown;
    controller.close();
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
    return new Response(await object.answer(request.url, body, Number(request.headers.get("X-Flush-Every"))));
  },
}`;

/**
 * The floors: a Worker on the same workerd that only passes the upstream's bytes through (`/pass/HOST/PATH`), and a Durable Object
 * an asker (`X-Asker`) that does nothing but store each chunk before it passes it on (`/store/HOST/PATH`), or what has come in
 * `X-Flush-Every` ms.
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
