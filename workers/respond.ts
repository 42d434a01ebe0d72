import { createRequestHandler, RouterContextProvider } from "react-router";
import { apiFetch } from "../web/api-context.ts";
import { api } from "./api.ts";
import { withSecurityHeaders } from "./platform/security-headers.ts";

const pages = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);
const apiPath = /^\/(api|v1|mcp|health|ready)(\/|$)/;

/** Whether the API answers at this path; all else is a page or a file. As `run_worker_first` of wrangler.toml has it. */
export function isApiPath(pathname: string): boolean {
  return apiPath.test(pathname);
}

async function answer(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  if (isApiPath(new URL(request.url).pathname)) return api.fetch(request, env, ctx);
  const context = new RouterContextProvider();
  context.set(apiFetch, async (inner) => api.fetch(inner, env, ctx));
  return pages(request, context);
}

/** What the product answers to a request: of its API, or with one of its pages. */
export async function respond(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  return withSecurityHeaders(await answer(request, env, ctx), env);
}
