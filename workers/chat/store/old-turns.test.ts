import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { connect } from "../../db/client.ts";
import { conversations, messages } from "../../db/schema/chat.ts";
import { usageEvents } from "../../db/schema/metering.ts";
import { newId } from "../../platform/ids.ts";
import { call, signUp } from "../../testing/client.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { usageOf } from "../answer/turn-usage.ts";
import { contentsOf, rowsInD1 } from "../testing/contents.ts";
import { cited, leaveEmptyConversation, oldMessage } from "../testing/old-conversations.ts";
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
} from "../testing/turns.ts";

const db = () => connect(env.DB);
type Conversation = Awaited<ReturnType<typeof leaveEmptyConversation>>;

/** What an older version asked of a turn: it knew neither who asked, nor from where. */
const oldTurn = ({ id, workspaceId }: Conversation, content: string, parentId: string | null): TurnInput => ({
  ...{ turnId: newId("turn"), conversationId: id, workspaceId, cloneId: null, clone: null, memberId: null },
  ...{ pipeline: null, documentIds: null, systemPrompt: null, modelId: standIn("reply=Two."), compareGroup: null },
  question: { id: newId("message"), parentId, content, isNew: true },
  ...{ followsHead: true, messageId: newId("message"), sampling: {}, continued: null, createdAt: Date.now() - 60 },
});

const oldResult: TurnResult = {
  ...{ outcome: "done", content: "One [1].", citations: [cited(1)], model: "offline/extractive", finishReason: "stop" },
  ...{ promptTokens: 11, completionTokens: 12, droppedCitations: 1, error: null, endedAt: 0 },
};

interface OldTurn {
  input: TurnInput;
  state: string;
  result?: TurnResult;
  attempts?: number;
  /** What it has said. */
  said?: string[];
  isEnded?: boolean;
}

/** Leaves turns in a conversation's object as an older version did, with the alarm that it had set. */
const leaveTurns = (id: string, turns: OldTurn[]) =>
  runInDurableObject(objectOf(id), async (_, { storage }) => {
    storage.sql.exec(`CREATE TABLE events (
      id INTEGER PRIMARY KEY, turn_id TEXT NOT NULL, event TEXT NOT NULL, data TEXT NOT NULL)`);
    storage.sql.exec("CREATE UNIQUE INDEX events_terminal ON events (turn_id) WHERE event IN ('done', 'error')");
    storage.sql.exec(`CREATE TABLE turns (
      id TEXT PRIMARY KEY, question_id TEXT NOT NULL, message_id TEXT NOT NULL, state TEXT NOT NULL, input TEXT NOT NULL,
      model TEXT, prompt_tokens INTEGER NOT NULL DEFAULT 0, result TEXT, settle_attempts INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL)`);
    for (const { input, state, result, attempts = 0, said = [], isEnded = false } of turns) {
      storage.sql.exec(
        "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[input.turnId, input.question.id, input.messageId, state, JSON.stringify(input)],
        ...(state === "queued" ? [null, 0] : ["offline/extractive", 11]),
        ...[result ? JSON.stringify(result) : null, attempts, input.createdAt],
      );
      const events = [
        ...said.map((content) => ({ event: "token", data: { content } })),
        ...(isEnded ? [{ event: "done", data: { finish_reason: "stop", message_id: input.messageId } }] : []),
      ];
      const start = { turn_id: input.turnId, message_id: input.messageId, user_message_id: input.question.id };
      if (said.length > 0) events.unshift({ event: "start", data: { ...start, offset: 0 } as never });
      for (const { event, data } of events)
        storage.sql.exec(
          "INSERT INTO events (turn_id, event, data) VALUES (?, ?, ?)",
          input.turnId,
          event,
          JSON.stringify(data),
        );
    }
    await storage.setAlarm(Date.now() + 60_000);
  });

/** Leaves in D1 what an older version had told it of a turn: that it began, or how it ended. */
async function leaveRows(input: TurnInput, result?: TurnResult): Promise<void> {
  const { conversationId, workspaceId, question, messageId, turnId, createdAt } = input;
  const of = { conversationId, workspaceId };
  const ended = result && {
    ...{ status: "complete" as const, content: result.content, model: result.model, finishReason: "stop" },
    ...{ promptTokens: 11, completionTokens: 12, droppedCitations: 1, completedAt: result.endedAt },
  };
  await db().batch([
    db()
      .insert(messages)
      .values([
        oldMessage({ ...of, ...question, role: "user", createdAt }),
        oldMessage({
          ...{ ...of, id: messageId, parentId: question.id, role: "assistant", turnId, createdAt: createdAt + 1 },
          ...{ status: "running", completedAt: null },
          ...ended,
        }),
      ]),
    db()
      .update(conversations)
      .set({ headMessageId: messageId, title: "Old" })
      .where(eq(conversations.id, conversationId)),
    ...(result ? [db().insert(usageEvents).values(usageOf(input, result))] : []),
  ]);
}

const usageIn = (id: string) =>
  db().select().from(usageEvents).where(eq(usageEvents.conversationId, id)).orderBy(usageEvents.createdAt);
const streamOf = async (token: string, id: string, { turnId }: TurnInput) =>
  (await call("GET", `/api/v1/conversations/${id}/stream?turn_id=${turnId}`, { token })).text();
const isEnd = ({ event }: { event: string }) => event === "done" || event === "error";

/** What woke the object: its alarm, or somebody who reads. */
const wakers = {
  "the alarm": async (_token: string, id: string) => {
    expect(await runDurableObjectAlarm(objectOf(id))).toBe(true);
  },
  "a reader": async (token: string, id: string) => {
    await messagesOf(token, id);
  },
};

describe.each(Object.keys(wakers) as (keyof typeof wakers)[])("turns of an older version that %s finds", (waker) => {
  it.each([
    ["of which D1 had heard nothing", "First", async (_: TurnInput) => {}],
    ["of which D1 knew that it had begun", "Old", (input: TurnInput) => leaveRows(input)],
    [
      "of which D1 had all",
      "Old",
      (input: TurnInput) => leaveRows(input, { ...oldResult, endedAt: input.createdAt + 20 }),
    ],
  ])("end as was decided, where it was half done and %s", async (_name, title, leave) => {
    const { token } = await signUp();
    const conversation = await leaveEmptyConversation(await openConversation(token));
    const { id } = conversation;
    const input = oldTurn(conversation, "First", null);
    const result = { ...oldResult, endedAt: input.createdAt + 20 };
    const waiting = oldTurn(conversation, "Second", null);
    await leave(input);
    await leaveTurns(id, [
      { input, state: "settling", result, attempts: 7, said: ["One ", "[1]."] },
      { input: waiting, state: "queued", attempts: 2 },
    ]);
    await wakers[waker](token, id);
    expect(textOf(eventsIn(await streamOf(token, id, waiting)))).toBe("Two.");
    const told = eventsIn(await streamOf(token, id, input));
    expect(textOf(told)).toBe("One [1].");
    expect(told.filter(isEnd)).toEqual([expect.objectContaining({ event: "done" })]);
    expect(told.at(-1)?.data).toMatchObject({
      finish_reason: "stop",
      usage: { prompt_tokens: 11, completion_tokens: 12 },
    });
    const tree = await messagesOf(token, id);
    expect(tree).toMatchObject([
      { id: input.question.id, parent_id: null, content: "First", status: "complete" },
      { id: input.messageId, parent_id: input.question.id, content: "One [1].", status: "complete" },
      { id: waiting.question.id, parent_id: input.messageId, content: "Second" },
      { id: waiting.messageId, parent_id: waiting.question.id, content: "Two.", status: "complete" },
    ]);
    expect(tree[1]?.citations).toMatchObject([{ index: 1, quote: "Quince 1 is ripe." }]);
    await projected();
    expect(await usageIn(id)).toMatchObject([
      { turnId: input.turnId, outcome: "complete", promptTokens: 11, completionTokens: 12 },
      { turnId: waiting.turnId, outcome: "complete" },
    ]);
    const { results } = await env.DB.prepare(
      "SELECT m.id, c.idx FROM messages m LEFT JOIN citations c ON c.message_id = m.id WHERE conversation_id = ? ORDER BY created_at",
    )
      .bind(id)
      .all();
    expect(results).toEqual(tree.map((message, i) => ({ id: message.id, idx: i === 1 ? 1 : null })));
    expect((await db().select().from(conversations).where(eq(conversations.id, id)))[0]).toMatchObject({
      headMessageId: waiting.messageId,
      title,
    });
    // Nothing is left to do: what comes now changes nothing.
    const before = await rowsInD1();
    await runDurableObjectAlarm(objectOf(id));
    expect(await rowsInD1()).toEqual(before);
  });

  it("end as what they had said where their process died, and what waited behind is asked", async () => {
    const { token } = await signUp();
    const conversation = await leaveEmptyConversation(await openConversation(token));
    const { id } = conversation;
    const input = oldTurn(conversation, "First", null);
    const waiting = oldTurn(conversation, "Second", null);
    await leaveRows(input);
    await leaveTurns(id, [
      { input, state: "running", said: ["Half ", "an ans"] },
      { input: waiting, state: "queued" },
    ]);
    await wakers[waker](token, id);
    expect(textOf(eventsIn(await streamOf(token, id, waiting)))).toBe("Two.");
    const told = eventsIn(await streamOf(token, id, input));
    expect(told.map(({ event }) => event)).toEqual(["start", "token", "token", "error"]);
    expect(told.at(-1)?.data.code).toBe("INTERRUPTED");
    const tree = await messagesOf(token, id);
    expect(tree.map(({ content, status }) => [content, status])).toEqual([
      ["First", "complete"],
      ["Half an ans", "interrupted"],
      ["Second", "complete"],
      ["Two.", "complete"],
    ]);
    await projected();
    expect((await usageIn(id)).map(({ outcome }) => outcome)).toEqual(["interrupted", "complete"]);
  });

  it("are told again byte for byte where they had ended, and nothing of them is written", async () => {
    const { token } = await signUp();
    const conversation = await leaveEmptyConversation(await openConversation(token));
    const { id } = conversation;
    const input = oldTurn(conversation, "First", null);
    const result = { ...oldResult, endedAt: input.createdAt + 20 };
    await leaveRows(input, result);
    await leaveTurns(id, [{ input, state: "done", result, said: ["One ", "[1]."], isEnded: true }]);
    const before = await rowsInD1();
    await wakers[waker](token, id);
    const told = await (await resume(token, id, 0)).text();
    expect(eventsIn(told).map(({ event }) => event)).toEqual(["start", "token", "token", "done"]);
    expect(await (await resume(token, id, 2)).text()).toBe(
      told
        .split(/(?<=\n\n)/)
        .slice(2)
        .join(""),
    );
    expect(await (await ask(token, id, { id: input.question.id, content: "First" })).text()).toBe(told);
    expect(await rowsInD1()).toEqual(before);
  });
});

describe("turns of an older version", () => {
  it("are told of, and gone, where their conversation is deleted before it is touched", async () => {
    const { token } = await signUp();
    const conversation = await leaveEmptyConversation(await openConversation(token));
    const { id } = conversation;
    const input = oldTurn(conversation, "First", null);
    const result = { ...oldResult, endedAt: input.createdAt + 20 };
    const waiting = oldTurn(conversation, "Second", null);
    await leaveRows(input);
    await leaveTurns(id, [
      { input, state: "settling", result, said: ["One ", "[1]."] },
      { input: waiting, state: "queued" },
    ]);
    expect((await call("DELETE", `/api/v1/conversations/${id}`, { token })).status).toBe(204);
    expect((await usageIn(id)).at(0)).toMatchObject({ turnId: input.turnId, outcome: "complete" });
    expect(await contentsOf(id)).toEqual(["closed-until", "an alarm"]);
    expect(await db().select().from(messages).where(eq(messages.conversationId, id))).toEqual([]);
  });
});
