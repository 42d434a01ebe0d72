import { Problem } from "../platform/errors.ts";

/** The refusal of one field of what was sent, with the sentence that says what to do. */
export const refusedField = (
  path: string,
  message: string,
  code: "validation_failed" | "conflict" = "validation_failed",
) => new Problem(code, message, { errors: [{ path, message }] });
