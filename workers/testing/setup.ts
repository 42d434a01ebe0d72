import { afterEach, beforeEach, expect } from "vitest";
import { captureErrors, takeLoggedErrors } from "./logged-errors.ts";

beforeEach(captureErrors);

// Whatever the product logs as an error was either provoked by the test, which then takes it, or is a bug.
afterEach(() => {
  expect(takeLoggedErrors(), "unexpected console.error").toEqual([]);
});
