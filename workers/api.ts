import { Hono } from "hono";
import { except } from "hono/combine";
import { HTTPException } from "hono/http-exception";
import { webhookRoutes } from "./billing/routes.ts";
import { openaiRoutes } from "./chat/openai-routes.ts";
import { checkProjection } from "./chat/projection-health.ts";
import { checkDefaultModel, modelHealthRoutes } from "./models/routes.ts";
import { documentRoutes } from "./openapi.ts";
import { erasureRoutes, personalDataRoutes } from "./personal-data/routes.ts";
import { ConfigError } from "./platform/config/config.ts";
import { isProblem, notFound, nothingAnswers, Problem } from "./platform/errors.ts";
import { healthRoutes } from "./platform/health-routes.ts";
import { allowedOrigin, corsHeaders, preflightAnswer } from "./platform/http/cors.ts";
import { credentialIn, nobody } from "./platform/http/credential.ts";
import { matchedOperation } from "./platform/http/operation-rules.ts";
import { problemResponse } from "./platform/http/problem.ts";
import type { RuntimeEnv } from "./platform/http/runtime-env.ts";
import { newId } from "./platform/ids.ts";
import { limitHeaders } from "./platform/limits/rate-limit.ts";
import { createLog } from "./platform/log.ts";
import { createRuntime } from "./platform/runtime.ts";
import { exportRequest } from "./platform/tracing/export-spans.ts";
import { Span } from "./platform/tracing/span.ts";
import { requestIdIn, traceContextIn } from "./platform/tracing/trace-context.ts";
import { openRoutes, roomRoutes } from "./rooms.ts";
import { admit, onlyPlainPaths } from "./workspaces/admit.ts";
import { identify } from "./workspaces/identify.ts";
import type { ContextEnv } from "./workspaces/router.ts";

const open = new Hono<RuntimeEnv>().route("/", openRoutes).route("/", erasureRoutes);

/** What needs to know who is asking. */
const identified = new Hono<ContextEnv>().use(identify).route("/", roomRoutes).route("/", personalDataRoutes);

/** The whole API. Its type is what the web app's typed client is made of. */
export const api = new Hono<RuntimeEnv>()
  .use(async (c, next) => {
    const requestId = requestIdIn(c.req.raw.headers) ?? newId("request");
    c.set("requestId", requestId);
    const span = Span.root("request", { parent: traceContextIn(c.req.raw.headers) });
    const runtime = { ...createRuntime(c.env, { request_id: requestId }), span };
    c.set("runtime", runtime);
    const operation = matchedOperation(c);
    c.set("operation", operation);
    const { headers } = c.req.raw;
    const credential = credentialIn(headers, runtime.config);
    // What another site's page sends is nobody's but by a bearer, whatever came along.
    const isOfOther =
      operation?.postedFromElsewhere || (credential.kind === "cookies" && allowedOrigin(headers, runtime.config));
    c.set("credential", isOfOther ? nobody : credential);
    await next();
    c.header("X-Request-Id", requestId);
    for (const [name, value] of corsHeaders(headers, runtime.config)) c.header(name, value);
    if (runtime.config.CORS_ORIGINS.length > 0) c.header("Vary", "Origin", { append: true });
    // What is somebody's own stays in no cache, unless its route says otherwise.
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
    for (const [name, value] of c.var.counted ? limitHeaders(c.var.counted) : []) c.header(name, value);
    exportRequest(runtime, c.req, c.res.status, requestId);
  })
  .use(onlyPlainPaths)
  .use(async (c, next) => preflightAnswer(c.req.raw, c.var.runtime.config) ?? (await next()))
  // That door has one of its own, which tells of refusals as OpenAI does.
  .use(except("/v1/*", admit({ takes: "any" })))
  .route("/", healthRoutes({ ai: checkDefaultModel, projection: checkProjection }))
  .route("/", modelHealthRoutes)
  .route("/api/v1", open)
  .route("/api/v1", identified)
  .route("/api", webhookRoutes)
  .route("/v1", openaiRoutes);

api.route("/", documentRoutes(api));

api.notFound((c) => problemResponse(nothingAnswers(c.req.method, c.req.path), c.get("requestId")));

/** Hono's own refusals (a body that is no JSON, a cookie that cannot be read) in our words. */
function translate(error: Error): Error {
  if (!(error instanceof HTTPException)) return error;
  if (error.status === 404) return notFound("address");
  if (error.status >= 500) return error;
  return new Problem("malformed_request", `The request could not be read: ${error.message}.`, { cause: error });
}

api.onError((error, c) => {
  const requestId = c.get("requestId") ?? newId("request");
  const log = c.get("runtime")?.log ?? createLog({ request_id: requestId });
  const translated = translate(error);
  if (error instanceof ConfigError) log.error("configuration_refused", error);
  else if (!isProblem(translated) || translated.code === "internal")
    log.error("request_failed", error, { path: c.req.path });
  return problemResponse(translated, requestId);
});

export type Api = typeof api;
