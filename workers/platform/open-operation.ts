import type { Context as HonoContext } from "hono";
import type { z } from "zod";
import type { Credential } from "./http/credential.ts";
import type { RuntimeEnv } from "./http/runtime-env.ts";
import { createDoor } from "./http/serve.ts";
import { type Declaration, declareOperation, type Input, type Nothing, type Operation } from "./operation.ts";
import type { Runtime } from "./runtime.ts";

/** A call of which nobody has asked yet who makes it. */
export interface Call extends Runtime {
  requestId: string;
  credential: Credential;
  headers: Headers;
}

/** Declares an operation that anybody may call. */
export function openOperation<
  R,
  P extends string = never,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  O extends z.ZodType = z.ZodVoid,
>({
  run,
  ...declaration
}: Declaration<P, Q, B, O> & { run(call: Call, input: Input<P, Q, B>): R | Promise<R> }): Operation<
  Call,
  P,
  Q,
  B,
  O,
  R
> {
  const declared: Declaration<P, Q, B, O> = { ...declaration, open: true };
  return declareOperation<Call, Call, R, P, Q, B, O>(declared, (call) => call, run);
}

/** The call that a request makes. */
export const callOf = ({ var: { runtime, requestId, credential }, req }: HonoContext<RuntimeEnv>): Call => ({
  ...runtime,
  requestId,
  credential,
  headers: req.raw.headers,
});

export const { serve, serveAs } = createDoor(callOf);
