import { createMiddleware } from "hono/factory";
import { actIn } from "./act-in.ts";
import type { Context, UserActor } from "./context.ts";
import type { ContextEnv } from "./http.ts";
import { requirePerson } from "./permissions.ts";
import type { Action } from "./roles.ts";

/** What the routes below `/workspaces/:id` can read: a person's context in that workspace. */
interface WorkspaceEnv {
  Bindings: ContextEnv["Bindings"];
  Variables: Omit<ContextEnv["Variables"], "ctx"> & { ctx: Context<UserActor> };
}

/**
 * Lets those on in person who may do `action` in the workspace of the path, and acts there. Throws `not_found` for a workspace that one does not belong to.
 */
export function atWorkspace(action: Action) {
  return createMiddleware<WorkspaceEnv>(async (c, next) => {
    const there = await actIn(requirePerson(c.var.ctx), c.req.param("id"), action);
    c.set("ctx", there);
    await next();
  });
}
