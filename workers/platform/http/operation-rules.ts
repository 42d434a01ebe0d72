import type { Context, Env as HonoEnv } from "hono";
import { matchedRoutes } from "hono/route";
import { findTargetHandler } from "hono/utils/handler";
import type { Scope } from "../contract.ts";
import type { RouteClass } from "../limits/rate-limits.ts";
import type { BodyLimit } from "./body.ts";

/** What the doors ask of an operation before anything of it runs. It belongs to the operation, never to how an address is written. */
export interface OperationRules {
  /** True for routes that need no credentials. */
  open?: boolean;
  /** What an API key needs; by default `write` for what tells the audit log, else `read`. */
  scope?: Scope;
  /** What its requests are counted as; by default with all other calls. `none`: not at all, for the checks of whether the product is up. */
  limit?: Exclude<RouteClass, "app" | "app_upload" | "api" | "unmatched"> | "none";
  /**
   * `beside`: what its caller was found by, where that is remembered and not fresh, it has confirmed itself beside its own work, before anything of
   * that can be seen. By default its door waits for it.
   */
  confirms?: "beside";
  /** Where a body may be larger, or has to be smaller, than the ordinary. */
  bodyLimit?: Partial<BodyLimit>;
  /**
   * Where another site's page may have browsers post to, without our cookies (they are Lax), as providers of SAML do. Such an operation
   * reads no cookie, sets none and signs nobody in.
   */
  postedFromElsewhere?: boolean;
}

const rules = Symbol("rules of the operation");

/** The handler, carrying the rules of the operation that it belongs to. */
export function withRules<H extends object>(handler: H, of: OperationRules): H {
  return Object.assign(handler, { [rules]: of });
}

/** The rules that a handler carries; undefined for one that belongs to no operation, such as a middleware of many. */
export function rulesOf(handler: (...args: never[]) => unknown): OperationRules | undefined {
  return (findTargetHandler(handler as Parameters<typeof findTargetHandler>[0]) as { [rules]?: OperationRules })[rules];
}

/** The operation that the router has found for a request, as it will answer it; undefined where nothing does. */
export function matchedOperation<E extends HonoEnv>(c: Context<E>): OperationRules | undefined {
  for (const { handler } of matchedRoutes(c)) {
    const found = rulesOf(handler);
    if (found) return found;
  }
  return undefined;
}
