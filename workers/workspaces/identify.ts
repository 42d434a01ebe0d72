import type { Context as HonoContext } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiKeyRow } from "../accounts/api-key-queries.ts";
import { isLivingSession, type Session } from "../accounts/read-session.ts";
import { originOf } from "../audit/origin.ts";
import { inBackground } from "../platform/background.ts";
import { findReliably, Relying } from "../platform/changes/relying.ts";
import { isProblem, notFound, nothingAnswers, Problem } from "../platform/errors.ts";
import { addressOf } from "../platform/limits/rate-limit.ts";
import { authenticate, type Identity, subjectsOf } from "./authenticate.ts";
import type { Actor, Caller } from "./context.ts";
import type { Membership } from "./queries.ts";
import type { ContextEnv } from "./router.ts";
import { ensureMemberships, placeIn, requireStanding, stands } from "./standing.ts";

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

async function personActor(c: Call, { user }: Session, relying: Relying): Promise<Actor> {
  const { runtime, credential } = c.var;
  const { headers } = c.req.raw;
  const inApp = credential.kind === "cookies" ? credential.workspace : null;
  const own = await ensureMemberships(runtime, user, originOf(runtime, headers), relying);
  const membership = chosen(own, headers, inApp);
  requireStanding(membership);
  const { id: workspaceId, role, isSuperAdmin } = membership;
  return { kind: "user", userId: user.id, workspaceId, role, keyId: null, isSuperAdmin };
}

async function keyActor(c: Call, key: ApiKeyRow, relying: Relying): Promise<Actor | null> {
  const { id: keyId, userId, workspaceId } = key;
  const membership = await placeIn(c.var.runtime, key, relying);
  if (!membership) return null;
  requireStanding(membership);
  return { kind: "user", userId, workspaceId, role: membership.role, keyId, isSuperAdmin: false };
}

/** As whom somebody acts in this call; null where it is nobody any more. Throws `not_found` or `forbidden`. */
export async function actorBehind(c: Call, identity: Identity, relying: Relying): Promise<Actor | null> {
  switch (identity.kind) {
    case "person":
      return personActor(c, identity.session, relying);
    case "key":
      return keyActor(c, identity.key, relying);
    case "visitor":
      return { kind: "visitor", ...identity.visitor };
  }
}

interface Found {
  identity: Identity;
  actor: Actor;
}

async function find(c: Call, relying: Relying): Promise<Found | null> {
  const identity = await authenticate(c.var.runtime, c.var.credential, relying);
  const actor = identity && (await actorBehind(c, identity, relying));
  return actor && { identity, actor };
}

/** Whoever calls, who must be somebody. Throws `unauthenticated`. */
function required(c: Call, found: Found | null): Found {
  if (found) return found;
  throw new Problem(
    "unauthenticated",
    c.var.credential.kind === "bearer"
      ? "The access token is not valid, or has expired. Sign in again."
      : "Sign in, or send an access token as “Authorization: Bearer …”.",
  );
}

/** Whoever calls, as they were found by what `relying` has. */
export function callerOf(c: Call, { actor, identity }: Found, relying: Relying): Caller {
  const { runtime, requestId } = c.var;
  const foundAnew = async () => {
    relying.forget();
    const found = required(c, await findReliably(runtime, (anew) => find(c, anew)));
    const anew = callerOf(c, found, new Relying());
    c.set("caller", anew);
    return anew;
  };
  let confirming: Promise<Caller> | undefined;
  const caller: Caller = {
    ...runtime,
    actor,
    counted: {
      as: c.var.operation,
      by: () => subjectsOf(identity, addressOf(runtime, c.req.raw.headers)),
      isApp: c.var.credential.kind === "cookies",
    },
    scopes: identity.kind === "key" ? identity.key.scopes : null,
    session: identity.kind === "person" ? identity.session : null,
    relied: relying.relied,
    confirmed() {
      confirming ??= relying.holds(runtime).then((holds) => (holds ? { ...caller, relied: [] } : foundAnew()));
      return confirming;
    },
    foundAnew,
    requestId,
    origin: originOf(runtime, c.req.raw.headers),
    defer: (work) => inBackground(runtime, work),
  };
  return caller;
}

/** As whom a person acts while their session goes on: what they opened outlives the access token that they opened it with. */
async function actorInSession(caller: Caller, sessionId: string, relying: Relying): Promise<Actor | null> {
  const { actor } = caller;
  if (actor.kind !== "user") return null;
  if (!(await isLivingSession(caller, { id: sessionId, userId: actor.userId }, relying))) return null;
  const membership = await placeIn(caller, actor, relying);
  return membership && stands(membership) ? { ...actor, role: membership.role } : null;
}

/** As whom the one that `before` stands for acts now, by the same credential; null where that is nobody, or not them. */
async function askAgain(c: Call, before: Identity, relying: Relying): Promise<Actor | null> {
  const [subject] = subjectsOf(before, "");
  try {
    const now = await find(c, relying);
    if (now && subjectsOf(now.identity, "")[0] === subject) return now.actor;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
  return before.kind === "person" ? actorInSession(c.var.caller, before.session.id, relying) : null;
}

/** Whoever was admitted; what refuses them must not be what is remembered alone. */
async function findAdmitted(c: Call): Promise<Found | null> {
  const { identity: admitted, relying, runtime } = c.var;
  try {
    const identity = await admitted();
    const actor = identity && (await actorBehind(c, identity, relying));
    if (actor) return { identity, actor };
  } catch (error) {
    if (relying.relied.length === 0) throw error;
  }
  if (relying.relied.length === 0) return null;
  relying.forget();
  return findReliably(runtime, (anew) => find(c, anew));
}

/** Whoever was admitted, for what is open to all. Throws `unauthenticated`. */
export const admittedCaller = async (c: Call): Promise<Caller> =>
  callerOf(c, required(c, await findAdmitted(c)), c.var.relying);

/** Tells every later handler who calls: whoever was admitted. Throws `unauthenticated`. */
export const identify = createMiddleware<ContextEnv>(async (c, next) => {
  const found = required(c, await findAdmitted(c));
  // What declares nothing is nothing: no route is reached that asks for nothing.
  if (!c.var.operation) throw nothingAnswers(c.req.method, c.req.path);
  c.set("caller", callerOf(c, found, c.var.relying));
  c.set("askAgain", () => findReliably(c.var.runtime, (relying) => askAgain(c, found.identity, relying)));
  await next();
});
