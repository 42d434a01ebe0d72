import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const script = `export default {
  async fetch(request) {
    const url = new URL(request.url);
    const target = "http://" + url.pathname.slice(1).split("/")[0] + url.pathname.slice(url.pathname.indexOf("/", 1));
    const upstream = await fetch(target, { method: "POST", headers: { "Content-Type": "application/json" }, body: await request.text() });
    return new Response(upstream.body, upstream);
  },
}`;

/** The floor: a Worker on the same workerd that only passes the upstream's bytes through. Resolves to its address and its end. */
export async function startBareWorker() {
  const bare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      workers: [{ name: "bare", compatibilityDate: "2026-08-01", modules: true, script }],
    }),
  );
  const { origin } = await bare.ready;
  return { origin, stop: () => bare.dispose() };
}
