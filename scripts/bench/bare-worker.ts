import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const script = `import { DurableObject } from "cloudflare:workers";

function callUpstream(url, body) {
  return fetch("http:/" + url.pathname, { method: "POST", headers: { "Content-Type": "application/json" }, body });
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
    const body = await request.text();
    const object = env.STORING.get(env.STORING.newUniqueId());
    return new Response(await object.answer(request.url, body, Number(request.headers.get("X-Flush-Every"))));
  },
}`;

/**
 * The floor: on the same workerd a new Durable Object for each answer, which does nothing but store what has come from the upstream
 * (`/HOST/PATH`) in `X-Flush-Every` ms before it passes that on.
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
