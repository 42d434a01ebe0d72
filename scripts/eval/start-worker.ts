import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { build } from "vite";
import { configKeys } from "../../workers/platform/config.ts";

async function bundle(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    ssr: { target: "webworker", noExternal: true },
    build: { ssr: entry, write: false, minify: false, rolldownOptions: { external: [/^cloudflare:/, /^node:/] } },
  });
  const [result] = Array.isArray(output) ? output : [output];
  if (!result || !("output" in result)) throw new Error(`${entry} could not be bundled.`);
  return result.output[0].code;
}

/** Runs scripts/eval/worker.ts in workerd with an index object of its own, kept in a temporary directory. */
export async function startEvalWorker(): Promise<Miniflare> {
  const settings = configKeys.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : []));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
      compatibilityDate: "2026-08-01",
      compatibilityFlags: ["nodejs_compat"],
      modules: [{ type: "ESModule", path: "worker.js", contents: await bundle("scripts/eval/worker.ts") }],
      durableObjects: { CLONE_INDEX: { className: "CloneIndexObject", useSQLite: true } },
      bindings: { AUTH_SECRET: crypto.randomUUID(), ...Object.fromEntries(settings) },
    }),
  );
  await miniflare.ready;
  return miniflare;
}
