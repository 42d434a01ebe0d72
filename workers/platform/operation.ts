import { z } from "zod";
import type { OperationRules } from "./http/operation-rules.ts";
import { invalid } from "./http/problem.ts";

/** Where nothing of a kind is taken: what comes all the same is refused by its name. */
const nothing = z.strictObject({});
export type Nothing = typeof nothing;

/** What came with a call, before it was looked at. `body` reads it, once the query was found to fit. */
export interface Unchecked {
  query: unknown;
  body(): unknown;
}

/** What an operation takes: what its address names, its query, and its body. */
export interface Input<P extends string, Q extends z.ZodType, B extends z.ZodType> {
  params: Record<P, string>;
  query: z.output<Q>;
  body: z.output<B>;
}

/** What an operation says of itself: all that a door, a document, a tool or a test has to know of it. */
export interface Declaration<P extends string, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>
  extends OperationRules {
  summary: string;
  description?: string;
  tags: readonly string[];
  /** What it tells an audit log, or why one that changes something tells nothing; left out by what only reads. */
  audit?: string | readonly string[] | { nothing: string };
  /** The names in its address. */
  params?: readonly P[];
  query?: Q;
  /** Its body. */
  input?: B;
  /** What it answers. */
  output?: O;
  /** A sentence for what was done, where it answers nothing. */
  done?: string;
}

/** A verb with all that holds for it, by whatever door it is called. `C`: who calls; `R`: what it comes to. */
export interface Operation<C, P extends string, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType, R>
  extends Declaration<P, Q, B, O> {
  params: readonly P[];
  query: Q;
  input: B;
  /**
   * Lets the caller in, or throws what they are told: before anything is read of what came with the call. Returns the work, which checks that first.
   * Throws `validation_failed`.
   */
  begin(caller: C, params: Record<P, string>): Promise<(sent: Unchecked) => Promise<R>>;
}

/** The value as its contract has it. Throws `validation_failed` with the path of each part that does not fit, is missing, or is not known. */
export function fitting<S extends z.ZodType>(contract: S, value: unknown): z.output<S> {
  const result = contract.safeParse(value);
  if (!result.success) throw invalid(result.error.issues);
  return result.data;
}

/** Declares an operation: `enter` lets the caller in and says as whom they act, `run` is the verb. */
export function declareOperation<
  C,
  X,
  R,
  P extends string = never,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  O extends z.ZodType = z.ZodVoid,
>(
  declaration: Declaration<P, Q, B, O>,
  enter: (caller: C, params: Record<P, string>, operation: OperationRules) => X | Promise<X>,
  run: (ctx: X, input: Input<P, Q, B>) => R | Promise<R>,
): Operation<C, P, Q, B, O, R> {
  const operation: Operation<C, P, Q, B, O, R> = {
    params: [],
    query: nothing as z.ZodType as Q,
    input: nothing as z.ZodType as B,
    ...declaration,
    async begin(caller, params) {
      const ctx = await enter(caller, params, operation);
      return async (sent) => {
        const query = fitting(operation.query, sent.query);
        const body = fitting(operation.input, await sent.body());
        return run(ctx, { params, query, body });
      };
    },
  };
  return operation;
}
