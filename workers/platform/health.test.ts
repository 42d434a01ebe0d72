import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { api } from "../api.ts";
import { ask, openConversation, projected } from "../chat/testing/turns.ts";
import { signUp } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { lastMigration } from "./health-routes.ts";

const ready = async () => {
  const response = await api.request("/ready", {}, env);
  return { status: response.status, body: (await response.json()) as { checks: Record<string, { status: string }> } };
};

it("is ready when the last migration that the build knows has been applied", async () => {
  const { TEST_MIGRATIONS } = env as unknown as { TEST_MIGRATIONS: { name: string }[] };
  expect(lastMigration).toBe(TEST_MIGRATIONS.at(-1)?.name);
  expect(await ready()).toMatchObject({ status: 200, body: { checks: { db: { status: "ok" } } } });
});

it("is not ready while the last migration is missing, whatever tables are there", async () => {
  await env.DB.prepare("DELETE FROM d1_migrations WHERE name = ?").bind(lastMigration).run();
  expect(await ready()).toMatchObject({ status: 503, body: { checks: { db: { status: "failing" } } } });
  expect(takeLoggedErrors().join()).toContain("health_check_failed");
});

it("is ready before a database that is ahead, as while a newer version is deployed", async () => {
  await env.DB.prepare("INSERT INTO d1_migrations (name) VALUES ('9999_of_a_newer_version.sql')").run();
  expect((await ready()).status).toBe(200);
});

it("tells of each part in detail, with the reader and the model, and by its status where one fails", async () => {
  const detailed = await api.request("/health/detailed", {}, env);
  const body = (await detailed.json()) as { status: string; checks: Record<string, { status: string }> };
  expect(Object.keys(body.checks)).toEqual([
    "db",
    "r2",
    "durable_objects",
    "ingest_queue",
    "reader",
    "ai",
    "projection",
  ]);
  expect(body).toMatchObject({ status: "ok", checks: { reader: { status: "ok" }, ai: { status: "ok" } } });
  expect((await api.request("/health/ai", {}, env)).status).toBe(200);
  const failing = { ...env, DEFAULT_MODEL: "openai/stand-in?fault=503", OPENAI_BASE_URL: "http://127.0.0.1:9/v1" };
  const ai = await api.request("/health/ai", {}, failing);
  expect({ status: ai.status, body: await ai.json() }).toMatchObject({ status: 503, body: { status: "failing" } });
  const READER = { fetch: async () => Promise.reject(new Error("Nobody there.")) };
  expect((await api.request("/ready", {}, { ...env, READER })).status).toBe(503);
  expect(takeLoggedErrors().join()).toContain("health_check_failed");
});

it("tells by how much the database lies behind what conversations say", async () => {
  const projection = async (bindings: object = env) => {
    const response = await api.request("/health/detailed", {}, bindings);
    return ((await response.json()) as { checks: Record<string, object> }).checks.projection;
  };
  const { token } = await signUp();
  await (await ask(token, await openConversation(token), { content: "Hello" })).text();
  await projected();
  expect(await projection()).toEqual({
    status: "ok",
    latency_ms: expect.any(Number),
    detail: expect.stringMatching(/^0 waiting; D1 lies \d+ ms behind \(median\), \d+ ms \(99th percentile\)\.$/),
  });
  const PROJECTION = { idFromName: () => "", get: () => ({ lag: async () => Promise.reject(new Error("Nobody.")) }) };
  expect(await projection({ ...env, PROJECTION })).toMatchObject({ status: "failing" });
  expect(takeLoggedErrors().join()).toContain("health_check_failed");
});
