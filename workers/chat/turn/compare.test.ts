import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { goOn } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import {
  ageOut,
  ask,
  crash,
  type Event,
  eventsIn,
  messagesOf,
  objectOf,
  openConversation,
  readUntil,
  resume,
  standIn,
  textOf,
  usage,
} from "../testing/turns.ts";

const compare = (token: string, id: string, json: Record<string, unknown>, accept = "text/event-stream") =>
  call("POST", `/api/v1/conversations/${id}/compare`, { token, json, headers: { Accept: accept } });
const byMessage = (events: Event[]) => Map.groupBy(events, ({ data }) => String(data.message_id));
const isEnd = ({ event }: Event) => event === "done" || event === "error";

describe("models side by side", () => {
  it("answer one question in one stream, each in its own turn", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const models = [standIn("tokens=20&tokens_per_second=100&pause=5"), standIn("reply=Short."), "offline/extractive"];
    const response = await compare(token, id, { content: "Which?", models });
    const begun = await readUntil(response, (seen) => seen.some(isEnd));
    begun.reader.releaseLock();
    await goOn(models[0]);
    const whole = begun.text + (await readUntil(response, () => false)).text;
    const events = eventsIn(whole);
    const answers = (await messagesOf(token, id)).slice(1);
    expect(answers.map(({ model }) => model)).toEqual(models);
    expect(new Set(answers.map(({ compare_group }) => compare_group)).size).toBe(1);
    const told = byMessage(events);
    expect([...told.keys()].toSorted()).toEqual(answers.map(({ id }) => id).toSorted());
    for (const { id, content } of answers) {
      const own = told.get(id) ?? [];
      expect(own.at(0)?.event).toBe("start");
      expect(own.filter(isEnd)).toEqual([own.at(-1)]);
      expect(textOf(own)).toBe(content);
    }
    // The short answer was whole before the long one: neither waited for the other.
    expect(events.findIndex(isEnd)).toBeLessThan(events.length - 5);
    expect(await usage()).toHaveLength(3);
    const frames = whole.split(/(?<=\n\n)/).filter((frame) => frame.startsWith("id:"));
    for (const [i, { id: seen }] of events.entries()) {
      expect(await (await resume(token, id, seen)).text()).toBe(frames.slice(i + 1).join(""));
    }
    const named = `/api/v1/conversations/${id}/stream?turn_id=${response.headers.get("X-Turn-Id")}`;
    expect(await (await call("GET", named, { token })).text()).toBe(frames.join(""));
  });

  it("lose no event, however fast all of them write", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const models = Array.from({ length: 4 }, () => standIn("tokens=800"));
    const told = byMessage(eventsIn(await (await compare(token, id, { content: "Which?", models })).text()));
    const answers = (await messagesOf(token, id)).slice(1);
    expect(answers).toHaveLength(4);
    for (const { id, content } of answers) expect(textOf(told.get(id) ?? [])).toBe(content);
  });

  it("answer as JSON, a failure beside what others say", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const models = [standIn("reply=One."), standIn("fault=404")];
    const response = await compare(token, id, { content: "Which?", models }, "application/json");
    const { data } = await jsonOf<{ data: object[] }>(response, 200);
    expect(data).toMatchObject([
      { content: "One.", status: "complete", model: models[0] },
      { content: "", status: "failed", model: models[1] },
    ]);
    expect(takeLoggedErrors().every((line) => line.includes("turn_failed"))).toBe(true);
  });

  it("leave the choice to the person, also while one still writes", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const models = [standIn("tokens=40&tokens_per_second=40&pause=10"), standIn("reply=Mine.")];
    const { reader } = await readUntil(await compare(token, id, { content: "Which?", models }), (seen) =>
      seen.some(isEnd),
    );
    const path = `/api/v1/conversations/${id}`;
    const [, first, second] = await messagesOf(token, id);
    expect((await jsonOf(await call("GET", path, { token }), 200)).head_message_id).toBe(first?.id);
    await call("PUT", path, { token, json: { head_message_id: second?.id } });
    await reader.cancel();
    await goOn(models[0]);
    await (await resume(token, id, 0)).text();
    expect((await jsonOf(await call("GET", path, { token }), 200)).head_message_id).toBe(second?.id);
    await (await ask(token, id, { content: "Go on", model: standIn("reply=On.") })).text();
    expect((await messagesOf(token, id)).at(-2)).toMatchObject({ content: "Go on", parent_id: second?.id });
  });

  it("run once for one message id, are stopped together, and are told again when their events are gone", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const models = [
      standIn("tokens=400&tokens_per_second=50&pause=20"),
      standIn("tokens=400&tokens_per_second=50&pause=20"),
    ];
    const message = { id: `msg_${crypto.randomUUID()}`, content: "Which?", models };
    const one = await compare(token, id, message);
    expect((await ask(token, id, { content: "Another" })).status).toBe(409);
    const two = await compare(token, id, message);
    await call("POST", `/api/v1/conversations/${id}/stop`, { token });
    const whole = await one.text();
    expect(await two.text()).toBe(whole);
    expect(eventsIn(whole).filter(isEnd)).toHaveLength(2);
    expect((await ask(token, id, { id: message.id, content: "Which?" })).status).toBe(409);
    await ageOut(id);
    const again = byMessage(eventsIn(await (await compare(token, id, message)).text()));
    for (const [messageId, events] of byMessage(eventsIn(whole))) {
      expect(textOf(again.get(messageId) ?? [])).toBe(textOf(events));
    }
    expect(await usage()).toHaveLength(2);
  });

  it("are each kept and marked when the process dies", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const models = [standIn("reply=Whole."), standIn("tokens=400&tokens_per_second=50&pause=20")];
    const { reader } = await readUntil(await compare(token, id, { content: "Which?", models }), (seen) =>
      seen.some(isEnd),
    );
    reader.cancel().catch(() => {});
    await crash(id);
    await runDurableObjectAlarm(objectOf(id));
    expect(eventsIn(await (await resume(token, id, 0)).text()).filter(isEnd)).toHaveLength(2);
    expect((await messagesOf(token, id)).map(({ status }) => status)).toEqual(["complete", "complete", "interrupted"]);
    expect((await usage()).map(({ outcome }) => outcome)).toEqual(["complete", "interrupted"]);
  });

  it("are two to four, each once, that exist here", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const offline = "offline/extractive";
    for (const models of [[offline], [offline, offline], ["a", "b", "c", "d", "e"], [offline, "offline/none"]]) {
      expect((await compare(token, id, { content: "Which?", models })).status).toBe(422);
    }
    expect(await messagesOf(token, id)).toEqual([]);
  });

  it("are not for visitors to choose", async () => {
    const { token } = await signUp();
    const { slug } = await makeClone(token, { visibility: "public" });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: slug } }),
      201,
    );
    const id = await openConversation(visitor_token);
    const models = [standIn("reply=A."), "offline/extractive"];
    expect((await compare(visitor_token, id, { content: "Which?", models })).status).toBe(403);
  });
});
