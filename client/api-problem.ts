/** What the API says when it refuses: one sentence for a person, and one for each field that needs attention. */
export interface ApiProblem {
  status: number;
  code: string;
  detail: string;
  errors: { path: string; message: string }[];
  retryAfterSeconds: number | null;
}

const unreadable = "The server answered in a way this page does not understand. Please try again.";

/** The problem that a refused call carries. Answers that are not problem+json (a proxy's page, say) get a sentence of their own. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: Partial<ApiProblem> | null = response.headers.get("Content-Type")?.includes("json")
    ? ((await response.json().catch(() => null)) as Partial<ApiProblem> | null)
    : null;
  const retryAfter = Number(response.headers.get("Retry-After"));
  return {
    status: response.status,
    code: body?.code ?? "internal",
    detail: body?.detail ?? (response.status === 413 ? "That is larger than the server takes." : unreadable),
    errors: body?.errors ?? [],
    retryAfterSeconds: retryAfter > 0 ? retryAfter : null,
  };
}

/** The problem of a call that never reached the server. */
export const offlineProblem: ApiProblem = {
  status: 0,
  code: "offline",
  detail: "The server cannot be reached. Check your connection and try again.",
  errors: [],
  retryAfterSeconds: null,
};

/** Whether a path leads to a field: `starters.2` belongs to the field `starters`. */
const isOf = (path: string, field: string) => path === field || path.startsWith(`${field}.`);

/** The sentence for one field, or undefined where it is fine. */
export function fieldError(problem: ApiProblem | null | undefined, field: string): string | undefined {
  return problem?.errors.find(({ path }) => isOf(path, field))?.message;
}

/** True where a problem is told entirely by its fields, so that no general notice is needed. */
export function isAllFields(problem: ApiProblem, fields: readonly string[]): boolean {
  return problem.errors.length > 0 && problem.errors.every(({ path }) => fields.some((field) => isOf(path, field)));
}

/** Thrown by calls from the browser. */
export class ApiError extends Error {
  readonly problem: ApiProblem;
  constructor(problem: ApiProblem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "ApiError";
    this.problem = problem;
  }
}

/** Refuses what need not be sent to be refused: at a field, or where none is named as a whole. */
export function refusal(detail: string, field?: string): ApiError {
  const errors = field === undefined ? [] : [{ path: field, message: detail }];
  return new ApiError({ status: 422, code: "validation_failed", detail, errors, retryAfterSeconds: null });
}

/** The problem behind anything that a call may throw. */
export function problemOf(error: unknown): ApiProblem {
  return error instanceof ApiError ? error.problem : offlineProblem;
}
