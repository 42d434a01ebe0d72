import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq, sql } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { connect } from "../../db/client.ts";
import { rowsFromJson } from "../../db/rows-from-json.ts";
import { citations, conversationSummaries, conversations, messages } from "../../db/schema/chat.ts";
import { newId } from "../../platform/ids.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { presentMessage } from "../present.ts";
import type { MessageRow } from "../queries.ts";
import { contentsOf, rowsInD1 } from "../testing/contents.ts";
import { cited, leaveEmptyConversation, leaveOldConversation, oldMessage } from "../testing/old-conversations.ts";
import {
  ask,
  eventsIn,
  messagesOf,
  objectOf,
  openConversation,
  projected,
  resume,
  standIn,
  textOf,
  upstreamCalls,
  usage,
} from "../testing/turns.ts";
import { ConversationStore } from "./conversation-store.ts";

const db = () => connect(env.DB);

/** A conversation of 320 questions, as an older version left it: with a branch, answers side by side, citations and a summary. */
async function leaveLongConversation(token: string) {
  const { id, workspaceId, createdAt } = await leaveEmptyConversation(await openConversation(token));
  const rows: MessageRow[] = [];
  const add = (parentId: string | null, role: MessageRow["role"], content: string, more: Partial<MessageRow> = {}) => {
    const turn =
      role === "assistant" ? { turnId: newId("turn"), model: "offline/extractive", finishReason: "stop" } : {};
    const tokens = role === "assistant" ? { promptTokens: 7, completionTokens: 9 } : {};
    const of = { conversationId: id, workspaceId, parentId, role, content, createdAt: createdAt + rows.length };
    const row = oldMessage({ ...of, ...turn, ...tokens, ...more });
    rows.push(row);
    return row.id;
  };
  let head: string | null = null;
  for (let i = 0; i < 320; i++) head = add(add(head, "user", `Question ${i}`), "assistant", `Answer ${i}.`);
  const through = rows[599]?.id ?? "";
  const [third] = rows.filter(({ content }) => content === "Question 3");
  const again = add(third?.id ?? "", "assistant", "Another answer [1][2].");
  const cutOff = add(third?.id ?? "", "assistant", "Half an ans", {
    ...{ status: "interrupted", errorCode: "INTERRUPTED", finishReason: null },
  });
  const beside = add(head, "user", "Which?");
  const group = { compareGroup: newId("turn") };
  const one = add(beside, "assistant", "This.", { ...group, turnId: group.compareGroup });
  const two = add(beside, "assistant", "That.", { ...group, status: "stopped", finishReason: "stopped" });
  const shown = { head: one, title: "Quinces" };
  const cites = [again, one].flatMap((messageId) => [2, 1].map((index) => ({ ...cited(index), messageId })));
  await db().batch([
    ...(rowsFromJson(messages, rows).map((some) => db().insert(messages).select(some)) as [never]),
    ...rowsFromJson(citations, cites).map((some) => db().insert(citations).select(some)),
    db()
      .insert(conversationSummaries)
      .values({
        ...{ conversationId: id, workspaceId, throughMessageId: through, summary: "They spoke of numbers." },
        ...{ model: "offline/extractive", updatedAt: createdAt },
      }),
    db()
      .update(conversations)
      .set({ headMessageId: shown.head, title: shown.title, titleSource: "person", systemPrompt: "Be brief." })
      .where(eq(conversations.id, id)),
  ]);
  const tree = rows.map((row) => presentMessage(row, [again, one].includes(row.id) ? [cited(1), cited(2)] : []));
  return { id, rows, tree, again, cutOff, beside, one, two };
}

describe("a conversation of an older version", () => {
  it("moves in whole, however long, and nothing of it is written again", async () => {
    const { token } = await signUp();
    const { id, tree, one } = await leaveLongConversation(token);
    const before = await rowsInD1();
    const row = before.conversations?.find((each) => each.id === id);
    expect(await messagesOf(token, id)).toEqual(tree);
    expect(tree.length).toBeGreaterThan(500);
    const shown = await jsonOf(await call("GET", `/api/v1/conversations/${id}`, { token }), 200);
    expect(shown).toMatchObject({ head_message_id: one, title: "Quinces", system_prompt: "Be brief." });
    const held = await runInDurableObject(objectOf(id), (_, { storage }) => {
      const store = ConversationStore.heldIn(storage);
      return {
        conversation: store?.conversation,
        summary: store?.summary,
        history: store?.history(one).map(({ content }) => content),
      };
    });
    expect(held.conversation).toEqual((await db().select().from(conversations).where(eq(conversations.id, id)))[0]);
    expect(held.conversation?.updatedAt).toBe(row?.updated_at);
    expect(held.summary).toEqual({ text: "They spoke of numbers.", throughMessageId: tree[599]?.id });
    // The branch that is shown, as far back as a prompt looks.
    const trunk = tree.slice(0, 640).map(({ content }) => content);
    expect(held.history).toEqual([...trunk, "Which?", "This."].slice(-401));
    expect(await rowsInD1()).toEqual(before);
  });

  it("tells its old answers again, and goes on where it was, with its summary", async () => {
    const { token } = await signUp();
    const { id, tree, beside, one, two } = await leaveLongConversation(token);
    const [, last] = [tree[638], tree[639]];
    const old = await ask(token, id, { id: tree[638]?.id, content: "Question 319" });
    expect(old.headers.get("X-Turn-Id")).toBe(last?.turn_id);
    expect(eventsIn(await old.text())).toMatchObject([
      { event: "start", data: { message_id: last?.id, turn_id: last?.turn_id } },
      { event: "token", data: { content: "Answer 319." } },
      { event: "done", data: { finish_reason: "stop", usage: { prompt_tokens: 7, completion_tokens: 9 } } },
    ]);
    const models = ["offline/extractive", "offline/extractive"];
    const compared = await call("POST", `/api/v1/conversations/${id}/compare`, {
      token,
      json: { id: beside, content: "Which?", models: [models[0], standIn("reply=Never.")] },
      headers: { Accept: "text/event-stream" },
    });
    const told = Map.groupBy(eventsIn(await compared.text()), ({ data }) => data.message_id);
    expect([...told.keys()]).toEqual([one, two]);
    expect(told.get(one)?.map(({ event }) => event)).toEqual(["start", "citation", "citation", "token", "done"]);
    expect(textOf(told.get(two) ?? [])).toBe("That.");
    expect(await usage()).toEqual([]);
    // A question that does not say the same is not the same.
    expect((await ask(token, id, { id: tree[638]?.id, content: "Other words" })).status).toBe(409);

    const model = standIn("reply=On we go.");
    expect(textOf(eventsIn(await (await ask(token, id, { content: "Go on", model })).text()))).toBe("On we go.");
    const [sent] = await upstreamCalls(model);
    const prompt = sent?.body.messages.map(({ content }) => content) ?? [];
    expect(prompt.join("\n")).toContain("They spoke of numbers.");
    expect(prompt.join("\n")).toContain("Be brief.");
    const behind = tree.slice(600, 640).map(({ content }) => content);
    expect(prompt.slice(-43)).toEqual([...behind, "Which?", "This.", "Go on"]);
    const after = await messagesOf(token, id);
    expect(after.slice(0, tree.length)).toEqual(tree);
    expect(after.at(-2)).toMatchObject({ content: "Go on", parent_id: one });
    await projected();
    expect(await db().select().from(messages).where(eq(messages.conversationId, id))).toHaveLength(tree.length + 2);
    expect(await db().select().from(citations)).toHaveLength(4);
  });

  it("has an answer marked whose process died, which can be continued", async () => {
    const { token } = await signUp();
    const { id, old } = await leaveOldConversation(await openConversation(token), { isCutOff: true });
    const tree = await messagesOf(token, id);
    expect(tree.map(({ status }) => status)).toEqual(["complete", "complete", "complete", "interrupted"]);
    expect(tree[3]).toMatchObject({ id: old[3], error_code: "INTERRUPTED" });
    await projected();
    const rows = await db()
      .select()
      .from(messages)
      .where(eq(messages.id, old[3] ?? ""));
    expect(rows).toMatchObject([{ status: "interrupted", errorCode: "INTERRUPTED" }]);
    const again = { token, json: { message_id: old[3] } };
    const response = await call("POST", `/api/v1/conversations/${id}/continue`, again);
    await response.text();
    expect((await messagesOf(token, id))[3]).toMatchObject({ id: old[3], status: "complete" });
  });

  it("has it marked too where so much stands before it that not all is shown", async () => {
    const { token } = await signUp();
    const { id, old } = await leaveOldConversation(await openConversation(token), { isCutOff: true });
    const [first] = await db()
      .select()
      .from(messages)
      .where(eq(messages.id, old[0] ?? ""));
    if (!first) throw new Error("There is no question.");
    const many = Array.from({ length: 2_000 }, () => ({
      ...first,
      id: newId("message"),
      createdAt: first.createdAt - 1,
    }));
    for (const some of rowsFromJson(messages, many)) await db().insert(messages).select(sql`${some} WHERE true`);
    expect(await messagesOf(token, id)).toHaveLength(2_000);
    await projected();
    const rows = await db()
      .select()
      .from(messages)
      .where(eq(messages.id, old[3] ?? ""));
    expect(rows).toMatchObject([{ status: "interrupted", errorCode: "INTERRUPTED" }]);
  });

  it("moves in once, however many touch it first at the same time", async () => {
    const { token } = await signUp();
    const { id, old } = await leaveOldConversation(await openConversation(token), { isCutOff: true });
    const moveIn = vi.spyOn(ConversationStore, "moveIn");
    const message = { id: `msg_${crypto.randomUUID()}`, content: "Now?", model: standIn("reply=Now.") };
    const [trees, texts] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => messagesOf(token, id))),
      Promise.all(Array.from({ length: 5 }, async () => (await ask(token, id, message)).text())),
    ]);
    expect(moveIn.mock.calls.filter(([, { conversation }]) => conversation.id === id)).toHaveLength(1);
    moveIn.mockRestore();
    for (const tree of trees) expect(tree.slice(0, old.length).map(({ id }) => id)).toEqual(old);
    expect(new Set(texts).size).toBe(1);
    expect(await usage()).toHaveLength(1);
    expect(await messagesOf(token, id)).toHaveLength(old.length + 2);
  });

  it("that there is not, or that is another’s, is found by nobody, and none leaves anything", async () => {
    const [ada, ben] = [await signUp("Ada"), await signUp("Ben")];
    const id = newId("conversation");
    const touches = (token: string, of: string) => [
      ask(token, of, { content: "Hello?" }),
      resume(token, of, 0),
      call("GET", `/api/v1/conversations/${of}/messages`, { token }),
      call("POST", `/api/v1/conversations/${of}/stop`, { token }),
      call("GET", `/api/v1/conversations/${of}/queue`, { token }),
      call("PUT", `/api/v1/conversations/${of}`, { token, json: { title: "Mine" } }),
      call("DELETE", `/api/v1/conversations/${of}`, { token }),
    ];
    const responses = await Promise.all(touches(ada.token, id));
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 404));
    expect(await contentsOf(id)).toEqual([]);
    const { id: theirs } = await leaveOldConversation(await openConversation(ben.token), { isCutOff: false });
    const before = await rowsInD1();
    const refused = await Promise.all(touches(ada.token, theirs));
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 404));
    expect(await rowsInD1()).toEqual(before);
    expect(await messagesOf(ben.token, theirs)).toHaveLength(2);
  });
});
