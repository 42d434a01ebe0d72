import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { build } from "vite";
import { configKeys } from "../../workers/platform/config/config.ts";

/** A WebAssembly module that the bundle imports, beside it. */
interface WasmModule {
  name: string;
  file: string;
}

async function bundle(entry: string): Promise<{ code: string; wasm: WasmModule[] }> {
  const wasm: WasmModule[] = [];
  const output = await build({
    configFile: false,
    plugins: [
      {
        name: "wasm-beside-the-bundle",
        enforce: "pre",
        resolveId(source, importer) {
          if (!source.endsWith(".wasm") || !importer) return null;
          const name = `./${basename(source)}`;
          wasm.push({ name, file: join(dirname(importer), source) });
          return { id: name, external: true };
        },
      },
    ],
    logLevel: "error",
    ssr: { target: "webworker", noExternal: true },
    build: { ssr: entry, write: false, minify: false, rolldownOptions: { external: [/^cloudflare:/, /^node:/] } },
  });
  const [result] = Array.isArray(output) ? output : [output];
  if (!result || !("output" in result)) throw new Error(`${entry} could not be bundled.`);
  return { code: result.output[0].code, wasm };
}

/** Runs scripts/eval/worker.ts in workerd with an index object of its own, kept in a temporary directory. */
export async function startEvalWorker(): Promise<Miniflare> {
  const settings = configKeys.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : []));
  const { code, wasm } = await bundle("scripts/eval/worker.ts");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.ERROR),
      compatibilityDate: "2026-08-01",
      compatibilityFlags: ["nodejs_compat"],
      modules: [
        { type: "ESModule", path: "worker.js", contents: code },
        ...wasm.map(({ name, file }) => ({
          type: "CompiledWasm" as const,
          path: name.slice(2),
          contents: readFileSync(file),
        })),
      ],
      durableObjects: { CLONE_INDEX: { className: "CloneIndexObject", useSQLite: true } },
      bindings: {
        AUTH_SECRET: crypto.randomUUID(),
        MASTER_KEYS: `k1:${randomBytes(32).toString("base64")}`,
        ...Object.fromEntries(settings),
      },
    }),
  );
  await miniflare.ready;
  return miniflare;
}
