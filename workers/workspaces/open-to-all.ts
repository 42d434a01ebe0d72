import type { Context as HonoContext } from "hono";
import type { z } from "zod";
import { createDoor } from "../platform/http/serve.ts";
import { type Call, callOf } from "../platform/open-operation.ts";
import { type Declaration, declareOperation, type Input, type Nothing, type Operation } from "../platform/operation.ts";
import type { Actor, Caller } from "./context.ts";
import { admittedCaller } from "./identify.ts";
import { requireScope } from "./permissions.ts";
import type { ContextEnv } from "./router.ts";

/** A call by anybody, with as whom it is made; null of whoever shows no credential. */
export interface KnownCall extends Call {
  actor: Actor | null;
}

interface Arrival {
  call: Call;
  caller(): Promise<Caller>;
}

/** Declares what anybody may read, and what answers otherwise to whoever shows a credential. Throws `unauthenticated` for one that is not valid, and `forbidden`. */
export function operationForAll<
  R,
  P extends string = never,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  O extends z.ZodType = z.ZodVoid,
>({
  run,
  ...declaration
}: Declaration<P, Q, B, O> & { run(call: KnownCall, input: Input<P, Q, B>): R | Promise<R> }): Operation<
  Arrival,
  P,
  Q,
  B,
  O,
  R
> {
  const declared: Declaration<P, Q, B, O> = { ...declaration, open: true };
  const enter = async ({ call, caller }: Arrival): Promise<KnownCall> => {
    if (call.credential.kind === "nobody") return { ...call, actor: null };
    const confirmed = await (await caller()).confirmed();
    requireScope(confirmed, "read");
    return { ...call, actor: confirmed.actor };
  };
  return declareOperation<Arrival, KnownCall, R, P, Q, B, O>(declared, enter, run);
}

export const { serve } = createDoor((c: HonoContext<ContextEnv>) => ({
  call: callOf(c as unknown as Parameters<typeof callOf>[0]),
  caller: () => admittedCaller(c),
}));
