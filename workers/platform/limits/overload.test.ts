import { afterEach, describe, expect, it, vi } from "vitest";
import { ask, eventsIn, messagesOf, openConversation, readUntil, resume, standIn } from "../../chat/testing/turns.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { Lateness, Load, load } from "./overload.ts";

const often = (of: Pick<Lateness, "note">, lateMs: number, times: number, now: number) => {
  for (let i = 0; i < times; i++) of.note(lateMs, now);
};

describe("lateness", () => {
  it("is the average of what timers are late by", () => {
    const found = new Lateness();
    expect(found.at(1_000)).toBe(0);
    often(found, 400, 500, 1_000);
    expect(found.at(1_000)).toBeCloseTo(400, 0);
    often(found, 0, 500, 1_000);
    expect(found.at(1_000)).toBeCloseTo(0, 0);
  });

  it("halves with each second in which nothing is late", () => {
    const found = new Lateness();
    often(found, 400, 500, 1_000);
    expect(found.at(2_000)).toBeCloseTo(200, 0);
    expect(found.at(11_000)).toBeLessThan(1);
  });

  it("makes little of one pause, however long, and of timers that are early", () => {
    const found = new Lateness();
    found.note(60_000, 1_000);
    expect(found.at(1_000)).toBeLessThan(50);
    often(found, -500, 500, 1_000);
    expect(found.at(1_000)).toBeGreaterThanOrEqual(0);
  });
});

describe("what an isolate lets in", () => {
  it("is fewer than it has where it is late, and more again when it is not", () => {
    const of = new Load();
    of.writing = 200;
    expect(of.isFull(1_000)).toBe(false);
    for (const now of [2_000, 3_000, 4_000]) often(of, 1_000, 200, now);
    expect(of.isFull(4_000)).toBe(true);
    // The timers have recovered, and still there are as many as were too many.
    expect(of.isLate(8_000)).toBe(false);
    of.writing = 300;
    expect(of.isFull(8_000)).toBe(true);
    of.writing = 190;
    expect(of.isFull(8_000)).toBe(false);
    of.writing = 300;
    expect(of.isFull(60_000)).toBe(false);
  });

  it("falls no further than what any machine can do", () => {
    const of = new Load();
    of.writing = 500;
    for (let second = 1; second < 300; second++) often(of, 1_000, 200, second * 1_000);
    expect(of.isFull(299_000)).toBe(true);
    of.writing = 19;
    expect(of.isFull(299_000)).toBe(false);
  });

  it("is no more than some at the very same time", async () => {
    const of = new Load();
    const gate = Promise.withResolvers<void>();
    const entering = Array.from({ length: 128 }, () => of.enter(() => gate.promise));
    expect(of.isFull(1_000)).toBe(true);
    gate.resolve();
    await Promise.all(entering);
    expect(of.isFull(1_000)).toBe(false);
    await expect(of.enter(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(of.isFull(1_000)).toBe(false);
  });
});

describe("work that nobody waits for", () => {
  it("goes on beside others whose object died over it", async () => {
    const of = new Load();
    vi.useFakeTimers();
    try {
      for (let dead = 0; dead < 6; dead++) {
        void of.whenIdle(() => new Promise(() => {}));
        await vi.advanceTimersByTimeAsync(20_000);
      }
      expect(await of.whenIdle(async () => "a title")).toBe("a title");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("an isolate that cannot keep up", () => {
  const recover = () => {
    load.writing = 0;
    often(load, 0, 2_000, Date.now());
  };
  afterEach(() => {
    recover();
    vi.useRealTimers();
  });

  it("lets new questions wait, says where they stand, and answers them when it can", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { model: standIn("tokens=3") });
    // It forgets how late it was as time goes by.
    vi.useFakeTimers({ toFake: ["Date"] });
    load.writing = 20;
    often(load, 1_000, 500, Date.now());
    expect(load.isFull(Date.now())).toBe(true);
    const waiting = await readUntil(await ask(token, id, { content: "Are you there?" }), (events) => events.length > 0);
    expect(waiting.events).toEqual([
      { id: 1, event: "queue", data: { position: 1, expected_wait_ms: expect.any(Number), fallback: null } },
    ]);
    expect(await messagesOf(token, id)).toEqual([]);
    const { data } = await jsonOf<{ data: object[] }>(
      await call("GET", `/api/v1/conversations/${id}/queue`, { token }),
      200,
    );
    expect(data).toHaveLength(1);
    const other = await openConversation(token);
    const stopped = await ask(token, other, { content: "Never mind" });
    expect((await call("POST", `/api/v1/conversations/${other}/stop`, { token })).status).toBe(204);
    expect(eventsIn(await stopped.text()).at(-1)).toMatchObject({ event: "done", data: { finish_reason: "stopped" } });
    expect(await messagesOf(token, other)).toEqual([]);
    vi.useRealTimers();
    recover();
    waiting.reader.releaseLock();
    const all = eventsIn(await (await resume(token, id, 0)).text());
    expect([...new Set(all.map(({ event }) => event))]).toEqual(["queue", "start", "token", "done"]);
    expect((await messagesOf(token, id)).map(({ status }) => status)).toEqual(["complete", "complete"]);
  });

  it("turns questions away with a time to come back where too many wait, keeps everything else open, and nothing half-written", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { model: standIn("tokens=3") });
    const question = { id: `msg_${crypto.randomUUID()}`, content: "Are you there?" };
    load.writing = 20;
    often(load, 100_000, 500, Date.now());
    const line = Array.from({ length: 500 }, () => load.room());
    expect(load.isOverfull).toBe(true);
    const refused = await ask(token, id, question);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(2);
    expect(await refused.json()).toMatchObject({ code: "overloaded", detail: expect.stringContaining("Try again") });
    const door = await call("POST", "/v1/chat/completions", { token, json: { model: "x", messages: [] } });
    expect(door.status).toBe(503);
    expect(await door.json()).toMatchObject({ error: { type: "server_error", code: "overloaded" } });
    expect(await messagesOf(token, id)).toEqual([]);
    recover();
    await Promise.all(line);
    const answered = await ask(token, id, question);
    expect(answered.status).toBe(200);
    await answered.text();
    expect((await messagesOf(token, id)).map(({ status }) => status)).toEqual(["complete", "complete"]);
  });
});
