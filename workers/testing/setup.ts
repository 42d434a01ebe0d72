import { afterEach, beforeEach, expect } from "vitest";
import { beginAfresh } from "./fresh-database.ts";
import { captureErrors, takeLoggedErrors } from "./logged-errors.ts";

beforeEach(async () => {
  captureErrors();
  await beginAfresh();
});

// Whatever the product logs as an error was either provoked by the test, which then takes it, or is a bug.
afterEach(() => {
  expect(takeLoggedErrors(), "unexpected console.error").toEqual([]);
});
