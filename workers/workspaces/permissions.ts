import type { Session } from "../accounts/read-session.ts";
import type { Scope } from "../platform/contract.ts";
import { Problem } from "../platform/errors.ts";
import type { Actor, Caller, UserActor } from "./context.ts";
import { type Action, may } from "./roles.ts";

/** Whether an actor may do something in the workspace that they act in. */
export function isAllowed(actor: Actor, action: Action): boolean {
  if (actor.kind === "visitor") return may("visitor", action);
  if (actor.kind === "job") return false;
  return may(actor.role, action) || (actor.isSuperAdmin && may("super_admin", action));
}

function refuse({ actor }: Caller): never {
  if (actor.kind !== "user") throw new Problem("unauthenticated", "Sign in to do this.");
  throw new Problem("forbidden", "Your role in this workspace does not allow this. Ask an owner or admin of it.");
}

/** Refuses who may not do `action`; null is what everybody may who is signed in. Throws `unauthenticated` or `forbidden`. */
export function requireAllowed(ctx: Caller, action: Action | null): void {
  if (action === null ? ctx.actor.kind !== "user" : !isAllowed(ctx.actor, action)) refuse(ctx);
}

/** Refuses an API key that was not made for this. Throws `forbidden`. */
export function requireScope({ scopes }: Caller, needed: Scope): void {
  if (scopes === null || scopes.includes(needed)) return;
  throw new Problem("forbidden", `This API key lacks the scope “${needed}”. Make one that has it.`);
}

/** Narrows to a person in a session: a key that leaked must not be able to let others in. Throws `unauthenticated` or `forbidden`. */
export function requirePerson(ctx: Caller): Caller<UserActor> {
  if (ctx.actor.kind !== "user") throw new Problem("unauthenticated", "Sign in to do this.");
  if (ctx.actor.keyId) {
    throw new Problem("forbidden", "This is done by a signed-in person, not through an API key.");
  }
  return ctx as Caller<UserActor>;
}

/** The session of somebody who is here in person. Throws `unauthenticated`. */
export function sessionOf({ session }: Caller): Session {
  if (!session) throw new Problem("unauthenticated", "Sign in to do this. An API key or a visitor’s token cannot.");
  return session;
}
