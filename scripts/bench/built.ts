import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { migrateState } from "../migrate.ts";
import { startReaders } from "../readers.ts";
import { Workerd } from "../start/workerd.ts";

const built = "build/server";

/** The bindings of the built product, as its configuration says them. */
export interface Bindings {
  d1_databases: { binding: string }[];
  r2_buckets: { binding: string }[];
  queues: { producers: { binding: string }[] };
  durable_objects: { bindings: { name: string; class_name: string }[] };
}

/** How the built product is run by a benchmark: behind an entry of its own, which imports `./index.js`. */
interface Behind {
  port: number;
  stateDir: string;
  variables: Record<string, string>;
  /** The entry's source, and those of modules beside it, by their names. */
  entry(bindings: Bindings): string;
  beside?: Record<string, string>;
  /** Classes of objects that the entry has besides, by their bindings. */
  objects?: Record<string, string>;
}

/** Runs it on a state of its own; resolves to what stops it. */
export async function serveBuilt({ port, stateDir, variables, entry, beside = {}, objects = {} }: Behind) {
  const note = () => {};
  await migrateState(stateDir, note);
  const readers = await startReaders({ onLog: note });
  const config = join(built, "wrangler.json");
  const bindings = JSON.parse(readFileSync(config, "utf8")) as Bindings;
  const { workerOptions } = workerOptionsOf(config);
  const own = (name: string, contents: string) => ({ type: "ESModule" as const, path: resolve(built, name), contents });
  const ofProduct = (pattern: string, type: "ESModule" | "CompiledWasm") =>
    globSync(pattern, { cwd: built }).map((path) => ({ type, path: resolve(built, path) }));
  const more = Object.entries(objects).map(([binding, className]) => [binding, { className, useSQLite: true }]);
  const workerd = new Workerd(
    convertV4MiniflareOptions({
      ...Workerd.shared(stateDir, ({ level, message }) => {
        if (level === "error") console.error(message);
      }),
      port,
      workers: [
        {
          ...workerOptions,
          name: "understudy",
          modules: [
            own("bench-entry.js", entry(bindings)),
            ...Object.entries(beside).map(([name, source]) => own(name, source)),
            ...ofProduct("**/*.js", "ESModule"),
            ...ofProduct("**/*.wasm", "CompiledWasm"),
          ],
          modulesRoot: resolve(built),
          durableObjects: { ...(workerOptions.durableObjects as object), ...Object.fromEntries(more) },
          serviceBindings: { READER: { external: { address: readers.address, http: {} } } },
          bindings: { ...(workerOptions.bindings as Record<string, string>), ...variables },
        },
      ],
    }),
  );
  await workerd.ready;
  return async () => {
    await workerd.dispose();
    await readers.dispose();
  };
}
