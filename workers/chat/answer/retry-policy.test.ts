import { expect, test } from "vitest";
import type { ModelFailure } from "../../models/failures.ts";
import { modelLimits, nextStep } from "./retry-policy.ts";

const failure = (fields: Partial<ModelFailure>): ModelFailure => ({
  code: "model_unavailable",
  kind: "down",
  message: "",
  retryable: true,
  ...fields,
});
const attempt = { number: 1, hasText: false, elapsedMs: 0 };
const step = (fields: Partial<ModelFailure>, hasNext: boolean, more: Partial<typeof attempt> = {}) =>
  nextStep(failure(fields), { ...attempt, ...more }, hasNext, modelLimits);

test("a model that asks to wait keeps its asker two seconds where another is in line, and else as long as it says", () => {
  expect(step({ kind: "busy", retryAfterSeconds: 14 }, true)).toEqual({ kind: "next" });
  expect(step({ kind: "busy", retryAfterSeconds: 14 }, false)).toEqual({ kind: "again", delayMs: 14_000 });
  expect(step({ kind: "busy", retryAfterSeconds: 1 }, true)).toEqual({ kind: "again", delayMs: 1_000 });
  expect(step({ kind: "busy", retryAfterSeconds: 1 }, true, { number: 2, elapsedMs: 1_100 })).toEqual({ kind: "next" });
});

test("what asking again does not mend goes to the next at once; what is our own fault, to none", () => {
  for (const kind of ["refused", "context", "cut_prompt", "down"] as const)
    expect(step({ kind, retryable: false }, true)).toEqual({ kind: "next" });
  expect(step({ kind: null, code: "internal", retryable: false }, true)).toEqual({ kind: "give_up" });
  expect(step({ kind: "refused", retryable: false }, false)).toEqual({ kind: "give_up" });
});

test("nobody is asked after the first word", () => {
  expect(step({}, true, { hasText: true })).toEqual({ kind: "give_up" });
});

test("a model that is being loaded is worth half a minute, though another is in line", () => {
  const loading = { kind: "busy", isLoading: true, retryAfterSeconds: 3 } as const;
  expect(step(loading, true, { number: 5, elapsedMs: 15_000 })).toEqual({ kind: "again", delayMs: 3_000 });
  expect(step(loading, true, { number: 12, elapsedMs: 29_000 })).toEqual({ kind: "next" });
});
