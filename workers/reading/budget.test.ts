import { describe, expect, it } from "vitest";
import { ReadingBudget, readingLimits } from "./budget.ts";
import { documentKinds } from "./formats.ts";

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "nothing";
};

describe("budget", () => {
  it("allows operations by the upload's size, and no more than a certain number", () => {
    const { operations, operationsPerByte, mostOperations } = readingLimits("text");
    for (const [size, most] of [
      [0, operations],
      [1_000, operations + 1_000 * operationsPerByte],
      [1e9, mostOperations],
    ] as const) {
      const budget = new ReadingBudget("text", size);
      budget.spend(most);
      expect(codeOf(() => budget.spend())).toBe("too_complex");
    }
  });

  it("bounds what is kept, held, unpacked and nested, for every kind", () => {
    for (const kind of documentKinds) {
      const { objects, heldBytes, inflatedBytes, depth } = readingLimits(kind);
      const budget = new ReadingBudget(kind, 10);
      expect(budget.left).toBe(inflatedBytes);
      budget.keep(objects);
      expect(codeOf(() => budget.keep())).toBe("too_complex");
      budget.letGo(2);
      budget.keep();
      expect(codeOf(() => budget.keep())).toBe("too_complex");
      budget.hold(heldBytes);
      budget.release(1);
      budget.hold(1);
      expect(codeOf(() => budget.hold(1))).toBe("too_complex");
      budget.checkDepth(depth);
      expect(codeOf(() => budget.checkDepth(depth + 1))).toBe("damaged");
    }
  });

  it("ends what takes too long, without the time that others took", async () => {
    let time = 0;
    const budget = new ReadingBudget("text", 10, { now: () => time });
    const { wallTime } = readingLimits("text");
    const model = Promise.resolve().then(() => {
      time += 10 * wallTime;
      return "a picture";
    });
    expect(await budget.waitFor(model)).toBe("a picture");
    budget.spend(4_000_000);
    time += wallTime + 1;
    expect(codeOf(() => budget.spend(4_000_000))).toBe("takes_too_long");
  });

  it("pauses and tells that it lives once in a while", async () => {
    let alive = 0;
    const budget = new ReadingBudget("text", 10, { onAlive: () => alive++ });
    for (let i = 0; i < 100; i++) {
      budget.spend(100_000);
      await budget.breathe();
    }
    expect(alive).toBe(5);
    let turns = 0;
    setTimeout(() => turns++, 0);
    budget.spend(2_000_000);
    await budget.breathe();
    expect([turns, alive]).toEqual([1, 6]);
  });
});
