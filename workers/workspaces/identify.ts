import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { keyPrefix, readApiKey } from "../accounts/api-keys.ts";
import type { Scope } from "../accounts/contract.ts";
import { findSession, isLivingSession, readSession } from "../accounts/read-session.ts";
import { originOf } from "../audit/origin.ts";
import { connect, type Database } from "../db/client.ts";
import { inBackground } from "../platform/background.ts";
import { isProblem, notFound, Problem } from "../platform/errors.ts";
import { addressOf, limitRequest } from "../platform/rate-limit.ts";
import type { Runtime } from "../platform/runtime.ts";
import { cookieName } from "../platform/security-headers.ts";
import { withSocketBearer } from "../platform/socket-bearer.ts";
import { recordAudit } from "./audited.ts";
import type { Actor, Context } from "./context.ts";
import type { ContextEnv } from "./http.ts";
import { type Membership, membershipIn } from "./queries.ts";
import { ensureMemberships, isOpenToVisitors, membershipsBeside, requireStanding, stands } from "./standing.ts";
import { readVisitorToken } from "./visitor-token.ts";

/** Holds a visitor's token, so that a page needs no script to stay the same visitor. */
export const visitorCookie = "understudy_visitor";
/** The workspace that was chosen in the app. */
export const workspaceCookie = "understudy_workspace";

/** The workspace that a call is about: the one it names, else the one chosen in the app, else the personal one. */
function chosen(own: Membership[], headers: Headers, inApp: string | undefined): Membership {
  const wanted = headers.get("X-Workspace-Id");
  const open = own.filter((one) => !one.isSuspended && !one.isMemberSuspended);
  // What was chosen in the app may have been left since, or be suspended.
  const membership = wanted
    ? own.find(({ id }) => id === wanted)
    : (open.find(({ id }) => id === inApp) ?? open[0] ?? own[0]);
  if (!membership) throw notFound("workspace");
  return membership;
}

async function userActor(runtime: Runtime, headers: Headers, inApp?: string): Promise<Actor | null> {
  const user = await readSession(runtime, headers, membershipsBeside(runtime));
  if (!user) return null;
  const membership = chosen(await ensureMemberships(runtime, user, originOf(runtime, headers)), headers, inApp);
  requireStanding(membership);
  const { id: workspaceId, role, isSuperAdmin } = membership;
  return { kind: "user", userId: user.id, workspaceId, role, keyId: null, isSuperAdmin };
}

/** What a key needs for a call: reading needs `read`, asking `chat`, every other change `write`. */
function neededScope(request: Request): Scope {
  if (/^\/(api\/v1\/conversations|v1\/chat)(\/|$)/.test(new URL(request.url).pathname)) return "chat";
  return request.method === "GET" || request.method === "HEAD" ? "read" : "write";
}

async function keyActor(runtime: Runtime, db: Database, request: Request, key: string): Promise<Actor | null> {
  const row = await readApiKey(runtime, db, key);
  const membership = row && (await membershipIn(db, row.userId, row.workspaceId));
  if (!row || !membership) return null;
  requireStanding(membership);
  const needed = neededScope(request);
  if (!row.scopes.includes(needed)) {
    throw new Problem("forbidden", `This API key lacks the scope “${needed}”. Make one that has it.`);
  }
  return {
    kind: "user",
    userId: row.userId,
    workspaceId: row.workspaceId,
    role: membership.role,
    keyId: row.id,
    isSuperAdmin: false,
  };
}

/** The actor behind a bearer: an API key by its prefix, a visitor's signed token by its two dots, else a session. */
function bearerActor(runtime: Runtime, db: Database, request: Request, bearer: string): Promise<Actor | null> {
  if (bearer.startsWith(keyPrefix)) return keyActor(runtime, db, request, bearer);
  if (bearer.split(".").length === 3) return visitorActor(runtime, bearer);
  return userActor(runtime, request.headers);
}

async function visitorActor(runtime: Runtime, token: string | undefined): Promise<Actor | null> {
  const visitor = token ? await readVisitorToken(runtime.config, token, runtime.clock.now()) : null;
  if (!visitor || !(await isOpenToVisitors(runtime, visitor.workspaceId))) return null;
  return { kind: "visitor", ...visitor };
}

async function identifyActor(
  runtime: Runtime,
  db: Database,
  request: Request,
  cookies: { visitor: string | undefined; workspace: string | undefined },
): Promise<Actor> {
  const { headers } = request;
  const authorization = headers.get("Authorization");
  if (authorization !== null) {
    const bearer = authorization.match(/^Bearer\s+(\S+)$/i)?.[1];
    const actor = bearer ? await bearerActor(runtime, db, request, bearer) : null;
    if (!actor) throw new Problem("unauthenticated", "The access token is not valid, or has expired. Sign in again.");
    return actor;
  }
  const hasSession = headers.get("Cookie")?.includes("understudy.session_token") ?? false;
  const actor =
    (hasSession && (await userActor(runtime, headers, cookies.workspace))) ||
    (await visitorActor(runtime, cookies.visitor));
  if (!actor) throw new Problem("unauthenticated", "Sign in, or send an access token as “Authorization: Bearer …”.");
  return actor;
}

/** The same person while their session goes on: what they opened outlives the access token that they opened it with. */
async function actorInSession(ctx: Context, sessionId: string): Promise<Actor | null> {
  const { db, actor } = ctx;
  if (actor.kind !== "user" || !(await isLivingSession(ctx, sessionId))) return null;
  const membership = await membershipIn(db, actor.userId, actor.workspaceId);
  return membership && stands(membership) ? { ...actor, role: membership.role } : null;
}

/** By whom a call is counted. An address can become as many visitors as it likes: it is counted beside them. */
function subjectsOf(actor: Actor, address: string): string[] {
  if (actor.kind === "visitor") return [`visitor:${actor.visitorId}`, address];
  if (actor.kind === "user") return [actor.keyId === null ? `account:${actor.userId}` : `key:${actor.keyId}`];
  return [];
}

/** Finds out who is asking and hands every later handler the verb's context. Throws `unauthenticated`. */
export const identify = createMiddleware<ContextEnv>(async (c, next) => {
  const { runtime, requestId } = c.var;
  const db = connect(c.env.DB);
  const cookies = {
    visitor: getCookie(c, cookieName(runtime.config, visitorCookie)),
    workspace: getCookie(c, cookieName(runtime.config, workspaceCookie)),
  };
  const request = withSocketBearer(c.req.raw);
  const actor = await identifyActor(runtime, db, request, cookies);
  const ctx: Context = {
    ...runtime,
    db,
    actor,
    requestId,
    origin: originOf(runtime, c.req.raw.headers),
    defer: (work) => inBackground(runtime, work),
  };
  c.set("ctx", ctx);
  const session = actor.kind === "user" && !actor.keyId ? await findSession(runtime, request.headers) : null;
  c.set("askAgain", () =>
    identifyActor(runtime, db, request, cookies).catch((error) => {
      if (!isProblem(error)) throw error;
      return error.code === "unauthenticated" && session ? actorInSession(ctx, session.id) : null;
    }),
  );
  const subjects = subjectsOf(actor, addressOf(runtime, c.req.raw.headers));
  await limitRequest(runtime, c.req.raw, subjects, async (counted) => {
    c.set("counted", counted);
    // The first of many: a flood must not become a flood of events.
    if (counted.isFirstRefusal) await recordAudit(ctx, { action: "limit.reached", details: { kind: counted.kind } });
  });
  await next();
});
