import type { ValidationTargets } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver, validator } from "hono-openapi";
import type { z } from "zod";
import { invalid, problemBody } from "./problem.ts";
import type { Counted } from "./rate-limit.ts";
import type { Runtime } from "./runtime.ts";

/** What every route can read: the parsed runtime and the id that its response carries. */
export interface RuntimeVariables {
  runtime: Runtime;
  requestId: string;
  /** What the request was counted as; undefined where limits are off, or none was counted. */
  counted?: Counted;
}

export interface RuntimeEnv {
  Bindings: Env;
  Variables: RuntimeVariables;
}

/** Validates one part of a request against its contract; failures are a `validation_failed` problem that names the fields. */
export function validate<S extends z.ZodType, T extends keyof ValidationTargets>(target: T, schema: S) {
  return validator(target, schema, (result) => {
    if (!result.success) throw invalid(result.error as readonly z.core.$ZodIssue[]);
  });
}

interface Operation {
  summary: string;
  description?: string;
  tags: string[];
  /** Responses by status: a contract, or a sentence where there is no JSON body. */
  responses: Record<number, z.ZodType | string>;
  /** True for routes that need no credentials. */
  open?: boolean;
  requestBody?: DescribeRouteOptions["requestBody"];
}

/** Documents a route in the OpenAPI document; every route has one. */
export function describe({ summary, description, tags, responses, open, requestBody }: Operation) {
  const documented = Object.entries(responses).map(([status, shape]) => [
    status,
    typeof shape === "string"
      ? { description: shape }
      : { description: "The result.", content: { "application/json": { schema: resolver(shape) } } },
  ]);
  return describeRoute({
    summary,
    tags,
    ...(description ? { description } : {}),
    ...(open ? { security: [] } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: {
      ...Object.fromEntries(documented),
      default: {
        description: "A problem.",
        content: { "application/problem+json": { schema: resolver(problemBody) } },
      },
    },
  });
}
