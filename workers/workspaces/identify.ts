import type { Context as HonoContext } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiKeyRow } from "../accounts/api-key-queries.ts";
import { isLivingSession, type Session } from "../accounts/read-session.ts";
import { originOf } from "../audit/origin.ts";
import { inBackground } from "../platform/background.ts";
import { isProblem, notFound, nothingAnswers, Problem } from "../platform/errors.ts";
import { addressOf } from "../platform/limits/rate-limit.ts";
import { authenticate, type Identity, subjectsOf } from "./authenticate.ts";
import type { Actor, Caller } from "./context.ts";
import { type Membership, membershipIn } from "./queries.ts";
import type { ContextEnv } from "./router.ts";
import { ensureMemberships, requireStanding, stands } from "./standing.ts";

type Call = HonoContext<ContextEnv>;

/** The workspace that a call is about: the one it names, else the one chosen in the app, else the personal one. */
function chosen(own: Membership[], headers: Headers, inApp: string | null): Membership {
  const wanted = headers.get("X-Workspace-Id");
  const open = own.filter((one) => !one.isSuspended && !one.isMemberSuspended);
  // What was chosen in the app may have been left since, or be suspended.
  const membership = wanted
    ? own.find(({ id }) => id === wanted)
    : (open.find(({ id }) => id === inApp) ?? open[0] ?? own[0]);
  if (!membership) throw notFound("workspace");
  return membership;
}

async function personActor(c: Call, { user }: Session): Promise<Actor> {
  const { runtime, credential } = c.var;
  const { headers } = c.req.raw;
  const inApp = credential.kind === "cookies" ? credential.workspace : null;
  const membership = chosen(await ensureMemberships(runtime, user, originOf(runtime, headers)), headers, inApp);
  requireStanding(membership);
  const { id: workspaceId, role, isSuperAdmin } = membership;
  return { kind: "user", userId: user.id, workspaceId, role, keyId: null, isSuperAdmin };
}

async function keyActor(c: Call, { id: keyId, userId, workspaceId }: ApiKeyRow): Promise<Actor | null> {
  const membership = await membershipIn(c.var.runtime.db, userId, workspaceId);
  if (!membership) return null;
  requireStanding(membership);
  return { kind: "user", userId, workspaceId, role: membership.role, keyId, isSuperAdmin: false };
}

/** As whom somebody acts in this call; null where it is nobody any more. Throws `not_found` or `forbidden`. */
export async function actorBehind(c: Call, identity: Identity): Promise<Actor | null> {
  switch (identity.kind) {
    case "person":
      return personActor(c, identity.session);
    case "key":
      return keyActor(c, identity.key);
    case "visitor":
      return { kind: "visitor", ...identity.visitor };
  }
}

/** Whoever calls, as `actor`. */
export function callerOf(c: Call, actor: Actor, identity: Identity): Caller {
  const { runtime, requestId } = c.var;
  return {
    ...runtime,
    actor,
    counted: {
      as: c.var.operation,
      by: () => subjectsOf(identity, addressOf(runtime, c.req.raw.headers)),
      isApp: c.var.credential.kind === "cookies",
    },
    scopes: identity.kind === "key" ? identity.key.scopes : null,
    session: identity.kind === "person" ? identity.session : null,
    requestId,
    origin: originOf(runtime, c.req.raw.headers),
    defer: (work) => inBackground(runtime, work),
  };
}

/** As whom a person acts while their session goes on: what they opened outlives the access token that they opened it with. */
async function actorInSession(caller: Caller, sessionId: string): Promise<Actor | null> {
  const { db, actor } = caller;
  if (actor.kind !== "user" || !(await isLivingSession(caller, sessionId))) return null;
  const membership = await membershipIn(db, actor.userId, actor.workspaceId);
  return membership && stands(membership) ? { ...actor, role: membership.role } : null;
}

/** As whom the one that `before` stands for acts now, by the same credential; null where that is nobody, or not them. */
async function askAgain(c: Call, before: Identity): Promise<Actor | null> {
  const { runtime, credential, caller } = c.var;
  const [subject] = subjectsOf(before, "");
  try {
    const now = await authenticate(runtime, credential);
    const actor = now && subjectsOf(now, "")[0] === subject ? await actorBehind(c, now) : null;
    if (actor) return actor;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
  return before.kind === "person" ? actorInSession(caller, before.session.id) : null;
}

/** Tells every later handler who calls: whoever was admitted. Throws `unauthenticated`. */
export const identify = createMiddleware<ContextEnv>(async (c, next) => {
  const identity = await c.var.identity();
  const actor = identity && (await actorBehind(c, identity));
  if (!actor) {
    throw new Problem(
      "unauthenticated",
      c.var.credential.kind === "bearer"
        ? "The access token is not valid, or has expired. Sign in again."
        : "Sign in, or send an access token as “Authorization: Bearer …”.",
    );
  }
  // What declares nothing is nothing: no route is reached that asks for nothing.
  if (!c.var.operation) throw nothingAnswers(c.req.method, c.req.path);
  c.set("caller", callerOf(c, actor, identity));
  c.set("askAgain", () => askAgain(c, identity));
  await next();
});
