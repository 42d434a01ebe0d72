import { Problem } from "../../platform/errors.ts";

/** The refusal to touch what an answer is still being written into. */
export function turnInProgress(): Problem {
  return new Problem(
    "turn_in_progress",
    "An answer is still being written in this conversation. Wait for it, or stop it first, then try again.",
    { retryAfterSeconds: 2 },
  );
}
