import { globSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createConnection } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4ServiceDesignator } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import type { Readers } from "./readers.ts";

const built = "build/server";

/** Every module of the built Worker, its entry first. */
function builtModules() {
  const scripts = globSync("**/*.js", { cwd: built }).filter((path) => path !== "index.js");
  const wasm = globSync("**/*.wasm", { cwd: built });
  return [
    ...["index.js", ...scripts].map((path) => ({ type: "ESModule" as const, path: resolve(built, path) })),
    ...wasm.map((path) => ({ type: "CompiledWasm" as const, path: resolve(built, path) })),
  ];
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Ends the process with a sentence where the port stays in use; a server that was just killed needs a moment to let go. */
export async function requireFreePort(port: number): Promise<void> {
  const deadline = Date.now() + 2_000;
  while (await isTaken(port)) {
    if (Date.now() > deadline) return refuse(port);
    await delay(100);
  }
}

function refuse(port: number): never {
  console.error(`Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`);
  process.exit(1);
}

interface ServeOptions {
  port: number;
  /** Where files are read: see `startReaders`. */
  readers: Readers;
  stateDir: string;
  variables: Record<string, string>;
  onLog: (line: string, level: string) => void;
}

/**
 * Runs the built Worker in workerd with every binding kept on disk under `stateDir`. Through miniflare's own API rather than
 * `wrangler dev`, whose proxy in front costs 90 ms at 200 streams.
 */
export async function serve({ port, stateDir, variables, readers, onLog }: ServeOptions): Promise<Miniflare> {
  mkdirSync(stateDir, { recursive: true });
  Object.assign(process.env, {
    WRANGLER_LOG: "error",
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
  });
  if (process.platform !== "win32") {
    process.env.WORKERD_BINARY = (createRequire(import.meta.url)("workerd") as { default: string }).default;
    process.env.MINIFLARE_WORKERD_PATH = resolve("scripts/workerd-with-parent.sh");
  }
  const { workerOptions } = workerOptionsOf(join(built, "wrangler.json"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port,
      cf: false,
      telemetry: { enabled: false },
      logRequests: false,
      log: new Log(LogLevel.ERROR),
      handleStructuredLogs: ({ level, message }) => onLog(message, level),
      resourcePersistencePath: join(stateDir, "v3"),
      workers: [
        {
          ...workerOptions,
          name: "understudy",
          modules: builtModules(),
          modulesRoot: resolve(built),
          // What people name is fetched through a network of public addresses, decided where the connection is made.
          serviceBindings: {
            PUBLIC_WEB: { network: { allow: ["public"], tlsOptions: { trustBrowserCas: true } } },
            ...(workerOptions.serviceBindings as Record<string, V4ServiceDesignator> | undefined),
            READER: { external: { address: readers.address, http: {} } },
          },
          bindings: { ...(workerOptions.bindings as Record<string, string>), ...variables },
        },
      ],
    }),
  );
  await miniflare.ready;
  return miniflare;
}
