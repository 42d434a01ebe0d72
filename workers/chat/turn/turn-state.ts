import type { Outcome } from "../answer/turn-result.ts";

/**
 * The life of one turn, as pure decisions. The conversation's object hosts them: it keeps the record, the clock and the alarm.
 *
 *   queued → running → settling → done | stopped | interrupted | failed
 *     └────────────────────────────────→ stopped (withdrawn: it never ran)
 *
 * `settling` has its outcome decided and stored: from there every effect (the batch to D1, the terminal event) may be repeated
 * without harm, and no later event changes the outcome.
 */
export type TurnState = "queued" | "running" | "settling" | Outcome;

export type TurnEvent =
  | { kind: "started" }
  | { kind: "ended"; outcome: Outcome }
  /** Found without anybody who runs it: the process that did is gone. */
  | { kind: "orphaned" }
  | { kind: "settled"; outcome: Outcome }
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
    case "orphaned":
      return state === "running" ? "settling" : state;
    case "settled":
      return state === "settling" ? event.outcome : state;
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
  /** Failed attempts to settle it, or to start it where it waits, so far. */
  attempts: number;
}

export type Recovery = "start" | "renew" | "orphan" | "settle" | "purge" | "keep";

/** What to do with a turn that an alarm, or the object's construction, finds. */
export function recoveryOf(turn: TurnFacts, now: number): Recovery {
  if (turn.state === "queued") return "start";
  if (turn.state === "settling") return turn.hasRunner ? "renew" : "settle";
  if (!isOver(turn.state)) return turn.hasRunner ? "renew" : "orphan";
  return turn.endedAt !== null && now >= turn.endedAt + retentionMs ? "purge" : "keep";
}

/** When the object must look at a turn again, in ms since the epoch. */
export function wakeAt(turn: TurnFacts, now: number): number {
  const isRetried = turn.state === "settling" || (turn.state === "queued" && turn.attempts > 0);
  if (isRetried) return now + Math.min(30_000, 500 * 2 ** turn.attempts);
  if (!isOver(turn.state)) return now + leaseMs;
  return (turn.endedAt ?? now) + retentionMs;
}
