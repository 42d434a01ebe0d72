import type { MiddlewareHandler, ValidationTargets } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver, validator } from "hono-openapi";
import type { z } from "zod";
import type { Counted } from "../limits/rate-limit.ts";
import type { Runtime } from "../runtime.ts";
import { readJsonText } from "./body.ts";
import type { Credential } from "./credential.ts";
import { type OperationRules, withRules } from "./operation.ts";
import { invalid, problemBody } from "./problem.ts";

/** What every route can read: the parsed runtime and the id that its response carries. */
export interface RuntimeVariables {
  runtime: Runtime;
  requestId: string;
  /** What the request says by whom it was sent; nothing else in it may be taken for that. */
  credential: Credential;
  /** What answers the request; undefined where nothing does. */
  operation: OperationRules | undefined;
  /** What the request was counted as; undefined where limits are off, or none was counted. */
  counted?: Counted;
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

interface Operation extends OperationRules {
  summary: string;
  description?: string;
  tags: string[];
  /** Responses by status: a contract, or a sentence where there is no JSON body. */
  responses: Record<number, z.ZodType | string>;
  requestBody?: DescribeRouteOptions["requestBody"];
}

/** Documents a route in the OpenAPI document, and declares what the doors ask of it; every route has one. */
export function describe({ summary, description, tags, responses, requestBody, ...rules }: Operation) {
  const documented = Object.entries(responses).map(([status, shape]) => [
    status,
    typeof shape === "string"
      ? { description: shape }
      : { description: "The result.", content: { "application/json": { schema: resolver(shape) } } },
  ]);
  const documentedRoute = describeRoute({
    summary,
    tags,
    ...(description ? { description } : {}),
    ...(rules.open ? { security: [] } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: {
      ...Object.fromEntries(documented),
      default: {
        description: "A problem.",
        content: { "application/problem+json": { schema: resolver(problemBody) } },
      },
    },
  });
  return withRules(documentedRoute, rules);
}
