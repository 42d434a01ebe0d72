import { afterEach, describe, expect, it } from "vitest";
import { messagesOf, openConversation, standIn } from "../chat/testing-turns.ts";
import { call, signUp } from "../testing/client.ts";
import { isOverloaded, Lateness, lateness } from "./lateness.ts";

const often = (of: Lateness, lateMs: number, times: number, now: number) => {
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

describe("an isolate that cannot keep up", () => {
  const recover = () => often(lateness, 0, 2_000, Date.now());
  afterEach(recover);

  it("turns new questions away with a time to come back, keeps everything else open, and nothing half-written", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { model: standIn("tokens=3") });
    const question = { id: `msg_${crypto.randomUUID()}`, content: "Are you there?" };
    const ask = () => call("POST", `/api/v1/conversations/${id}/messages`, { token, json: question });
    often(lateness, 1_000, 500, Date.now());
    expect(isOverloaded(Date.now())).toBe(true);
    const refused = await ask();
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThanOrEqual(2);
    expect(await refused.json()).toMatchObject({ code: "overloaded", detail: expect.stringContaining("Try again") });
    const door = await call("POST", "/v1/chat/completions", { token, json: { model: "x", messages: [] } });
    expect(door.status).toBe(503);
    expect(await door.json()).toMatchObject({ error: { type: "server_error", code: "overloaded" } });
    expect(await messagesOf(token, id)).toEqual([]);
    recover();
    const answered = await ask();
    expect(answered.status).toBe(200);
    await answered.text();
    expect((await messagesOf(token, id)).map(({ status }) => status)).toEqual(["complete", "complete"]);
  });
});
