import type { Context, Handler, Env as HonoEnv, TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";
import type { InferInput } from "hono/validator";
import { type DescribeRouteOptions, describeRoute, resolver } from "hono-openapi";
import { z } from "zod";
import type { Nothing, Operation } from "../operation.ts";
import { readJsonInput } from "./body.ts";
import { withRules } from "./operation-rules.ts";
import { problemBody } from "./problem.ts";

/** What a client sends, as the typed client of the pages knows it. */
interface Sent<Q extends z.ZodType, B extends z.ZodType> {
  in: ([Nothing] extends [Q] ? object : { query: InferInput<z.input<Q>, "query"> }) &
    ([Nothing] extends [B] ? object : { json: z.input<B> });
  out: object;
}

/** What a message holds, by its media types: a contract, or a sentence where that is no JSON. */
type Bodies = Record<string, z.ZodType | string>;

/** What is HTTP’s own about an operation: what stands between bytes and its body, or between its result and bytes. */
interface Way<E extends HonoEnv, R, T> {
  /** What headers say of its query: it counts before what the address says. */
  query?(c: Context<E>): object;
  /** Reads its body, where that is no JSON. */
  read?(c: Context<E>): Promise<unknown>;
  respond(c: Context<E>, result: R): T | Promise<T>;
  /** What it answers: a contract of JSON, bodies, or a sentence where there is none. */
  responses: Record<number, z.ZodType | Bodies | string>;
  requestBody?: Bodies;
}

// biome-ignore lint/suspicious/noExplicitAny: whoever calls it, whatever it takes and comes to.
type AnyOperation = Operation<any, any, any, any, any, any>;

const contentOf = (bodies: Bodies) =>
  Object.fromEntries(
    Object.entries(bodies).map(([type, body]) => [
      type,
      { schema: typeof body === "string" ? ({ type: "string", description: body } as const) : resolver(body) },
    ]),
  );

const jsonOf = (contract: z.ZodType): Bodies => ({ "application/json": contract });

function answerOf(shape: z.ZodType | Bodies | string) {
  if (typeof shape === "string") return { description: shape };
  return { description: "The result.", content: contentOf(shape instanceof z.ZodType ? jsonOf(shape) : shape) };
}

const takesNothing = (contract: z.ZodType) =>
  contract instanceof z.ZodObject && Object.keys(contract.shape).length === 0;

function parametersOf(query: z.ZodType): DescribeRouteOptions["parameters"] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, schema]) => ({
    in: "query",
    name,
    schema: schema as object,
    ...(required.includes(name) ? { required: true } : {}),
  }));
}

/** An operation’s place in the OpenAPI document, worked out when somebody reads that. */
function documented(
  operation: AnyOperation,
  { responses, requestBody }: Pick<Way<HonoEnv, unknown, unknown>, "responses" | "requestBody">,
  refusal: Bodies,
) {
  const { summary, description, tags, open, query, input } = operation;
  const body = requestBody ?? (takesNothing(input) ? undefined : jsonOf(input));
  const answers = Object.entries(responses).map(([status, shape]) => [status, answerOf(shape)]);
  return describeRoute({
    summary,
    tags: [...tags],
    ...(description ? { description } : {}),
    ...(open ? { security: [] } : {}),
    ...(body ? { requestBody: { required: true, content: contentOf(body) } } : {}),
    get parameters() {
      return parametersOf(query);
    },
    responses: {
      ...Object.fromEntries(answers),
      default: { description: "A problem.", content: contentOf(refusal) },
    },
  });
}

const queryOf = (c: Context) =>
  Object.fromEntries(Object.entries(c.req.queries()).map(([name, all]) => [name, all.length === 1 ? all[0] : all]));

/** Makes operations answer over HTTP, for whoever `callerOf` says that a request comes from. `refusal`: what is told of what went wrong. */
export function createDoor<E extends HonoEnv, C>(
  callerOf: (c: Context<E>) => C,
  refusal: Bodies = { "application/problem+json": problemBody },
) {
  /** Answers as `way` says. What the operation does not know of in a query or a body is refused. */
  function serveAs<
    P extends string,
    Q extends z.ZodType,
    B extends z.ZodType,
    O extends z.ZodType,
    R,
    T extends Response,
  >(
    operation: Operation<C, P, Q, B, O, R>,
    { query: ofHeaders, read = readJsonInput, respond, ...way }: Way<E, R, T>,
  ): Handler<E, string, Sent<Q, B>, Promise<T>> {
    const handler: Handler<E, string, Sent<Q, B>, Promise<T>> = async (c) => {
      const run = await operation.begin(callerOf(c as Context<E>), c.req.param() as Record<P, string>);
      const hasBody = c.req.method !== "GET" && c.req.method !== "HEAD";
      const result = await run({
        query: { ...queryOf(c), ...ofHeaders?.(c as Context<E>) },
        body: () => (hasBody ? read(c as Context<E>) : {}),
      });
      return respond(c as Context<E>, result);
    };
    return withRules(Object.assign(handler, documented(operation, way, refusal)), operation);
  }

  /** Answers with the operation’s result as JSON; with 204 where it has none. */
  function serve<P extends string, Q extends z.ZodType, B extends z.ZodType>(
    operation: Operation<C, P, Q, B, z.ZodVoid, void>,
  ): Handler<E, string, Sent<Q, B>, Promise<TypedResponse<null, 204, "body"> & Response>>;
  function serve<
    P extends string,
    Q extends z.ZodType,
    B extends z.ZodType,
    O extends z.ZodType,
    S extends ContentfulStatusCode = 200,
  >(
    operation: Operation<C, P, Q, B, O, z.input<O>>,
    status?: S,
  ): Handler<E, string, Sent<Q, B>, Promise<TypedResponse<JSONParsed<z.output<O>>, S, "json"> & Response>>;
  function serve(operation: AnyOperation, status: ContentfulStatusCode = 200): unknown {
    const { output, done = "It is done." } = operation;
    if (!output) return serveAs(operation, { responses: { 204: done }, respond: (c) => c.body(null, 204) });
    return serveAs(operation, {
      responses: { [status]: output },
      respond: (c, result) => c.json(result as object, status),
    });
  }

  return { serve, serveAs };
}
