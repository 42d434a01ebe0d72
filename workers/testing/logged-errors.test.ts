import { expect, it } from "vitest";
import { takeLoggedErrors } from "./logged-errors.ts";

it("takes what is logged as an error, so that an unexpected one fails its test", () => {
  console.error("told", 1);
  expect(takeLoggedErrors()).toEqual(["told 1"]);
  expect(takeLoggedErrors()).toEqual([]);
});
