import { z } from "zod";
import { type FieldError, fieldError, isProblem, mostErrors, Problem, statusOf } from "../errors.ts";

/** The wire shape of every error: RFC 9457 `application/problem+json`. */
export const problemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  request_id: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const titles: Partial<Record<keyof typeof statusOf, string>> = {
  unauthenticated: "Sign in first",
  forbidden: "Not allowed",
  not_found: "Not found",
  validation_failed: "Some values need attention",
  fetch_refused: "This address may not be fetched",
  fetch_failed: "The address could not be fetched",
  malformed_request: "The request could not be read",
  misdirected: "Not a host of this installation",
  payload_too_large: "Too large",
  unsupported_media_type: "Unsupported type",
  conflict: "Conflict",
  turn_in_progress: "An answer is still being written",
  rate_limited: "Too many requests",
  model_unavailable: "The model cannot be reached",
  overloaded: "Too busy at present",
  internal: "Something went wrong on our side",
};

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

// What a contract has no sentence of its own for, in ours: zod's speak of types and of undefined.
z.config({
  customError(issue) {
    if (issue.code !== "invalid_type") return undefined;
    return issue.input === undefined ? "This is missing." : `Send ${kinds[issue.expected] ?? issue.expected} here.`;
  },
});

const dotted = (path: readonly PropertyKey[]) => path.map(String).join(".");

/** An issue of zod's as sentences with dotted paths: what is not known is named, each by its own. */
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code !== "unrecognized_keys") return [fieldError(dotted(issue.path), issue.message)];
  return issue.keys.map((key) => fieldError(dotted([...issue.path, key]), "This is not known here. Leave it out."));
}

/** A `Problem` for input that did not fit its contract. */
export function invalid(issues: readonly z.core.$ZodIssue[]): Problem {
  const all = issues.flatMap(fieldErrors);
  const errors = all.slice(0, mostErrors);
  const first = errors[0];
  const detail = first
    ? `${first.path ? `“${first.path}”: ` : ""}${first.message}${all.length > 1 ? ` (and ${all.length - 1} more)` : ""}`
    : "The input does not fit.";
  return new Problem("validation_failed", detail, { errors });
}

/** The one mapper from failures to HTTP. What is not a `Problem` shows nothing of itself but a code. */
export function problemResponse(error: unknown, requestId: string): Response {
  const problem = isProblem(error)
    ? error
    : new Problem("internal", "Something went wrong on our side. It has been recorded; please try again.");
  const status = statusOf[problem.code];
  const body: z.infer<typeof problemBody> = {
    type: `https://understudy.dev/problems/${problem.code}`,
    title: titles[problem.code] ?? problem.code.replaceAll("_", " "),
    status,
    code: problem.code,
    detail: problem.message,
    request_id: requestId,
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
  const headers = new Headers({ "Content-Type": "application/problem+json", "X-Request-Id": requestId });
  const retryAfter = problem.retryAfterSeconds ?? (status === 429 || status === 503 ? 5 : undefined);
  if (retryAfter !== undefined) headers.set("Retry-After", String(Math.ceil(retryAfter)));
  return new Response(JSON.stringify(body), { status, headers });
}
