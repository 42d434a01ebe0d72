import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { keyPrefix, readApiKey } from "../accounts/api-keys.ts";
import type { Scope } from "../accounts/contract.ts";
import { readSession } from "../accounts/read-session.ts";
import { connect, type Database } from "../db/client.ts";
import { notFound, Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { addressOf, limitRequest } from "../platform/rate-limit.ts";
import type { Runtime } from "../platform/runtime.ts";
import { cookieName } from "../platform/security-headers.ts";
import { ShortCache } from "../platform/short-cache.ts";
import { withSocketBearer } from "../platform/socket-bearer.ts";
import type { Actor, Context } from "./context.ts";
import type { ContextEnv } from "./http.ts";
import { insertPersonalWorkspace, membershipsOf, roleIn } from "./queries.ts";
import { readVisitorToken } from "./visitor-token.ts";

/** Holds a visitor's token, so that a page needs no script to stay the same visitor. */
export const visitorCookie = "understudy_visitor";

type Memberships = Awaited<ReturnType<typeof membershipsOf>>;

// As for sessions: a changed role counts within three seconds.
const memberships = new ShortCache<Memberships>(3_000);

/** Workspaces of a person; the personal one is made here at the first call, so that no crash at sign-up can leave it out. */
async function ensureMemberships(
  runtime: Runtime,
  db: Database,
  user: { id: string; name: string },
): Promise<Memberships> {
  const now = runtime.clock.now();
  const known = memberships.get(user.id, now);
  if (known) return known;
  const found = await membershipsOf(db, user.id);
  if (found.length > 0) {
    memberships.set(user.id, found, now);
    return found;
  }
  await insertPersonalWorkspace(db, { id: newId("workspace"), name: `${user.name}’s workspace`, userId: user.id, now });
  return membershipsOf(db, user.id);
}

async function userActor(runtime: Runtime, db: Database, headers: Headers): Promise<Actor | null> {
  const user = await readSession(runtime, headers);
  if (!user) return null;
  const own = await ensureMemberships(runtime, db, user);
  const wanted = headers.get("X-Workspace-Id");
  const membership = wanted ? own.find(({ id }) => id === wanted) : own[0];
  if (!membership) throw notFound("workspace");
  return { kind: "user", userId: user.id, workspaceId: membership.id, role: membership.role, keyId: null };
}

/** What a key needs for a call: reading needs `read`, asking `chat`, every other change `write`. */
function neededScope(request: Request): Scope {
  if (/^\/(api\/v1\/conversations|v1\/chat)(\/|$)/.test(new URL(request.url).pathname)) return "chat";
  return request.method === "GET" || request.method === "HEAD" ? "read" : "write";
}

async function keyActor(runtime: Runtime, db: Database, request: Request, key: string): Promise<Actor | null> {
  const row = await readApiKey(db, key, runtime.clock.now());
  const role = row && (await roleIn(db, row.userId, row.workspaceId));
  if (!row || !role) return null;
  const needed = neededScope(request);
  if (!row.scopes.includes(needed)) {
    throw new Problem("forbidden", `This API key lacks the scope “${needed}”. Make one that has it.`);
  }
  return { kind: "user", userId: row.userId, workspaceId: row.workspaceId, role, keyId: row.id };
}

/** The actor behind a bearer: an API key by its prefix, a visitor's signed token by its two dots, else a session. */
function bearerActor(runtime: Runtime, db: Database, request: Request, bearer: string): Promise<Actor | null> {
  if (bearer.startsWith(keyPrefix)) return keyActor(runtime, db, request, bearer);
  if (bearer.split(".").length === 3) return visitorActor(runtime, bearer);
  return userActor(runtime, db, request.headers);
}

async function visitorActor(runtime: Runtime, token: string | undefined): Promise<Actor | null> {
  const visitor = token ? await readVisitorToken(runtime.config, token, runtime.clock.now()) : null;
  return visitor && { kind: "visitor", ...visitor };
}

async function identifyActor(
  runtime: Runtime,
  db: Database,
  request: Request,
  cookie: string | undefined,
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
  const actor = (hasSession && (await userActor(runtime, db, headers))) || (await visitorActor(runtime, cookie));
  if (!actor) throw new Problem("unauthenticated", "Sign in, or send an access token as “Authorization: Bearer …”.");
  return actor;
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
  const actor = await identifyActor(
    runtime,
    db,
    withSocketBearer(c.req.raw),
    getCookie(c, cookieName(runtime.config, visitorCookie)),
  );
  const subjects = subjectsOf(actor, addressOf(runtime, c.req.raw.headers));
  await limitRequest(runtime, c.req.raw, subjects, (counted) => c.set("counted", counted));
  const ctx: Context = {
    ...runtime,
    db,
    actor,
    requestId,
    defer: (work) => c.executionCtx.waitUntil(work.catch((error) => runtime.log.error("deferred_work_failed", error))),
  };
  c.set("ctx", ctx);
  await next();
});
