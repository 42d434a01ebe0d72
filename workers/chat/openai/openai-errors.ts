import type { z } from "zod";
import { type ErrorCode, isProblem, Problem, statusOf } from "../../platform/errors.ts";
import type { openaiError } from "./openai-contract.ts";

interface Told {
  status: number;
  type: string;
  code: string | null;
}

const wrongRequest = "invalid_request_error";

/** How OpenAI names what we name otherwise; its clients branch on the status, then on these. */
const told: Partial<Record<ErrorCode, Told>> = {
  unauthenticated: { status: 401, type: wrongRequest, code: "invalid_api_key" },
  forbidden: { status: 403, type: wrongRequest, code: "insufficient_permissions" },
  validation_failed: { status: 400, type: wrongRequest, code: null },
  rate_limited: { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  insufficient_credits: { status: 402, type: "insufficient_quota", code: "insufficient_quota" },
};

/** The refusal of a model that does not exist or is not the actor’s to ask, as OpenAI’s clients know it. */
export class UnknownModel extends Problem {
  readonly param = "model";

  constructor(model: string) {
    super(
      "not_found",
      `The model “${model}” does not exist, or you may not use it. GET /v1/models lists those you may.`,
    );
  }
}

const isUnknownModel = (problem: Problem): problem is UnknownModel => "param" in problem && problem.param === "model";

/** `messages.0.content` as OpenAI writes it: `messages[0].content`. */
const paramOf = (path: string | undefined) => path?.replace(/\.(\d+)(?=\.|$)/g, "[$1]") || null;

function toldOf({ code }: Problem): Told {
  const status = statusOf[code];
  return told[code] ?? { status, type: status >= 500 ? "server_error" : wrongRequest, code };
}

/** The body of an error, in OpenAI’s shape. */
export function openaiErrorBody(error: unknown): z.output<typeof openaiError> {
  const problem = isProblem(error)
    ? error
    : new Problem("internal", "Something went wrong on our side. It has been recorded; please try again.");
  const { type, code } = toldOf(problem);
  const param = isUnknownModel(problem) ? problem.param : paramOf(problem.errors?.[0]?.path);
  return {
    error: { message: problem.message, type, param, code: isUnknownModel(problem) ? "model_not_found" : code },
  };
}

/** Any failure as OpenAI’s clients expect it. */
export function openaiErrorResponse(error: unknown): Response {
  const problem = isProblem(error) ? error : new Problem("internal", "");
  const { status } = toldOf(problem);
  const headers = new Headers({ "Content-Type": "application/json" });
  const retryAfter = problem.retryAfterSeconds ?? (status === 429 || status === 503 ? 5 : undefined);
  if (retryAfter !== undefined) headers.set("Retry-After", String(Math.ceil(retryAfter)));
  return new Response(JSON.stringify(openaiErrorBody(error)), { status, headers });
}
