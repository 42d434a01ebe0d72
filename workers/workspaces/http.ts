import { Hono } from "hono";
import type { RuntimeVariables } from "../platform/http.ts";
import type { Context } from "./context.ts";

/** What the routes above `accounts/` can read: who is asking, and everything that a verb needs. */
export interface ContextEnv {
  Bindings: Env;
  Variables: RuntimeVariables & { ctx: Context };
}

/** A router whose handlers find the verb's context under `c.var.ctx`. */
export function createRouter() {
  return new Hono<ContextEnv>();
}
