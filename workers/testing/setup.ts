import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect } from "vitest";
import { captureErrors, takeLoggedErrors } from "./logged-errors.ts";

beforeEach(async () => {
  captureErrors();
  await reset();
  await applyD1Migrations(env.DB, (env as Env & { TEST_MIGRATIONS: D1Migration[] }).TEST_MIGRATIONS);
});

// Whatever the product logs as an error was either provoked by the test, which then takes it, or is a bug.
afterEach(() => {
  expect(takeLoggedErrors(), "unexpected console.error").toEqual([]);
});
