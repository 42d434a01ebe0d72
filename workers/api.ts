import { Hono } from "hono";
import { accountRoutes } from "./accounts/routes.ts";
import { chatRoutes } from "./chat/routes.ts";
import { cloneRoutes } from "./clones/routes.ts";
import { visitorRoutes } from "./clones/visitor-routes.ts";
import { knowledgeRoutes } from "./knowledge/routes.ts";
import { modelRoutes } from "./models/routes.ts";
import { Problem } from "./platform/errors.ts";
import { healthRoutes } from "./platform/health-routes.ts";
import type { RuntimeEnv } from "./platform/http.ts";
import { newId } from "./platform/ids.ts";
import { problemResponse } from "./platform/problem.ts";
import { createRuntime } from "./platform/runtime.ts";
import { identify } from "./workspaces/identify.ts";
import { workspaceRoutes } from "./workspaces/routes.ts";

/** Everything under /api/v1 that needs to know who is asking. */
const product = new Hono()
  .use(identify)
  .route("/", workspaceRoutes)
  .route("/", cloneRoutes)
  .route("/", visitorRoutes)
  .route("/", knowledgeRoutes)
  .route("/", chatRoutes);

const v1 = new Hono().route("/", accountRoutes).route("/", modelRoutes).route("/", product);

/** The whole API. Its type is what the web app's typed client is made of. */
export const api = new Hono<RuntimeEnv>()
  .use(async (c, next) => {
    const requestId = newId("request");
    c.set("requestId", requestId);
    c.set("runtime", createRuntime(c.env, { request_id: requestId }));
    await next();
    c.header("X-Request-Id", requestId);
  })
  .route("/", healthRoutes)
  .route("/api/v1", v1);

api.notFound((c) =>
  problemResponse(
    new Problem("not_found", `Nothing answers ${c.req.method} ${c.req.path}. The API is described at /api/docs.`),
    c.get("requestId"),
  ),
);

export type Api = typeof api;
