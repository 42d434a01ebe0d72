import { Hono } from "hono";
import { z } from "zod";
import journal from "../../migrations/meta/_journal.json";
import { version } from "../../package.json";
import type { RuntimeEnv } from "./http/runtime-env.ts";
import { openOperation, serve, serveAs } from "./open-operation.ts";
import type { Runtime } from "./runtime.ts";

const tags = ["Health"];
/** How one part is. */
export const check = z.object({
  status: z.enum(["ok", "failing"]),
  latency_ms: z.number(),
  detail: z.string().nullable(),
});
const detailed = z.object({
  status: z.enum(["ok", "failing"]),
  version: z.string(),
  checks: z.record(z.string(), check),
});
export type Check = z.output<typeof check>;

async function measure(work: () => Promise<unknown>): Promise<Check> {
  const started = Date.now();
  try {
    await work();
    return { status: "ok", latency_ms: Date.now() - started, detail: null };
  } catch (error) {
    console.error(JSON.stringify({ level: "error", event: "health_check_failed", error: String(error) }));
    return { status: "failing", latency_ms: Date.now() - started, detail: "It does not answer. The log says why." };
  }
}

/** The newest migration that this build knows. A database may be ahead of it, while a newer version is being deployed. */
export const lastMigration = `${journal.entries.at(-1)?.tag}.sql`;

const database = (env: Env) =>
  measure(async () => {
    const applied = await env.DB.prepare("SELECT 1 FROM d1_migrations WHERE name = ?").bind(lastMigration).first();
    if (!applied) throw new Error(`The database lacks the migration ${lastMigration}.`);
  });
const storage = (env: Env) => measure(() => env.UPLOADS.head("health"));
const objects = (env: Env) =>
  measure(async () => {
    for (const namespace of [env.CONVERSATION, env.CLONE_INDEX]) namespace.idFromName("health");
    await env.RATE_LIMIT.getByName("health").answers();
  });
const queue = (env: Env) =>
  measure(async () => {
    if (!env.INGEST_QUEUE) throw new Error("INGEST_QUEUE is not bound");
  });

const reader = (env: Env) =>
  measure(async () => {
    const { status } = await env.READER.fetch("http://reader/", { method: "HEAD" });
    if (status !== 204) throw new Error(`The reader answered ${status}.`);
  });

/** What the product cannot do without. */
const bindings = { db: database, r2: storage, durable_objects: objects, ingest_queue: queue, reader };

/** Status 503 says to whoever asks by machine what the body says. */
const statusFor = ({ status }: Pick<Check, "status">) => (status === "ok" ? 200 : 503);

async function all(asked: Record<string, () => Promise<Check>>) {
  const answers = Object.entries(asked).map(async ([name, ask]) => [name, await ask()] as const);
  const checks: Record<string, Check> = Object.fromEntries(await Promise.all(answers));
  const isOk = Object.values(checks).every(({ status }) => status === "ok");
  return { status: isOk ? ("ok" as const) : ("failing" as const), version, checks };
}

const ofBindings = (env: Env) =>
  Object.fromEntries(Object.entries(bindings).map(([name, ask]) => [name, () => ask(env)]));

/** A health check: open, and not counted. Monitors add to the address what keeps caches away. */
const ofHealth = { tags, limit: "none", query: z.looseObject({}) } as const;

const readHealth = openOperation({
  ...ofHealth,
  summary: "Whether the process serves",
  output: z.object({ status: z.literal("ok"), version: z.string() }),
  run: () => ({ status: "ok" as const, version }),
});

const readReadiness = openOperation({
  ...ofHealth,
  summary: "Whether every part answers",
  run: ({ env }) => all(ofBindings(env)),
});

const readDatabaseHealth = openOperation({
  ...ofHealth,
  summary: "The database with its latency",
  run: ({ env }) => database(env),
});

/** The health checks; `others` are of parts that stand above this room, and that the product serves without. */
export function healthRoutes(others: Record<string, (runtime: Runtime) => Promise<Check>>) {
  const readDetailedHealth = openOperation({
    ...ofHealth,
    summary: "Every part with its latency",
    output: detailed,
    run(call) {
      const more = Object.entries(others).map(([name, ask]) => [name, () => ask(call)] as const);
      return all({ ...ofBindings(call.env), ...Object.fromEntries(more) });
    },
  });
  return new Hono<RuntimeEnv>()
    .get("/health", serve(readHealth))
    .get(
      "/ready",
      serveAs(readReadiness, {
        responses: { 200: detailed, 503: detailed },
        respond: (c, result) => {
          if (result.status === "failing") c.header("Retry-After", "2");
          return c.json(result, statusFor(result));
        },
      }),
    )
    .get("/health/detailed", serve(readDetailedHealth))
    .get(
      "/health/db",
      serveAs(readDatabaseHealth, {
        responses: { 200: check, 503: check },
        respond: (c, result) => c.json(result, statusFor(result)),
      }),
    );
}
