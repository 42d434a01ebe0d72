import { describe, expect, test } from "vitest";
import { inOrder, type Line, nextToStart, placeOf, type Waiting } from "./line-policy.ts";

const now = 1_000_000;
const room = { parallel: 1, models: 1 };
const job = (id: string, fields: Partial<Waiting> = {}): Waiting => ({
  id,
  model: "llama",
  cloneId: `of ${id}`,
  urgency: "person",
  since: now - 1_000,
  ...fields,
});
const line = (fields: Partial<Line>): Line => ({
  waiting: [],
  running: [],
  warm: ["llama"],
  served: new Map(),
  ...fields,
});
const order = (fields: Partial<Line>, at = now) => inOrder(line(fields), at).map(({ id }) => id);

describe("the order of a box’s line", () => {
  test("people come before what nobody waits for, and that before what comes in many", () => {
    const waiting = [job("c", { urgency: "batch" }), job("b", { urgency: "background" }), job("a")];
    expect(order({ waiting })).toEqual(["a", "b", "c"]);
  });

  test("who has waited long enough comes before who has just come", () => {
    const waiting = [job("new"), job("old", { urgency: "batch", since: now - 181_000 })];
    expect(order({ waiting })).toEqual(["old", "new"]);
  });

  test("the loaded model is kept for a while, and no longer", () => {
    const waiting = [job("cold", { model: "qwen", since: now - 5_000 }), job("warm")];
    expect(order({ waiting })).toEqual(["warm", "cold"]);
    expect(order({ waiting }, now + 11_000)).toEqual(["cold", "warm"]);
  });

  test("clones take turns, however much one of them asks", () => {
    const waiting = [
      job("busy 1", { cloneId: "busy", since: now - 9_000 }),
      job("busy 2", { cloneId: "busy", since: now - 8_000 }),
      job("quiet", { cloneId: "quiet" }),
    ];
    expect(order({ waiting, served: new Map([["busy", now - 100]]) })[0]).toBe("quiet");
    expect(order({ waiting, running: [{ ...job("r"), cloneId: "busy" }] })[0]).toBe("quiet");
  });
});

describe("who starts", () => {
  test("as many of a model as it takes at once", () => {
    const running = [job("r")];
    expect(nextToStart(line({ waiting: [job("a")], running }), room, now)).toBeNull();
    expect(nextToStart(line({ waiting: [job("a")], running }), { ...room, parallel: 2 }, now)?.id).toBe("a");
  });

  test("another model beside the one that runs, where both fit", () => {
    const waiting = [job("a"), job("embed", { model: "nomic", urgency: "batch" })];
    const running = [job("r")];
    expect(nextToStart(line({ waiting, running }), { parallel: 1, models: 2 }, now)?.id).toBe("embed");
    expect(nextToStart(line({ waiting, running }), room, now)).toBeNull();
  });

  test("nobody passes who is next and waits for another model to make room", () => {
    const waiting = [job("cold", { model: "qwen", since: now - 30_000 }), job("warm")];
    expect(nextToStart(line({ waiting, running: [job("r")] }), { parallel: 2, models: 1 }, now)).toBeNull();
  });

  test("everybody, sooner or later, whatever comes", () => {
    // One question for the loaded model a second, each taking a second; one job for another model among them.
    let [at, warm] = [now, ["llama"]];
    let waiting: Waiting[] = [job("other", { model: "qwen", urgency: "batch", since: at })];
    let served: string | null = null;
    for (let second = 0; second < 400 && served !== "other"; second++) {
      at += 1_000;
      waiting.push(job(`q${second}`, { since: at }));
      const next = nextToStart(line({ waiting, warm }), room, at);
      served = next?.id ?? null;
      waiting = waiting.filter(({ id }) => id !== served);
      if (next) warm = [next.model];
    }
    expect(served).toBe("other");
  });
});

test("a place is told by what is before it, and what that took lately", () => {
  const waiting = [job("a", { since: now - 3_000 }), job("b", { since: now - 2_000 })];
  const running = [job("r", { since: now - 4_000 })];
  const place = (id: string, parallel: number) =>
    placeOf(line({ waiting, running }), id, { parallel, models: 1 }, () => 10_000, now);
  expect(place("a", 1)).toEqual({ position: 1, expectedWaitMs: 6_000 });
  expect(place("b", 1)).toEqual({ position: 2, expectedWaitMs: 16_000 });
  expect(place("b", 2)).toEqual({ position: 2, expectedWaitMs: 8_000 });
});
