import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { createRuntime } from "../runtime.ts";
import { forgetEverywhere, stillHolds, tellChanged } from "./changes.ts";
import { findReliably } from "./relying.ts";
import { believedMs, Remembered } from "./remembered.ts";

const runtime = createRuntime(env);
const object = () => env.CHANGES.get(env.CHANGES.idFromName("installation"));
const noChanges = { ...runtime, env: { ...env, CHANGES: { idFromName: () => "", get: () => ({ holds }) } as never } };
const holds = () => Promise.reject(new Error("nobody answers"));

afterEach(() => {
  vi.useRealTimers();
});

describe("the object of changes", () => {
  it("knows what has changed since it was read, and takes a moment around it as before it", async () => {
    await tellChanged(runtime, ["user:a", "user:b"]);
    const now = Date.now();
    const of = (subject: string, asOf: number) => stillHolds(runtime, [{ subjects: ["user:c", subject], asOf }]);
    expect(await of("user:a", now - 10_000)).toBe(false);
    expect(await of("user:b", now + 1_000)).toBe(false);
    expect(await of("user:b", now + 3_000)).toBe(true);
    expect(await of("user:d", now - 10_000)).toBe(true);
    const both = ["user:d", "user:a"].map((subject) => ({ subjects: [subject], asOf: now }));
    expect(await stillHolds(runtime, both)).toBe(false);
    expect(await stillHolds(runtime, [])).toBe(true);
  });

  it("forgets nothing that anybody relies on when it ends, and everything else in time", async () => {
    const relied = [{ subjects: ["user:a"], asOf: Date.now() - 1 }];
    await tellChanged(runtime, ["user:a"]);
    await expect(runInDurableObject(object(), (_, state) => state.abort("crash"))).rejects.toThrow();
    expect(await stillHolds(runtime, relied)).toBe(false);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    await tellChanged(runtime, ["user:b"]);
    vi.setSystemTime(Date.now() + 60_001);
    expect(await runDurableObjectAlarm(object())).toBe(true);
    const stored = () => runInDurableObject(object(), (_, { storage }) => [...storage.kv.list()].map(([key]) => key));
    expect(await stored()).toEqual(["user:b"]);
    vi.setSystemTime(Date.now() + 120_001);
    expect(await runDurableObjectAlarm(object())).toBe(true);
    expect(await stored()).toEqual([]);
  });
});

describe("what is remembered", () => {
  it("is fresh for three seconds after it began to be read, or was found to hold, and gone after a minute", () => {
    const memory = new Remembered<string>((value) => [value]);
    const read = Date.now();
    memory.set("key", "a", read);
    expect(memory.get("key", read + believedMs - 1)).toMatchObject({ value: "a", isFresh: true });
    const old = memory.get("key", read + believedMs);
    expect(old).toMatchObject({ value: "a", isFresh: false, relied: { subjects: ["a"], asOf: read } });
    if (old) memory.held("key", old.relied, read + believedMs);
    expect(memory.get("key", read + 2 * believedMs - 1)?.isFresh).toBe(true);
    expect(memory.get("key", read + 59_999)?.isFresh).toBe(false);
    expect(memory.get("key", read + 60_000)).toBeUndefined();
  });

  it("is the newest that was read, of no more than there is room for", () => {
    const memory = new Remembered<string>((value) => [value], 2);
    memory.set("key", "new", 2);
    memory.set("key", "old", 1);
    memory.set("other", "b", 2);
    expect(memory.get("key", 3)?.value).toBe("new");
    // What was found not to hold has been read anew since.
    memory.lapsed("key", { subjects: ["old"], asOf: 1 });
    memory.set("key", "newer", 3);
    memory.set("third", "c", 3);
    expect(["key", "other", "third"].map((key) => memory.get(key, 4)?.value)).toEqual(["newer", undefined, "c"]);
  });

  it("goes here at once with its subjects, and elsewhere where it is asked about", async () => {
    const memory = new Remembered<string>((value) => [value]);
    for (const value of ["a", "b"]) memory.set(value, value, Date.now());
    await forgetEverywhere(runtime, ["a"]);
    expect(["a", "b"].map((key) => memory.get(key, Date.now())?.value)).toEqual([undefined, "b"]);
    expect(await stillHolds(runtime, [{ subjects: ["a"], asOf: Date.now() }])).toBe(false);
  });
});

describe("what is found by it", () => {
  /** Finds a value by what is remembered, else reads `stored`; how often it did. */
  function finder(subject: string) {
    const memory = new Remembered<string>(() => [subject]);
    const of = { stored: "first", reads: 0 };
    const find = (by = runtime) =>
      findReliably(by, async (relying) => {
        const known = relying.recall(memory, "key", Date.now());
        if (known === "first" && of.stored === "refused") throw new Error("refused");
        if (known) return known;
        of.reads += 1;
        memory.set("key", of.stored, Date.now());
        return of.stored;
      });
    return { of, find };
  }

  it("is read once, and again only where it changed, also where what was remembered is refused", async () => {
    const { of, find } = finder("user:x");
    expect([await find(), await find()]).toEqual(["first", "first"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
    expect([await find(), of.reads]).toEqual(["first", 1]);
    of.stored = "refused";
    await expect(find()).rejects.toThrow("refused");
    await tellChanged(runtime, ["user:x"]);
    vi.setSystemTime(Date.now() + believedMs);
    expect([await find(), of.reads]).toEqual(["refused", 2]);
  });

  it("is read where nobody says whether it holds", async () => {
    const { of, find } = finder("user:y");
    await find();
    of.stored = "second";
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + believedMs });
    expect([await find(noChanges), of.reads]).toEqual(["second", 2]);
    expect(JSON.stringify(takeLoggedErrors())).toContain("changes_not_asked");
  });
});
