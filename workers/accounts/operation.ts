import type { z } from "zod";
import type { AuditAction } from "../audit/actions.ts";
import type { Call } from "../platform/open-operation.ts";
import { type Declaration, declareOperation, type Input, type Nothing, type Operation } from "../platform/operation.ts";
import { type From, fromOf } from "./audit-person.ts";
import { requireSession, type Session } from "./read-session.ts";

/** A call about accounts, with what the audit logs keep of where it came from. */
export interface AccountCall extends Call {
  from: From;
}

/** A call of somebody about their own account. */
export interface OwnCall extends AccountCall {
  session: Session;
}

/** What it tells the logs of the person’s workspaces. */
interface Told {
  audit?: AuditAction | readonly AuditAction[] | { nothing: string };
}

type Verb<X, R, P extends string, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType> = Declaration<
  P,
  Q,
  B,
  O
> &
  Told & { run(call: X, input: Input<P, Q, B>): R | Promise<R> };

/** Declares what anybody may do to become somebody, such as to sign in; with `open: false`, what looks for a session by itself. */
export function accountOperation<
  R,
  P extends string = never,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  O extends z.ZodType = z.ZodVoid,
>({ run, ...declaration }: Verb<AccountCall, R, P, Q, B, O>): Operation<Call, P, Q, B, O, R> {
  const declared: Declaration<P, Q, B, O> = { open: true, ...declaration };
  return declareOperation<Call, AccountCall, R, P, Q, B, O>(declared, (call) => ({ ...call, from: fromOf(call) }), run);
}

/** Declares what somebody who is signed in does with their own account. Throws `unauthenticated`, or `forbidden` where they are suspended. */
export function ownOperation<
  R,
  P extends string = never,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  O extends z.ZodType = z.ZodVoid,
>({ run, ...declaration }: Verb<OwnCall, R, P, Q, B, O>): Operation<Call, P, Q, B, O, R> {
  const declared: Declaration<P, Q, B, O> = declaration;
  const enter = async (call: Call): Promise<OwnCall> => ({
    ...call,
    from: fromOf(call),
    session: await requireSession(call, call.credential),
  });
  return declareOperation<Call, OwnCall, R, P, Q, B, O>(declared, enter, run);
}
