import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { goOn, hasTwenty } from "../../testing/held-model.ts";
import {
  ask,
  crash,
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

/** A model that holds still until it is stopped, or told to go on. */
const slow = (tokens = 300) => standIn(`tokens=${tokens}&tokens_per_second=50&pause=20`);
const wait = (token: string, id: string, content: string, fields: Record<string, unknown> = {}) =>
  ask(token, id, { content, queue: true, ...fields });
const waitingIn = async (token: string, id: string) =>
  (
    await jsonOf<{ data: { turn_id: string; content: string }[] }>(
      await call("GET", `/api/v1/conversations/${id}/queue`, { token }),
      200,
    )
  ).data;
const stop = (token: string, id: string) => call("POST", `/api/v1/conversations/${id}/stop`, { token });

describe("a question that waits", () => {
  it("is asked by itself when the running answer ends, in order, each behind the one before", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = slow(30);
    const first = await ask(token, id, { content: "First", model });
    const second = await wait(token, id, "Second", { model: standIn("reply=Two.") });
    const third = await wait(token, id, "Third", { model: standIn("reply=Three.") });
    expect((await waitingIn(token, id)).map(({ content }) => content)).toEqual(["Second", "Third"]);
    expect((await ask(token, id, { content: "Not waiting" })).status).toBe(409);
    await goOn(model);
    const [, two, three] = await Promise.all([first.text(), second.text(), third.text()]);
    expect(eventsIn(two).map(({ event }) => event)).toEqual(["start", "token", "done"]);
    expect(textOf(eventsIn(three))).toBe("Three.");
    const tree = await messagesOf(token, id);
    expect(tree.map(({ content }) => content).filter((_, i) => i !== 1)).toEqual([
      "First",
      "Second",
      "Two.",
      "Third",
      "Three.",
    ]);
    expect(tree.map(({ parent_id }) => parent_id)).toEqual([null, ...tree.slice(0, -1).map(({ id }) => id)]);
    expect(await usage()).toHaveLength(3);
    expect(await waitingIn(token, id)).toEqual([]);
  });

  it("does not stand in the way of who comes back to the running answer, also once it was taken back", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = slow(60);
    const first = await ask(token, id, { content: "First", model });
    await readUntil(first, hasTwenty);
    await wait(token, id, "Never mind", { model: standIn("reply=No.") });
    await wait(token, id, "Next", { model: standIn("reply=Next.") });
    const [taken] = await waitingIn(token, id);
    await call("DELETE", `/api/v1/conversations/${id}/queue/${taken?.turn_id}`, { token });
    const again = await resume(token, id, 0);
    await goOn(model);
    const events = eventsIn(await again.text());
    expect(textOf(events)).toMatch(/^You asked: First\. .*word60$/);
    expect(events.at(-1)).toMatchObject({ event: "done", data: { finish_reason: "stop" } });
  });

  it("is not what is told again where it was taken back: the last answer is", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = slow(30);
    const first = await ask(token, id, { content: "First", model });
    await wait(token, id, "Never mind");
    const [taken] = await waitingIn(token, id);
    await call("DELETE", `/api/v1/conversations/${id}/queue/${taken?.turn_id}`, { token });
    await goOn(model);
    const told = await first.text();
    expect(await (await resume(token, id, 0)).text()).toBe(told);
  });

  it("is asked at once where nothing runs", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    expect(textOf(eventsIn(await (await wait(token, id, "Now", { model: standIn("reply=Yes.") })).text()))).toBe(
      "Yes.",
    );
  });

  it("follows the branch that is shown when it starts, and also starts where a stop ends the one before", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await (await ask(token, id, { content: "Root", model: standIn("reply=Root answer.") })).text();
    const root = (await messagesOf(token, id))[1];
    const running = await ask(token, id, { content: "Long", model: slow() });
    const second = await wait(token, id, "Second", { model: standIn("reply=Two.") });
    const top = await wait(token, id, "At the top", { model: standIn("reply=Top."), parent_id: null });
    await stop(token, id);
    await Promise.all([running.text(), second.text(), top.text()]);
    const tree = await messagesOf(token, id);
    const [long, question, atTop] = ["Long", "Second", "At the top"].map((content) =>
      tree.find((message) => message.content === content),
    );
    expect(long?.parent_id).toBe(root?.id);
    expect(question?.parent_id).toBe(tree.find(({ status }) => status === "stopped")?.id);
    expect(atTop?.parent_id).toBeNull();
  });

  it("is one question however often it is sent, and can be attached to while it waits", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const running = await ask(token, id, { content: "Long", model: slow() });
    const message = { id: `msg_${crypto.randomUUID()}`, model: standIn("reply=Two.") };
    const one = await wait(token, id, "Second", message);
    const two = await wait(token, id, "Second", message);
    expect((await wait(token, id, "Other words", message)).status).toBe(409);
    const turnId = one.headers.get("X-Turn-Id");
    const three = await call("GET", `/api/v1/conversations/${id}/stream?turn_id=${turnId}`, { token });
    await stop(token, id);
    await running.text();
    const texts = await Promise.all([one.text(), two.text(), three.text()]);
    expect(new Set(texts).size).toBe(1);
    expect(await usage()).toHaveLength(2);
  });

  it("survives a crash of the process and is asked after it", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const { reader } = await readUntil(await ask(token, id, { content: "Long", model: slow() }), hasTwenty);
    const second = await wait(token, id, "Second", { model: standIn("reply=Two.") });
    const turnId = second.headers.get("X-Turn-Id");
    reader.cancel().catch(() => {});
    second.body?.cancel().catch(() => {});
    await crash(id);
    await runDurableObjectAlarm(objectOf(id));
    const events = eventsIn(
      await (await call("GET", `/api/v1/conversations/${id}/stream?turn_id=${turnId}`, { token })).text(),
    );
    expect(textOf(events)).toBe("Two.");
    const tree = await messagesOf(token, id);
    expect(tree.map(({ status }) => status)).toEqual(["complete", "interrupted", "complete", "complete"]);
    expect(tree[2]?.parent_id).toBe(tree[1]?.id);
  });

  it("can be taken back; the next in line moves up", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const running = await ask(token, id, { content: "Long", model: slow() });
    const second = await wait(token, id, "Second");
    const third = await wait(token, id, "Third", { model: standIn("reply=Three.") });
    const path = `/api/v1/conversations/${id}/queue/${second.headers.get("X-Turn-Id")}`;
    expect((await call("DELETE", path, { token })).status).toBe(204);
    expect((await call("DELETE", path, { token })).status).toBe(404);
    expect(eventsIn(await second.text())).toMatchObject([{ event: "done", data: { finish_reason: "stopped" } }]);
    await stop(token, id);
    await running.text();
    expect(textOf(eventsIn(await third.text()))).toBe("Three.");
    expect((await messagesOf(token, id)).map(({ content }) => content)).not.toContain("Second");
    expect(await usage()).toHaveLength(2);
  });

  it("goes with its conversation", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const running = await ask(token, id, { content: "Long", model: slow() });
    const second = await wait(token, id, "Second");
    expect((await call("DELETE", `/api/v1/conversations/${id}`, { token })).status).toBe(204);
    expect(eventsIn(await running.text()).at(-1)?.data.finish_reason).toBe("stopped");
    expect(eventsIn(await second.text()).at(-1)?.data.finish_reason).toBe("stopped");
    expect((await resume(token, id, 0)).status).toBe(404);
    expect(await usage()).toHaveLength(1);
  });

  it("is refused where ten wait already", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const running = await ask(token, id, { content: "Long", model: slow() });
    for (let i = 0; i < 10; i++) (await wait(token, id, `Number ${i}`)).body?.cancel();
    expect((await wait(token, id, "One more")).status).toBe(409);
    await call("DELETE", `/api/v1/conversations/${id}`, { token });
    await running.text();
  });
});
