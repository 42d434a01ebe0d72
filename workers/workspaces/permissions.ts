import { Problem } from "../platform/errors.ts";
import type { Context, UserActor } from "./context.ts";
import type { Role } from "./roles.ts";

/** Actions by the roles that may do them; the whole table, so that it can be read in one look. */
const allowed = {
  "clone.read": ["owner", "admin", "member", "viewer"],
  "clone.write": ["owner", "admin", "member"],
  "clone.delete": ["owner", "admin"],
  "document.read": ["owner", "admin", "member", "viewer"],
  "document.write": ["owner", "admin", "member"],
  "provider_key.write": ["owner", "admin"],
  "conversation.own": ["owner", "admin", "member", "viewer"],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof allowed;

/** Narrows to a signed-in person who may do `action` in their current workspace. Throws `unauthenticated` or `forbidden`. */
export function requireUser(ctx: Context, action: Action): asserts ctx is Context<UserActor> {
  if (ctx.actor.kind !== "user") throw new Problem("unauthenticated", "Sign in to do this.");
  if (!(allowed[action] as readonly Role[]).includes(ctx.actor.role)) {
    throw new Problem("forbidden", "Your role in this workspace does not allow this. Ask an owner or admin of it.");
  }
}

/** The context narrowed by `requireUser`, for handlers that want it in one expression. */
export function permitted(ctx: Context, action: Action): Context<UserActor> {
  requireUser(ctx, action);
  return ctx;
}
