import { expect, test } from "vitest";
import { Problem } from "../platform/errors.ts";
import { classifyModelFailure, retryAfterSeconds } from "./failures.ts";

test("reads Retry-After as seconds and as a date", () => {
  const now = Date.parse("2026-11-20T10:00:00Z");
  expect(retryAfterSeconds("7", now)).toBe(7);
  expect(retryAfterSeconds("Fri, 20 Nov 2026 10:00:30 GMT", now)).toBe(30);
  expect(retryAfterSeconds("Fri, 20 Nov 2026 09:00:00 GMT", now)).toBe(0);
  for (const header of [null, "", "soon"]) expect(retryAfterSeconds(header, now)).toBeUndefined();
});

test("finds a problem under the errors that wrap it", () => {
  const problem = new Problem("rate_limited", "Wait.", { retryAfterSeconds: 3 });
  const wrapped = new Error("outer", { cause: new Error("inner", { cause: problem }) });
  expect(classifyModelFailure(wrapped)).toEqual({
    code: "rate_limited",
    kind: "busy",
    message: "Wait.",
    retryable: true,
    retryAfterSeconds: 3,
  });
});

test("reads an error object that came inside a stream", () => {
  expect(
    classifyModelFailure({ message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" }).code,
  ).toBe("rate_limited");
  expect(classifyModelFailure({ message: "overloaded", type: "server_error" })).toMatchObject({
    code: "model_unavailable",
    retryable: true,
  });
});

test("what is our own bug is internal and not tried again", () => {
  expect(classifyModelFailure(new TypeError("x is undefined"))).toMatchObject({ code: "internal", retryable: false });
  expect(classifyModelFailure("?")).toMatchObject({ code: "internal", retryable: false });
});

test("a time-out of the caller's making is the provider's slowness", () => {
  const error = new DOMException("The operation timed out.", "TimeoutError");
  expect(classifyModelFailure(error)).toMatchObject({ code: "model_unavailable", retryable: true });
});
