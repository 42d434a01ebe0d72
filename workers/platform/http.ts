import type { MiddlewareHandler, ValidationTargets } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver, validator } from "hono-openapi";
import type { z } from "zod";
import { type BodyLimit, ordinaryBody, readJsonText } from "./body.ts";
import { invalid, problemBody } from "./problem.ts";
import type { Counted } from "./rate-limit.ts";
import type { Runtime } from "./runtime.ts";

/** What every route can read: the parsed runtime and the id that its response carries. */
export interface RuntimeVariables {
  runtime: Runtime;
  requestId: string;
  /** What the request was counted as; undefined where limits are off, or none was counted. */
  counted?: Counted;
  /** What the operation reads of a body, where it is not the ordinary. */
  bodyLimit?: BodyLimit;
}

export interface RuntimeEnv {
  Bindings: Env;
  Variables: RuntimeVariables;
}

/** Validates one part of a request against its contract; failures are a `validation_failed` problem that names the fields. */
export function validate<S extends z.ZodType, T extends keyof ValidationTargets>(target: T, schema: S) {
  const validating = validator(target, schema, (result) => {
    if (!result.success) throw invalid(result.error as readonly z.core.$ZodIssue[]);
  });
  return target === "json" ? before(boundJson, validating) : validating;
}

/** Puts a step before a middleware, which keeps what it tells of itself to the OpenAPI document, and its types. */
function before<M extends MiddlewareHandler>(step: (c: Parameters<M>[0]) => Promise<void> | void, middleware: M): M {
  const both: MiddlewareHandler = async (c, next) => {
    await step(c as Parameters<M>[0]);
    return middleware(c, next);
  };
  return Object.assign(both, middleware) as M;
}

/** Reads the body within its operation's limit, whatever it says that it is; the validator then finds its text, and reads nothing itself. */
async function boundJson(c: Parameters<MiddlewareHandler>[0]): Promise<void> {
  const cache: { text?: unknown } = c.req.bodyCache;
  cache.text = Promise.resolve(await readJsonText(c));
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
  /** Where a body may be larger, or has to be smaller, than the ordinary. */
  bodyLimit?: Partial<BodyLimit>;
}

/** Documents a route in the OpenAPI document; every route has one. */
export function describe({ summary, description, tags, responses, open, requestBody, bodyLimit }: Operation) {
  const documented = Object.entries(responses).map(([status, shape]) => [
    status,
    typeof shape === "string"
      ? { description: shape }
      : { description: "The result.", content: { "application/json": { schema: resolver(shape) } } },
  ]);
  const documentation = describeRoute({
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
  if (!bodyLimit) return documentation;
  return before((c) => c.set("bodyLimit", { ...ordinaryBody, ...bodyLimit }), documentation);
}
