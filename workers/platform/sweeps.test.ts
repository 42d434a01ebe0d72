import { expect, it } from "vitest";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { createLog } from "./log.ts";
import { runEach } from "./sweeps.ts";

it("a sweep that fails is logged, and those behind it run in their order all the same", async () => {
  const ran: string[] = [];
  const job = (name: string) => async () => void ran.push(name);
  const failing = async () => {
    throw new Error("The first does not answer.");
  };
  const failed = await runEach({ log: createLog({}, true) }, { a: job("a"), b: failing, c: job("c"), d: job("d") });
  expect({ ran, failed }).toEqual({ ran: ["a", "c", "d"], failed: ["b"] });
  expect(takeLoggedErrors().join()).toMatch(/sweep_failed.*"sweep":"b".*The first does not answer/);
});
