import { describe, expect, it } from "vitest";
import { dueAfter, flushDelay, flushEvery, restBefore } from "./flush-policy.ts";

/** The times in ms at which an answer is flushed whose tokens come `apart` ms after one another, while `writing` are written. */
function flushesOf(writing: number, apart: number, until: number): number[] {
  const flushes: number[] = [];
  let dueAt: number | null = null;
  for (let token = 0; token < until; token += apart) {
    // One that came behind the last flush waits for the next; those behind it go with it.
    if (token <= (flushes.at(-1) ?? -1)) continue;
    const now: number = token + flushDelay(dueAt, token);
    flushes.push(now);
    dueAt = dueAfter(dueAt, now, flushEvery(writing, 0));
  }
  return flushes;
}

describe("flushing", () => {
  it("shows the first token at once, and one that comes after a pause", () => {
    expect(flushDelay(null, 5)).toBe(0);
    expect(flushDelay(dueAfter(null, 5, 50), 200)).toBe(0);
  });

  it.each([1, 3, 20, 50])("is 50 ms apart on the average at the least, with tokens every %d ms", (apart) => {
    const flushes = flushesOf(1, apart, 10_000);
    expect(flushes.length).toBeLessThanOrEqual(10_000 / 50 + 1);
    expect(flushes.length).toBeGreaterThan(10_000 / 50 - 5);
    const gaps = flushes.slice(1).map((at, i) => at - (flushes[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(40);
  });

  // Over ten seconds, but for the first flush and the last.
  it("costs one thread no more, however many answers it writes, until each would wait a quarter of a second", () => {
    for (const writing of [25, 50, 80, 100]) {
      const each = flushesOf(writing, 5, 10_000).length / 10;
      expect(each * writing, `${writing} answers`).toBeLessThanOrEqual(400 + (2 * writing) / 10);
    }
    expect(flushEvery(1, 0)).toBe(50);
    expect(flushEvery(5_000, 0)).toBe(250);
  });

  it("gives way where the machine is slower than that, and not where it has time", () => {
    expect(flushEvery(1, 20)).toBe(50);
    expect(flushEvery(40, 40)).toBe(180);
    expect(flushEvery(40, 1_000)).toBe(250);
  });

  it("leaves unread until right before it what comes meanwhile, where many answers are written", () => {
    expect(restBefore(1_250, 1_000, 200)).toBeGreaterThan(200);
    expect(restBefore(1_250, 1_000, 200)).toBeLessThan(250);
    expect(restBefore(1_250, 1_245, 200)).toBe(0);
    expect(restBefore(1_250, 1_000, 5)).toBe(0);
    expect(restBefore(null, 1_000, 200)).toBe(0);
  });
});
