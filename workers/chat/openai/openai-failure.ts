import { Problem } from "../../platform/errors.ts";
import type { TurnResult } from "../answer/turn-result.ts";

const codes = {
  RATE_LIMITED: "rate_limited",
  MODEL_UNAVAILABLE: "model_unavailable",
  INSUFFICIENT_CREDITS: "insufficient_credits",
  INTERRUPTED: "model_unavailable",
  INTERNAL: "internal",
} as const;

/** The problem that an answer’s failure is to those who asked; null of one that did not fail. */
export function failureOf({ error }: TurnResult): Problem | null {
  return error && new Problem(codes[error.code], error.message);
}
