import { APICallError } from "@ai-sdk/provider";
import { type ErrorCode, isProblem, Problem } from "../platform/errors.ts";

/** What a provider's server answered instead of a result; kept as the `cause` of the problem that people see. */
export class ProviderError extends Error {
  override name = "ProviderError";
  readonly status: number;
  /** The start of the body, for the log. */
  readonly body: string;

  constructor(status: number, body: string) {
    super(`The model provider answered ${status}: ${body.slice(0, 300)}`);
    this.status = status;
    this.body = body;
  }
}

/** What the turn needs to know of a model's failure, whatever form it came in. */
export interface ModelFailure {
  code: Extract<ErrorCode, "rate_limited" | "model_unavailable" | "internal">;
  /** A sentence for a person. */
  message: string;
  /** Whether the same call may succeed a little later. */
  retryable: boolean;
  /** What the provider asked for, where it did. */
  retryAfterSeconds?: number | undefined;
}

const unreachable = "The model provider cannot be reached at the moment. Try again in a little while.";
const garbled = "The model's answer could not be read. Try again, or choose another model.";

/** Seconds from a `Retry-After` header (seconds or an HTTP date), or undefined. */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}

/** The problem for an HTTP answer that is not a result. */
export function problemOfStatus(status: number, body: string, retryAfter?: number): Problem {
  const cause = new ProviderError(status, body);
  if (status === 401 || status === 403) {
    return new Problem(
      "model_unavailable",
      "The model provider refused the key. Whoever runs this server has to check OPENAI_API_KEY.",
      { cause },
    );
  }
  if (status === 429) {
    return new Problem("rate_limited", "The model provider asks to slow down. Try again in a little while.", {
      cause,
      retryAfterSeconds: retryAfter,
    });
  }
  if (status === 404) {
    return new Problem("model_unavailable", "The model provider does not have this model. Choose another one.", {
      cause,
    });
  }
  if (status >= 500 || status === 408) {
    return new Problem("model_unavailable", unreachable, {
      cause,
      retryAfterSeconds: retryAfter,
    });
  }
  return new Problem("model_unavailable", "The model provider did not accept the request. Choose another model.", {
    cause,
  });
}

/** The problem for a connection that could not be made or broke. */
export function problemOfNetwork(cause: unknown): Problem {
  return new Problem("model_unavailable", unreachable, { cause });
}

/** The problem for an answer that breaks its own format. */
export function problemOfGarbledAnswer(cause: unknown): Problem {
  return new Problem("model_unavailable", garbled, { cause });
}

function* chainOf(error: unknown): Generator<unknown> {
  let current = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 6; depth++) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

function statusIn(error: unknown): number | undefined {
  for (const link of chainOf(error)) {
    if (link instanceof ProviderError) return link.status;
  }
  return undefined;
}

function ofProblem(problem: Problem): ModelFailure {
  const status = statusIn(problem);
  const code = problem.code === "rate_limited" || problem.code === "model_unavailable" ? problem.code : "internal";
  const refused = status !== undefined && status < 500 && status !== 408 && status !== 429;
  return {
    code,
    message: problem.message,
    retryable: code !== "internal" && !refused,
    retryAfterSeconds: problem.retryAfterSeconds,
  };
}

/** An `{error: {...}}` object that a server sent inside its stream. */
function ofErrorChunk(chunk: object): ModelFailure {
  const { code, type, message } = chunk as { code?: unknown; type?: unknown; message?: unknown };
  const status = Number(code);
  const text = `${String(code ?? "")} ${String(type ?? "")} ${String(message ?? "")}`;
  if (status === 429 || /rate.?limit|too many requests|quota/i.test(text)) {
    return ofProblem(problemOfStatus(429, text));
  }
  return ofProblem(problemOfStatus(status >= 400 && status < 600 ? status : 500, text));
}

const garbledNames = /JSONParseError|TypeValidationError|InvalidResponseData|EmptyResponseBody|NoContentGenerated/;

/**
 * Sorts anything that a model call threw, or that came as an `error` part of its stream. What is not known to be the
 * provider's fault is `internal`: it is then our own bug, and trying again would hide it.
 */
export function classifyModelFailure(error: unknown): ModelFailure {
  for (const link of chainOf(error)) {
    if (isProblem(link)) return ofProblem(link);
  }
  for (const link of chainOf(error)) {
    if (APICallError.isInstance(link)) {
      return ofProblem(
        link.statusCode && link.statusCode >= 400
          ? problemOfStatus(link.statusCode, link.responseBody ?? "")
          : problemOfGarbledAnswer(link),
      );
    }
  }
  if (error instanceof Error || error instanceof DOMException) {
    if (error.name === "TimeoutError") return ofProblem(problemOfNetwork(error));
    if (garbledNames.test(error.name)) return ofProblem(problemOfGarbledAnswer(error));
  } else if (typeof error === "object" && error !== null && ("message" in error || "code" in error)) {
    return ofErrorChunk(error);
  }
  return { code: "internal", message: "Something went wrong while the answer was written.", retryable: false };
}

/** What a failed call of a model comes out as where trying again is the caller's own affair: always `model_unavailable`. */
export function modelUnavailable(cause: unknown): Problem {
  const { message, retryAfterSeconds } = classifyModelFailure(cause);
  return new Problem("model_unavailable", message, { cause, retryAfterSeconds });
}
