import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { api } from "../api.ts";
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
