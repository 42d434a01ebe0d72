import { Hono } from "hono";
import type { Relying } from "../platform/changes/relying.ts";
import type { RuntimeVariables } from "../platform/http/runtime-env.ts";
import type { Identity } from "./authenticate.ts";
import type { Actor, Caller } from "./context.ts";

/** What the routes above `accounts/` can read: who is asking. */
export interface ContextEnv {
  Bindings: Env;
  Variables: RuntimeVariables & {
    /** Whom the request's credential stands for, found out once; null where it is not valid, or there is none. */
    identity: () => Promise<Identity | null>;
    /** What that, and as whom they act, was found by. */
    relying: Relying;
    caller: Caller;
    /** Finds out once more who is asking; null where that is nobody any more. For what stays open for long. */
    askAgain: () => Promise<Actor | null>;
  };
}

/** A router whose handlers find out who calls under `c.var.caller`. */
export function createRouter() {
  return new Hono<ContextEnv>();
}
