import { describe, expect, it } from "vitest";
import type { Outcome } from "../answer/turn-result.ts";
import { randomOf } from "../testing/faults.ts";
import {
  isOver,
  leaseMs,
  nextState,
  recoveryOf,
  retentionMs,
  type TurnEvent,
  type TurnState,
  wakeAt,
} from "./turn-state.ts";

const outcomes: Outcome[] = ["done", "stopped", "interrupted", "failed"];

describe("the turn", () => {
  it("goes its way, and no late event changes its end", () => {
    const events: TurnEvent[] = [
      { kind: "started" },
      { kind: "ended", outcome: "done" },
      { kind: "settled", outcome: "done" },
    ];
    expect(events.reduce(nextState, "queued" as TurnState)).toBe("done");
    for (const outcome of outcomes) {
      expect(nextState("done", { kind: "ended", outcome })).toBe("done");
      expect(nextState("stopped", { kind: "settled", outcome })).toBe("stopped");
    }
    expect(nextState("settling", { kind: "started" })).toBe("settling");
    expect(nextState("queued", { kind: "withdrawn" })).toBe("stopped");
    expect(nextState("running", { kind: "withdrawn" })).toBe("running");
  });

  it("ends once in whatever order events come, over 1,000 seeds", () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const random = randomOf(seed);
      const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
      let state: TurnState = "queued";
      let ends = 0;
      for (let step = 0; step < 30; step++) {
        const before: TurnState = state;
        const kind = pick(["started", "ended", "orphaned", "settled", "withdrawn"] as const);
        const outcome = pick(outcomes);
        state = nextState(state, kind === "ended" || kind === "settled" ? { kind, outcome } : { kind });
        if (isOver(state) && !isOver(before)) ends++;
        if (isOver(before)) expect(state, `seed ${seed}`).toBe(before);
      }
      expect(ends, `seed ${seed}`).toBeLessThanOrEqual(1);
    }
  });

  it("is an orphan exactly where nobody runs it", () => {
    const facts = { state: "running" as TurnState, hasRunner: true, endedAt: null, attempts: 0 };
    expect(recoveryOf(facts, 0)).toBe("renew");
    expect(recoveryOf({ ...facts, hasRunner: false }, 0)).toBe("orphan");
    expect(recoveryOf({ ...facts, state: "queued", hasRunner: false }, 0)).toBe("start");
    expect(recoveryOf({ ...facts, state: "settling", hasRunner: false }, 0)).toBe("settle");
    expect(recoveryOf({ ...facts, state: "done", endedAt: 0 }, retentionMs - 1)).toBe("keep");
    expect(recoveryOf({ ...facts, state: "done", endedAt: 0 }, retentionMs)).toBe("purge");
  });

  it("is looked at again within its lease, sooner while it cannot be settled", () => {
    const facts = { state: "running" as TurnState, hasRunner: true, endedAt: null, attempts: 0 };
    expect(wakeAt(facts, 1_000)).toBe(1_000 + leaseMs);
    expect(leaseMs).toBeLessThanOrEqual(30_000);
    expect(wakeAt({ ...facts, state: "settling" }, 0)).toBe(500);
    expect(wakeAt({ ...facts, state: "settling", attempts: 20 }, 0)).toBe(30_000);
  });
});
