/** Every failure that a caller may see, and the HTTP status it travels as. The code is stable: clients branch on it. */
export const statusOf = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  validation_failed: 422,
  fetch_refused: 422,
  fetch_failed: 422,
  malformed_request: 400,
  misdirected: 421,
  payload_too_large: 413,
  unsupported_media_type: 415,
  conflict: 409,
  turn_in_progress: 409,
  rate_limited: 429,
  insufficient_credits: 402,
  model_unavailable: 503,
  not_ready: 503,
  overloaded: 503,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof statusOf;

/** One field that was refused: `path` is dotted (`starters.0`), `message` a sentence for a person. */
export interface FieldError {
  path: string;
  message: string;
}

/** How many faults of some input are told one by one. */
export const mostErrors = 20;
const longestPath = 200;
const longestMessage = 500;
const longestDetail = 1_000;

/** A text cut to a length, though never within a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** A fault of one field. Paths and sentences may repeat what was sent, so that both are cut. */
export const fieldError = (path: string, message: string): FieldError => ({
  path: cut(path, longestPath),
  message: cut(message, longestMessage),
});

interface ProblemOptions {
  errors?: FieldError[];
  retryAfterSeconds?: number;
  cause?: unknown;
}

const brand = "understudy.problem";

/**
 * A failure with a code and a sentence that says what to do. Rooms throw it; `problemResponse` is the only mapper to HTTP.
 * Told apart by its brand, not its class: minified class names and copies across the Durable Object boundary both lose the class.
 */
export class Problem extends Error {
  readonly brand = brand;
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    // Sentences quote what was sent: whatever that is, a problem stays short.
    super(cut(detail, longestDetail), { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.errors = options.errors?.slice(0, mostErrors).map(({ path, message }) => fieldError(path, message));
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The refusal of one field of what was sent, with the sentence that says what to do. */
export const refusedField = (
  path: string,
  message: string,
  code: "validation_failed" | "conflict" = "validation_failed",
) => new Problem(code, message, { errors: [{ path, message }] });

export function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && (error as { brand?: unknown }).brand === brand;
}

/** The answer for a thing that does not exist, and for one that belongs to somebody else: nobody can tell which. */
export function notFound(what: string): Problem {
  return new Problem("not_found", `There is no such ${what}, or you may not see it.`);
}

/** Tells that an address is none of the API's. */
export function nothingAnswers(method: string, path: string): Problem {
  return new Problem("not_found", `Nothing answers ${method} ${path}. The API is described at /api/docs.`);
}
