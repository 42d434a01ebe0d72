import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { hasTwenty } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { rowsInD1 } from "../testing/contents.ts";
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

const conversation = async (token: string, id: string) =>
  jsonOf(await call("GET", `/api/v1/conversations/${id}`, { token }), 200);

/** Has D1 get what the process before had still to hand over. */
async function caughtUpAfterCrash(id: string) {
  await runDurableObjectAlarm(objectOf(id));
  return rowsInD1();
}

describe("what was acknowledged survives the process’s death right behind it", () => {
  it("where a question was taken, of twenty each", async () => {
    const { token } = await signUp();
    for (let round = 0; round < 20; round++) {
      const id = await openConversation(token);
      const message = { id: `msg_${crypto.randomUUID()}`, content: `Question ${round}`, model: standIn("reply=Yes.") };
      const response = await ask(token, id, message);
      expect(response.status).toBe(200);
      response.body?.cancel().catch(() => {});
      await crash(id);
      const { messages = [], conversations = [], audit_events = [] } = await caughtUpAfterCrash(id);
      const [question, answer] = ["user", "assistant"].map((role) =>
        messages.find((row) => row.conversation_id === id && row.role === role),
      );
      expect(question).toMatchObject({ id: message.id, content: message.content, status: "complete" });
      expect(answer).toMatchObject({ parent_id: message.id, turn_id: response.headers.get("X-Turn-Id") });
      expect(["complete", "interrupted"]).toContain(answer?.status);
      expect(conversations.find((row) => row.id === id)).toMatchObject({
        ...{ head_message_id: answer?.id, title: message.content },
      });
      expect(audit_events.filter((row) => row.id === `aud_${answer?.turn_id}`)).toHaveLength(1);
      expect(await messagesOf(token, id)).toMatchObject([
        { id: message.id },
        { id: answer?.id, status: answer?.status },
      ]);
      expect((await usage()).filter((row) => row.conversation_id === id)).toHaveLength(1);
    }
  });

  it("where words were shown, and where the end was", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=300&tokens_per_second=40&pause=20");
    const { events, reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    reader.cancel().catch(() => {});
    await crash(id);
    expect((await messagesOf(token, id))[1]?.content.startsWith(textOf(events))).toBe(true);
    const whole = await (await ask(token, id, { content: "Then", model: standIn("reply=Whole.") })).text();
    await crash(id);
    expect(await (await resume(token, id, 0)).text()).toContain(whole);
    const [, , , answer] = await messagesOf(token, id);
    expect(answer).toMatchObject({ content: "Whole.", status: "complete" });
    const { messages = [] } = await caughtUpAfterCrash(id);
    expect(messages.find((row) => row.id === answer?.id)).toMatchObject({ content: "Whole.", status: "complete" });
    expect((await usage()).map(({ outcome }) => outcome)).toEqual(["interrupted", "complete"]);
  });

  it("where its settings were changed, a branch was taken out, or a question was taken back", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const path = `/api/v1/conversations/${id}`;
    await (await ask(token, id, { content: "One", model: standIn("reply=First.") })).text();
    const [, first] = await messagesOf(token, id);
    await (await ask(token, id, { content: "Two", model: standIn("reply=Second.") })).text();
    const [, , two] = await messagesOf(token, id);

    const fields = { title: "Mine", system_prompt: "Be brief." };
    expect((await call("PUT", path, { token, json: fields })).status).toBe(200);
    await crash(id);
    expect(await conversation(token, id)).toMatchObject(fields);

    expect((await call("DELETE", `${path}/messages/${two?.id}`, { token })).status).toBe(204);
    await crash(id);
    expect((await messagesOf(token, id)).map(({ content }) => content)).toEqual(["One", "First."]);
    const { messages = [], conversations = [] } = await caughtUpAfterCrash(id);
    expect(messages.map(({ content }) => content).toSorted()).toEqual(["First.", "One"]);
    expect(conversations).toMatchObject([{ title: "Mine", head_message_id: first?.id }]);

    const running = await ask(token, id, { content: "Long", model: standIn("tokens=300&pause=20") });
    const waiting = await ask(token, id, { content: "Never mind", queue: true });
    const turnId = waiting.headers.get("X-Turn-Id");
    expect((await call("DELETE", `${path}/queue/${turnId}`, { token })).status).toBe(204);
    for (const { body } of [running, waiting]) body?.cancel().catch(() => {});
    await crash(id);
    await runDurableObjectAlarm(objectOf(id));
    expect((await messagesOf(token, id)).map(({ content }) => content)).not.toContain("Never mind");
    const told = eventsIn(await (await call("GET", `${path}/stream?turn_id=${turnId}`, { token })).text());
    expect(told).toMatchObject([{ event: "done", data: { finish_reason: "stopped" } }]);
    expect((await usage()).map(({ outcome }) => outcome)).toEqual(["complete", "complete", "interrupted"]);
  });

  it("where it was only opened", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { title: "New" });
    await crash(id);
    expect(await messagesOf(token, id)).toEqual([]);
    expect(await conversation(token, id)).toMatchObject({ title: "New" });
    // It may have died while it was told of the conversation.
    expect(takeLoggedErrors().every((line) => line.includes("crash"))).toBe(true);
  });
});
