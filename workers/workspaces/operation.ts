import type { Context as HonoContext } from "hono";
import type { z } from "zod";
import type { AuditAction } from "../audit/actions.ts";
import type { OperationRules } from "../platform/http/operation-rules.ts";
import { createDoor } from "../platform/http/serve.ts";
import { countRequest, limitReached } from "../platform/limits/rate-limit.ts";
import { classOf } from "../platform/limits/rate-limits.ts";
import { type Declaration, declareOperation, type Input, type Nothing, type Operation } from "../platform/operation.ts";
import { actIn } from "./act-in.ts";
import { type Actor, type Caller, type Context, letIn, type UserActor } from "./context.ts";
import { requireAllowed, requirePerson, requireScope } from "./permissions.ts";
import type { Action, VisitorsAction } from "./roles.ts";
import type { ContextEnv } from "./router.ts";

/** What an operation asks of whoever calls it, and what it leaves behind. */
interface Rules<A extends Action | null> {
  /** What their role has to allow; null for what everybody may who is known. */
  action: A;
  /** Whether it takes a person in a session: a key that leaked must not be able to let others in. */
  inPerson?: boolean;
  /** Whether `:id` in its address is the workspace that it is done in, in person; else it is done in the caller’s. */
  atWorkspace?: boolean;
  audit?: AuditAction | readonly AuditAction[] | { nothing: string };
}

/** As whom one acts: visitors come as far as the table of roles lets them. */
type ActorOf<A extends Action | null> = A extends VisitorsAction ? Exclude<Actor, { kind: "job" }> : UserActor;

/** Counts what is called from within another call as what it is; what a call came in for, its door has counted. Throws `rate_limited`. */
async function count(caller: Caller, called: OperationRules): Promise<void> {
  const { counted } = caller;
  if (!counted || counted.as === called) return;
  const kind = classOf(called, counted.isApp);
  const found = kind && (await countRequest(caller, kind, counted.by()));
  if (found && !found.allowed) throw limitReached(found);
}

/**
 * Declares a verb of the product, with what whoever calls it needs: it is asked by every door, before anything is read. Throws `unauthenticated`,
 * `forbidden`, or `not_found` for a workspace that one does not belong to.
 */
export function operation<
  A extends Action | null,
  R,
  P extends string = never,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  O extends z.ZodType = z.ZodVoid,
>({
  run,
  ...declaration
}: Declaration<P, Q, B, O> &
  Rules<A> & {
    run(ctx: Context<ActorOf<A>>, input: Input<P, Q, B>): R | Promise<R>;
  }): Operation<Caller, P, Q, B, O, R> {
  const { action, inPerson, atWorkspace, audit } = declaration;
  const scope = declaration.scope ?? (audit === undefined ? "read" : "write");
  const admit = async (caller: Caller, params: Record<string, string>): Promise<Context<ActorOf<A>>> => {
    requireScope(caller, scope);
    if (inPerson) requirePerson(caller);
    if (!atWorkspace) requireAllowed(caller, action);
    const there = atWorkspace ? await actIn(requirePerson(caller), params.id, action) : caller;
    return letIn(there as Caller<ActorOf<A>>, async () => admit(await caller.foundAnew(), params));
  };
  const enter = async (caller: Caller, params: Record<string, string>, called: OperationRules) => {
    await count(caller, called);
    if (caller.relied.length === 0) return admit(caller, params);
    const afterAsking = async () => admit(await caller.confirmed(), params);
    // What is remembered alone refuses nobody.
    return called.confirms === "beside" ? admit(caller, params).catch(afterAsking) : afterAsking();
  };
  const declared: Declaration<P, Q, B, O> = { ...declaration, scope };
  return declareOperation<Caller, Context<ActorOf<A>>, R, P, Q, B, O>(declared, enter, run);
}

export const { serve, serveAs } = createDoor((c: HonoContext<ContextEnv>) => c.var.caller);
