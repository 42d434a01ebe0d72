import type { Origin } from "../audit/origin.ts";
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

/** What every verb takes first. */
export interface Context<A extends Actor = Actor> extends Runtime {
  actor: A;
  requestId: string;
  /** Where the request came from; nothing of the product's own work. */
  origin?: Origin;
  /** Lets work go on after the response; its failure is logged, never lost. */
  defer(work: Promise<unknown>): void;
}

/** The context of what the product does by itself: a queue's message, the cron. */
export function jobContext(runtime: Runtime, job: string): Context {
  const defer = (work: Promise<unknown>) =>
    void work.catch((error) => runtime.log.error("deferred_work_failed", error));
  return { ...runtime, actor: { kind: "job", job }, requestId: job, defer };
}
