import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { call, signUp } from "../../testing/client.ts";
import { goOn, hasTwenty } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { contentsOf, rowsInD1 } from "../testing/contents.ts";
import { type FaultPlan, withFaults, withFaultsBefore } from "../testing/faults.ts";
import { leaveOldConversation } from "../testing/old-conversations.ts";
import {
  ask,
  crash,
  eventsIn,
  messagesOf,
  objectOf,
  openConversation,
  projected,
  readUntil,
  resume,
  standIn,
  textOf,
  upstreamCalls,
  upstreamEnded,
  usage,
} from "../testing/turns.ts";

const plans = new Map<string, FaultPlan>();
let restore = () => {};

afterEach(() => {
  vi.useRealTimers();
  plans.clear();
  restore();
  restore = () => {};
});

/** Stands between a conversation's object and D1, or what writes D1. */
const standBefore = (id: string, which: "DB" | "PROJECTION") =>
  runInDurableObject(objectOf(id), (instance) => {
    const its = (instance as unknown as { env: Env }).env;
    const { DB, PROJECTION } = its;
    if (which === "DB") its.DB = withFaults(DB, plans);
    else its.PROJECTION = withFaultsBefore(PROJECTION, plans);
    restore = () => {
      Object.assign(its, { DB, PROJECTION });
    };
  });

/** Has every call fail that is about a conversation, from now on. */
function cut(id: string): void {
  const always = Array.from({ length: 1_000 }, (_, i) => [i + 1, "fails-before"] as const);
  plans.set(id, { faults: new Map(always), calls: 0, dying: null });
}

const remove = (token: string, id: string) => call("DELETE", `/api/v1/conversations/${id}`, { token });
const answered = async (token: string, id: string, reply: string) =>
  eventsIn(await (await ask(token, id, { content: `Say ${reply}`, model: standIn(`reply=${reply}`) })).text());

/** Nothing is left of it, but for that nobody is let in for a while, and that not for ever. */
async function expectEmpty(id: string): Promise<void> {
  expect(["closed-until", "an alarm"]).toEqual(expect.arrayContaining(await contentsOf(id)));
}

async function expectGone(token: string, id: string): Promise<void> {
  await expectEmpty(id);
  const { conversations = [], messages = [] } = await rowsInD1();
  expect([...conversations.map((row) => row.id), ...messages.map((row) => row.conversation_id)]).not.toContain(id);
  expect((await ask(token, id, { content: "Still there?" })).status).toBe(404);
  expect((await resume(token, id, 0)).status).toBe(404);
  // Who asked has made nothing of it either.
  await expectEmpty(id);
  await runDurableObjectAlarm(objectOf(id));
  expect(await contentsOf(id)).toEqual([]);
}

describe("a conversation that is deleted", () => {
  it("is gone everywhere, for every question right behind that, and however often it is erased", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await answered(token, id, "Here.");
    expect((await remove(token, id)).status).toBe(204);
    const right = await Promise.all([ask(token, id, { content: "Now?" }), messagesIn(token, id), remove(token, id)]);
    expect(right.map(({ status }) => status)).toEqual([404, 404, 404]);
    await Promise.all([objectOf(id).erase(id), objectOf(id).erase(id)]);
    await objectOf(id).erase(id);
    await expectGone(token, id);
    // And once its object lets in who comes again.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    await expectGone(token, id);
    expect(await usage()).toHaveLength(1);
  });

  it("leaves what the answer used that was being written, and nothing else of it", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=400&tokens_per_second=50&pause=20");
    const { reader, events } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    const waiting = await ask(token, id, { content: "Then", queue: true });
    expect((await remove(token, id)).status).toBe(204);
    await upstreamEnded(model, "aborted");
    const rest = await readUntil(new Response(bodyOf(reader)), () => false);
    expect([...events, ...rest.events].at(-1)).toMatchObject({ event: "done", data: { finish_reason: "stopped" } });
    expect(eventsIn(await waiting.text()).at(-1)?.data.finish_reason).toBe("stopped");
    expect(await usage()).toEqual([
      expect.objectContaining({ conversation_id: id, outcome: "stopped", turn_id: events[0]?.data.turn_id }),
    ]);
    await expectGone(token, id);
  });

  it("lets in nobody who asks at the same moment, and leaves no answer without its usage", async () => {
    const { token } = await signUp();
    for (let round = 0; round < 8; round++) {
      const like = await openConversation(token);
      const id = round % 2 === 0 ? like : (await leaveOldConversation(like, { isCutOff: false })).id;
      const before = (await usage()).length;
      const questions = Array.from({ length: 3 }, (_, i) => ask(token, id, { content: `Question ${i}`, queue: true }));
      const removed = await remove(token, id);
      expect(removed.status).toBe(204);
      const responses = await Promise.all(questions);
      for (const response of responses) expect([200, 404]).toContain(response.status);
      const told = await Promise.all(responses.map(async (response) => eventsIn(await response.text())));
      const begun = told.filter((events) => events.some(({ event }) => event === "start"));
      const used = (await usage()).length - before;
      expect(used).toBeGreaterThanOrEqual(begun.length);
      expect(used).toBeLessThanOrEqual(responses.filter(({ status }) => status === 200).length);
      await expectGone(token, id);
    }
  });

  it("does not move in again where its process dies before its rows are gone", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await answered(token, id, "Here.");
    await objectOf(id).erase(id);
    await crash(id);
    const asked = await Promise.all([ask(token, id, { content: "Still there?" }), messagesIn(token, id)]);
    expect(asked.map(({ status }) => status)).toEqual([404, 404]);
    expect((await remove(token, id)).status).toBe(204);
    await expectGone(token, id);
  });

  it("does not come back with the title that the model finds for it later", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("reply=Quinces are ripe in the garden late in every autumn&pause=5");
    const response = await ask(token, id, { content: "What is it called?", model });
    await goOn(model);
    await response.text();
    // It is asked for a title, and holds still.
    await expect.poll(async () => (await upstreamCalls(model)).length, { message: "it is asked for a title" }).toBe(2);
    expect((await remove(token, id)).status).toBe(204);
    await goOn(model);
    await expect
      .poll(async () => (await upstreamEnded(model, "complete")).length, { message: "it has said one" })
      .toBe(2);
    await expectGone(token, id);
  });
});

const messagesIn = (token: string, id: string) => call("GET", `/api/v1/conversations/${id}/messages`, { token });

/** What is left of a stream that is being read. */
const bodyOf = (reader: ReadableStreamDefaultReader<Uint8Array>) =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });

describe("a conversation whose deletion is cut off", () => {
  it("is whole where D1 could not be told of what was used, and can be deleted later", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await standBefore(id, "PROJECTION");
    await answered(token, id, "Before.");
    await projected();
    cut(id);
    const said = textOf(await answered(token, id, "Unheard of."));
    const before = await messagesOf(token, id);
    expect((await remove(token, id)).status).toBe(500);
    expect(await messagesOf(token, id)).toEqual(before);
    expect(before.at(-1)?.content).toBe(said);
    expect(await usage()).toHaveLength(1);
    expect(textOf(await answered(token, id, "Goes on."))).toBe("Goes on.");
    plans.clear();
    expect((await remove(token, id)).status).toBe(204);
    expect(await usage()).toHaveLength(3);
    await expectGone(token, id);
    expect(takeLoggedErrors().join("\n")).toMatch(/not_projected|handed over/);
  });

  it("moves in again where its rows stayed in D1, whole", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await answered(token, id, "One.");
    await answered(token, id, "Two.");
    const before = await messagesOf(token, id);
    await objectOf(id).erase(id);
    const rows = await rowsInD1();
    // Nobody is let in while its rows may go at any moment.
    expect((await messagesIn(token, id)).status).toBe(404);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31_000 });
    expect(await messagesOf(token, id)).toEqual(before);
    expect(await rowsInD1()).toEqual(rows);
    expect(textOf(await answered(token, id, "Three."))).toBe("Three.");
    const after = await messagesOf(token, id);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-2)?.parent_id).toBe(before.at(-1)?.id);
    expect(await usage()).toHaveLength(3);
  });

  it("is not moved in by halves where D1 cannot be read", async () => {
    const { token } = await signUp();
    const { id, old } = await leaveOldConversation(await openConversation(token), { isCutOff: true });
    await standBefore(id, "DB");
    cut(id);
    expect((await messagesIn(token, id)).status).toBe(500);
    expect(await contentsOf(id)).toEqual([]);
    plans.clear();
    expect((await messagesOf(token, id)).map(({ id }) => id)).toEqual(old);
    takeLoggedErrors();
  });

  it("that is only too old stays where somebody has just asked in it", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=400&tokens_per_second=50&pause=20");
    const { reader } = await readUntil(await ask(token, id, { content: "Wait", model }), hasTwenty);
    expect(await objectOf(id).retire(id)).toBe(false);
    expect((await messagesIn(token, id)).status).toBe(200);
    expect((await remove(token, id)).status).toBe(204);
    await reader.cancel();
    for (let round = 0; round < 8; round++) {
      const other = await openConversation(token);
      const [response, isRetired] = await Promise.all([
        ask(token, other, { content: "Just now" }),
        objectOf(other).retire(other),
      ]);
      expect(response.status).toBe(isRetired ? 409 : 200);
      await response.text();
      expect((await messagesIn(token, other)).status).toBe(isRetired ? 409 : 200);
    }
  });
});
