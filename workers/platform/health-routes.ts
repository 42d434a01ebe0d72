import { Hono } from "hono";
import { z } from "zod";
import journal from "../../migrations/meta/_journal.json";
import { version } from "../../package.json";
import { describe, type RuntimeEnv } from "./http/http.ts";

const tags = ["Health"];
const check = z.object({ status: z.enum(["ok", "failing"]), latency_ms: z.number(), detail: z.string().nullable() });
const detailed = z.object({
  status: z.enum(["ok", "failing"]),
  version: z.string(),
  checks: z.record(z.string(), check),
});
type Check = z.output<typeof check>;

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

async function checkAll(env: Env) {
  const [db, r2, durable_objects, ingest_queue] = await Promise.all([
    database(env),
    storage(env),
    objects(env),
    queue(env),
  ]);
  const checks = { db, r2, durable_objects, ingest_queue };
  const status = Object.values(checks).every((each) => each.status === "ok") ? ("ok" as const) : ("failing" as const);
  return { status, version, checks };
}

export const healthRoutes = new Hono<RuntimeEnv>()
  .get(
    "/health",
    describe({
      limit: "none",
      summary: "Whether the process serves",
      tags,
      open: true,
      responses: { 200: z.object({ status: z.literal("ok"), version: z.string() }) },
    }),
    (c) => c.json({ status: "ok" as const, version }, 200),
  )
  .get(
    "/ready",
    describe({
      limit: "none",
      summary: "Whether every part answers",
      tags,
      open: true,
      responses: { 200: detailed, 503: detailed },
    }),
    async (c) => {
      const result = await checkAll(c.env);
      if (result.status === "failing") c.header("Retry-After", "2");
      return c.json(result, result.status === "ok" ? 200 : 503);
    },
  )
  .get(
    "/health/detailed",
    describe({ limit: "none", summary: "Every part with its latency", tags, open: true, responses: { 200: detailed } }),
    async (c) => c.json(await checkAll(c.env), 200),
  )
  .get(
    "/health/db",
    describe({ limit: "none", summary: "The database with its latency", tags, open: true, responses: { 200: check } }),
    async (c) => c.json(await database(c.env), 200),
  );
