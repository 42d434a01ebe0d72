import { globSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { convertV4MiniflareOptions, type V4ServiceDesignator } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import type { Readers } from "./readers.ts";
import { Refusal } from "./start/refusal.ts";
import type { Part } from "./start/supervise.ts";
import { type LogLine, Workerd } from "./start/workerd.ts";

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

/** Why the port cannot be listened to, or null where it can. */
function whyNot(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code ?? "unknown"));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(null)));
  });
}

const inUse = (port: number) =>
  new Refusal(
    `Port ${port} is in use. Stop what uses it, or choose another: PORT=${port === 65_535 ? 8787 : port + 1} npm start`,
  );

/** Throws the sentence where the port cannot be had; a server that was just killed gets a moment to let go. */
export async function requireFreePort(port: number): Promise<void> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const code = await whyNot(port);
    if (code === null) return;
    if (code === "EACCES")
      throw new Refusal(
        `Port ${port} is kept for the system's own services. Choose one above 1023: PORT=8787 npm start`,
      );
    if (code !== "EADDRINUSE")
      throw new Refusal(`Port ${port} cannot be listened to (${code}). Choose another: PORT=8787 npm start`);
    if (Date.now() > deadline) throw inUse(port);
    await delay(100);
  }
}

interface ServeOptions {
  port: number;
  /** Where files are read: see `startReaders`. */
  readers: Readers;
  stateDir: string;
  variables: Record<string, string>;
  onLog: (line: LogLine) => void;
}

/** A server that runs. */
export interface Server extends Part {
  runCron(cron: string): Promise<void>;
}

/**
 * Runs the built Worker in workerd with every binding kept on disk under `stateDir`. Through miniflare's own API rather than
 * `wrangler dev`, whose proxy in front costs 90 ms at 200 streams.
 */
export async function serve({ port, stateDir, variables, readers, onLog }: ServeOptions): Promise<Server> {
  const shared = Workerd.shared(stateDir, onLog);
  const { workerOptions } = workerOptionsOf(join(built, "wrangler.json"));
  const workerd = new Workerd(
    convertV4MiniflareOptions({
      ...shared,
      port,
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
  try {
    await workerd.ready;
  } catch (error) {
    await workerd.dispose();
    throw (error as { code?: string }).code === "ERR_ADDRESS_IN_USE" ? inUse(port) : error;
  }
  return {
    ended: workerd.ended,
    dispose: () => workerd.dispose(),
    // Taken anew each time. A call into a process that dies fails in many ways, or never answers: why it died is told elsewhere.
    async runCron(cron) {
      const call = async () => {
        const worker = (await workerd.miniflare.getWorker()) as unknown as {
          scheduled(event: { cron: string }): Promise<unknown>;
        };
        await worker.scheduled({ cron });
      };
      const failed = call().then(
        () => null,
        (error: unknown) => ({ error }),
      );
      const failure = await Promise.race([failed, workerd.ended.then(() => null)]);
      if (failure && !(await workerd.endsWithin(1_000))) throw failure.error;
    },
  };
}
