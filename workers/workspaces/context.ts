import type { Session } from "../accounts/read-session.ts";
import type { Origin } from "../audit/origin.ts";
import { inBackground } from "../platform/background.ts";
import type { Relied } from "../platform/changes/changes-object.ts";
import type { OperationRules } from "../platform/http/operation-rules.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { Role } from "./roles.ts";

/** Who is asking. A union, so that whatever a verb records says which of them it was. */
export type Actor =
  /** A person, by their session, or through one of their API keys. */
  | { kind: "user"; userId: string; workspaceId: string; role: Role; keyId: string | null; isSuperAdmin: boolean }
  /** An anonymous visitor of one public or unlisted clone; `workspaceId` is the clone's. */
  | { kind: "visitor"; visitorId: string; workspaceId: string; cloneId: string }
  /** The product itself: a queue consumer, an alarm, the cron. */
  | { kind: "job"; job: string };

export type UserActor = Extract<Actor, { kind: "user" }>;

/** Somebody who calls, of whom nobody has asked yet whether they may. */
export interface Caller<A extends Actor = Actor> extends Runtime {
  actor: A;
  requestId: string;
  /** The operation that the call was counted as when it came in, by whom it is counted, and whether the app's own pages called; null for the product itself. */
  counted: { as: OperationRules | undefined; by: () => string[]; isApp: boolean } | null;
  /** What the API key may do that this is called by; null where it is called by none. */
  scopes: readonly string[] | null;
  /** The session that this is called in; null where that is none. */
  session: Session | null;
  /** What they were found by that was read before and is not fresh; nothing where they are as the database has them. */
  relied: readonly Relied[];
  /** Them, once what they were found by holds, or else as the database has them; throws `unauthenticated` or `forbidden` where that is nobody. */
  confirmed(): Promise<Caller>;
  /** Them as the database has them, whatever is remembered. Throws as `confirmed` does. */
  foundAnew(): Promise<Caller>;
  /** Where the request came from; nothing of the product's own work. */
  origin?: Origin;
  /** Lets work go on after the response; its failure is logged, never lost. */
  defer(work: Promise<unknown>): void;
}

declare const admitted: unique symbol;

/** What every verb takes first: a caller whom the verb's operation has let in, or the product itself. */
export interface Context<A extends Actor = Actor> extends Caller<A> {
  readonly [admitted]: true;
  /** Whoever this operation let in, as the database has them, let in anew; with nothing in `relied`. Throws where they are not any more. */
  confirmAnew(): Promise<Context<A>>;
}

/** What an operation makes of a caller once it has asked all that it asks; nothing else may. */
export const letIn = <A extends Actor>(caller: Caller<A>, confirmAnew: () => Promise<Context<A>>): Context<A> =>
  ({ ...caller, confirmAnew }) as Context<A>;

type JobActor = Extract<Actor, { kind: "job" }>;

/** What the product itself works with: a queue’s consumer, an alarm, the cron. */
export function jobContext(
  runtime: Runtime,
  job: string,
  { requestId = job, defer = (work) => inBackground(runtime, work) }: Partial<Pick<Caller, "requestId" | "defer">> = {},
): Context<JobActor> {
  const caller: Caller<JobActor> = {
    ...runtime,
    actor: { kind: "job", job },
    counted: null,
    scopes: null,
    session: null,
    relied: [],
    confirmed: async () => caller,
    foundAnew: async () => caller,
    requestId,
    defer,
  };
  const context: Context<JobActor> = letIn(caller, async () => context);
  return context;
}
