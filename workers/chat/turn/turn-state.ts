import type { Outcome } from "../answer/turn-result.ts";

/**
 * The life of one turn, as pure decisions. The conversation's object hosts them: it keeps the record, the clock and the alarm.
 *
 *   queued → running → done | stopped | interrupted | failed
 *     └──────────────→ stopped (withdrawn: it never ran)
 *
 * A turn ends in one commit of its object: with its answer, its terminal event, and what is to be handed over to D1. An older version decided the
 * outcome first, and ended the turn when D1 had it: `settling` is what it may have left.
 */
export type TurnState = "queued" | "running" | "settling" | Outcome;

export type TurnEvent =
  | { kind: "started" }
  | { kind: "ended"; outcome: Outcome }
  /** Taken back while it waited. */
  | { kind: "withdrawn" };

const terminal: ReadonlySet<TurnState> = new Set<TurnState>(["done", "stopped", "interrupted", "failed"]);

export function isOver(state: TurnState): state is Outcome {
  return terminal.has(state);
}

/** The state after an event. An event that comes late or twice changes nothing: deliveries are at least once. */
export function nextState(state: TurnState, event: TurnEvent): TurnState {
  switch (event.kind) {
    case "started":
      return state === "queued" ? "running" : state;
    case "ended":
      return state === "running" || state === "settling" ? event.outcome : state;
    case "withdrawn":
      return state === "queued" ? "stopped" : state;
  }
}

/** How long a runner may be presumed alive without renewing, in ms. */
export const leaseMs = 20_000;
/** How long the events of an ended turn can be replayed, in ms. */
export const retentionMs = 60 * 60 * 1_000;

export interface TurnFacts {
  state: TurnState;
  /** Whether this very process is running it. */
  hasRunner: boolean;
  endedAt: number | null;
}

export type Recovery = "start" | "renew" | "orphan" | "finish" | "purge" | "keep";

/** What to do with a turn that an alarm, or the object's first touch, finds. */
export function recoveryOf({ state, hasRunner, endedAt }: TurnFacts, now: number): Recovery {
  if (state === "queued") return "start";
  if (state === "settling") return "finish";
  if (!isOver(state)) return hasRunner ? "renew" : "orphan";
  return endedAt !== null && now >= endedAt + retentionMs ? "purge" : "keep";
}

/** When the object must look at a turn again, in ms since the epoch. */
export function wakeAt({ state, endedAt }: TurnFacts, now: number): number {
  return isOver(state) ? (endedAt ?? now) + retentionMs : now + leaseMs;
}

/** When what could not be handed over to D1 is tried again, after so many failures in a row, in ms. */
export const retryAfter = (failures: number): number => Math.min(30_000, 500 * 2 ** failures);
