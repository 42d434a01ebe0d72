import { describe, expect, it } from "vitest";
import { historyBudget, historyWindow, runsOf, toFold } from "./history-policy.ts";
import type { HistoryMessage } from "./prompt.ts";

/** A talk of `turns` questions and answers, each of about `tokens` tokens. */
function talk(turns: number, tokens: number): HistoryMessage[] {
  return Array.from({ length: turns * 2 }, (_, i) => ({
    id: `m${i}`,
    role: i % 2 === 0 ? "user" : "assistant",
    content: "abcd".repeat(tokens - 4),
  }));
}

describe("the history’s window", () => {
  it("holds the newest that fits and begins with a question", () => {
    const history = talk(10, 100);
    expect(historyWindow(history, 2_000)).toEqual(history);
    expect(historyWindow(history, 750).map(({ id }) => id)).toEqual(["m14", "m15", "m16", "m17", "m18", "m19"]);
    expect(historyWindow(history, 99)).toEqual([]);
    expect(historyWindow(talk(300, 5), 1e6)).toHaveLength(200);
  });

  it("leaves room for everything else and the answer", () => {
    expect(historyBudget(8_000, 0)).toBe(3_200);
    expect(historyBudget(8_000, 6_000)).toBe(400);
    expect(historyBudget(8_000, 20_000)).toBe(0);
  });
});

describe("folding", () => {
  it("waits until the window is getting tight, then leaves its newest third", () => {
    expect(toFold(talk(10, 100), 8_000)).toEqual([]);
    const folded = toFold(talk(13, 100), 8_000);
    expect(folded).toHaveLength(16);
    expect(folded.at(-1)?.role).toBe("assistant");
    expect(toFold(talk(13, 100).slice(folded.length), 8_000)).toEqual([]);
  });

  it("also folds many short messages, before they are too far back to be read", () => {
    const folded = toFold(talk(80, 5), 1_000_000);
    expect(folded.length).toBeGreaterThan(90);
    expect(folded.at(-1)?.role).toBe("assistant");
  });

  it("folds even one message that is larger than the window", () => {
    expect(toFold(talk(1, 5_000), 8_000)).toHaveLength(2);
  });

  it("hands the model what it can read at once", () => {
    expect(runsOf(talk(3, 100), 250).map((run) => run.length)).toEqual([2, 2, 2]);
    expect(runsOf(talk(1, 500), 250).map((run) => run.length)).toEqual([1, 1]);
  });
});
