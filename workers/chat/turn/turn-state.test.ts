import { describe, expect, it } from "vitest";
import type { Outcome } from "../answer/turn-result.ts";
import { randomOf } from "../testing/faults.ts";
import {
  isOver,
  leaseMs,
  nextState,
  recoveryOf,
  retentionMs,
  retryAfter,
  type TurnEvent,
  type TurnState,
  wakeAt,
} from "./turn-state.ts";

const outcomes: Outcome[] = ["done", "stopped", "interrupted", "failed"];

describe("the turn", () => {
  it("goes its way, and no late event changes its end", () => {
    const events: TurnEvent[] = [{ kind: "started" }, { kind: "ended", outcome: "done" }];
    expect(events.reduce(nextState, "queued" as TurnState)).toBe("done");
    for (const outcome of outcomes) {
      expect(nextState("done", { kind: "ended", outcome })).toBe("done");
      expect(nextState("stopped", { kind: "ended", outcome })).toBe("stopped");
      // One that never ran has no answer that could end.
      expect(nextState("queued", { kind: "ended", outcome })).toBe("queued");
      // What an older version left half done ends as it had decided.
      expect(nextState("settling", { kind: "ended", outcome })).toBe(outcome);
    }
    expect(nextState("settling", { kind: "withdrawn" })).toBe("settling");
    expect(nextState("settling", { kind: "started" })).toBe("settling");
    expect(nextState("queued", { kind: "withdrawn" })).toBe("stopped");
    expect(nextState("running", { kind: "withdrawn" })).toBe("running");
  });

  it("ends once in whatever order events come, over 1,000 seeds", () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const random = randomOf(seed);
      const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
      let state: TurnState = pick(["queued", "queued", "settling"]);
      let ends = 0;
      for (let step = 0; step < 30; step++) {
        const before: TurnState = state;
        const kind = pick(["started", "ended", "withdrawn"] as const);
        const outcome = pick(outcomes);
        state = nextState(state, kind === "ended" ? { kind, outcome } : { kind });
        if (isOver(state) && !isOver(before)) ends++;
        if (isOver(before)) expect(state, `seed ${seed}`).toBe(before);
      }
      expect(ends, `seed ${seed}`).toBeLessThanOrEqual(1);
    }
  });

  it("is an orphan exactly where nobody runs it", () => {
    const facts = { state: "running" as TurnState, hasRunner: true, endedAt: null };
    expect(recoveryOf(facts, 0)).toBe("renew");
    expect(recoveryOf({ ...facts, hasRunner: false }, 0)).toBe("orphan");
    expect(recoveryOf({ ...facts, state: "queued", hasRunner: false }, 0)).toBe("start");
    expect(recoveryOf({ ...facts, state: "settling", hasRunner: false }, 0)).toBe("finish");
    expect(recoveryOf({ ...facts, state: "done", endedAt: 0 }, retentionMs - 1)).toBe("keep");
    expect(recoveryOf({ ...facts, state: "done", endedAt: 0 }, retentionMs)).toBe("purge");
  });

  it("is looked at again within its lease, and once its events may go", () => {
    const facts = { state: "running" as TurnState, hasRunner: true, endedAt: null };
    for (const state of ["queued", "running", "settling"] as const)
      expect(wakeAt({ ...facts, state }, 1_000)).toBe(1_000 + leaseMs);
    expect(leaseMs).toBeLessThanOrEqual(30_000);
    expect(wakeAt({ ...facts, state: "done", endedAt: 5 }, 1_000)).toBe(5 + retentionMs);
  });

  it("is told to D1 again soon where that failed, and then less and less often", () => {
    expect(retryAfter(0)).toBe(500);
    expect(retryAfter(1)).toBe(1_000);
    expect(retryAfter(20)).toBe(30_000);
  });
});
