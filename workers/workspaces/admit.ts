import type { Context as HonoContext, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { Relying } from "../platform/changes/relying.ts";
import { isProblem, type Problem } from "../platform/errors.ts";
import { pathProblem } from "../platform/http/request-path.ts";
import { forged, mayBeForged } from "../platform/http/same-origin.ts";
import { load, overloaded } from "../platform/limits/overload.ts";
import { addressOf, countRequest, limitReached } from "../platform/limits/rate-limit.ts";
import { classOf, countedByAddress } from "../platform/limits/rate-limits.ts";
import { recordAudit } from "./audited.ts";
import { authenticate, type Identity, subjectsOf } from "./authenticate.ts";
import { actorBehind, callerOf } from "./identify.ts";
import type { ContextEnv } from "./router.ts";

type Call = HonoContext<ContextEnv>;

/** Tells in the log of whoever has no requests left that they reached a limit. */
async function noteLimit(c: Call, identity: Identity, kind: string): Promise<void> {
  const { relying } = c.var;
  try {
    const actor = await actorBehind(c, identity, relying);
    if (!actor) return;
    const caller = await callerOf(c, { identity, actor }, relying).confirmed();
    await recordAudit(caller, { action: "limit.reached", details: { kind } });
  } catch (error) {
    // Who may not act where they say has no log there.
    if (!isProblem(error)) throw error;
  }
}

/** Counts the request as what it matched, for whoever sends it. Throws `rate_limited`. */
async function count(c: Call, identity: Identity | null): Promise<void> {
  const { runtime, operation, credential } = c.var;
  const kind = classOf(operation, identity !== null && credential.kind === "cookies");
  if (kind === null) return;
  const counted = await countRequest(runtime, kind, subjectsOf(identity, addressOf(runtime, c.req.raw.headers)));
  if (!counted) return;
  c.set("counted", counted);
  if (counted.allowed) return;
  // The first of many: a flood must not become a flood of events.
  if (counted.isFirstRefusal && identity) await noteLimit(c, identity, kind);
  throw limitReached(counted);
}

/** Refuses a call that is not looked at any further. It is counted where it came from: whose it is was not asked, or is not known. */
async function turnAway(c: Call, problem: Problem): Promise<never> {
  await count(c, null);
  throw problem;
}

/** Refuses addresses that could be read in two ways. */
export const onlyPlainPaths = createMiddleware<ContextEnv>(async (c, next) => {
  const problem = pathProblem(c.req.raw.url);
  if (problem) await turnAway(c, problem);
  await next();
});

/**
 * What every request passes before anything of it runs: it is turned away where the product cannot keep up with questions, or where a foreign page
 * may have caused it, and counted in any case, for whoever its one credential stands for, or else for its address.
 */
export function admit({ takes }: { takes: "any" | "bearers" }): MiddlewareHandler<ContextEnv> {
  return createMiddleware<ContextEnv>(async (c, next) => {
    const { runtime, operation, credential } = c.var;
    if (operation?.limit === "chat" && load.isOverfull) throw overloaded();
    const relying = new Relying();
    let found: Promise<Identity | null> | undefined;
    const identity = () => {
      found ??= authenticate(runtime, credential, relying);
      return found;
    };
    c.set("relying", relying);
    c.set("identity", identity);
    // Where no cookie is taken, nothing is sent that a foreign page could make use of.
    if (takes === "any" && mayBeForged(c.req.raw, runtime.config, operation)) {
      const isOwn = credential.kind === "bearer" && (await identity()) !== null;
      if (!isOwn) await turnAway(c, forged());
    }
    const kind = classOf(operation, false);
    await count(c, kind === null || countedByAddress.has(kind) ? null : await identity());
    await next();
  });
}
