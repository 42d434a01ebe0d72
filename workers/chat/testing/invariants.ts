import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { connect } from "../../db/client.ts";
import { call } from "../../testing/client.ts";
import { ConversationStore } from "../store/conversation-store.ts";
import { readStored } from "../store/move-in-queries.ts";
import { contentsOf } from "./contents.ts";
import { ask, type Event, messagesOf, objectOf, projected, textOf } from "./turns.ts";

/** A question of the simulation. */
export interface Asked {
  id: string;
  path: "messages" | "compare";
  body: Record<string, unknown>;
  /** What a client has seen, whether or not its line held. */
  seen: Event[];
}

const isEnd = ({ event }: Event) => event === "done" || event === "error";

/** The turns of a conversation and the events of each, as its object keeps them. */
export interface Stored {
  turns: { id: string; state: string; message_id: string; question_id: string }[];
  events: Event[][];
}

/** What a conversation's object keeps of its turns. */
export async function storedIn(id: string): Promise<Stored> {
  return runInDurableObject(objectOf(id), (_, state) => {
    const turns = state.storage.sql
      .exec<Stored["turns"][number]>("SELECT id, state, message_id, question_id FROM turns ORDER BY rowid")
      .toArray();
    const events = turns.map(({ id }) =>
      state.storage.sql
        .exec<{ id: number; event: string; data: string }>("SELECT * FROM events WHERE turn_id = ? ORDER BY id", id)
        .toArray()
        .map(({ id, event, data }) => ({ id, event, data: JSON.parse(data) })),
    );
    return { turns, events };
  });
}

const statusOf: Record<string, string> = { done: "complete" };
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** What a conversation's object holds of it. */
const heldIn = (id: string) =>
  runInDurableObject(objectOf(id), (_, { storage }) => {
    const store = ConversationStore.heldIn(storage);
    return store && { conversation: store.conversation, messages: store.messages().toSorted(byId) };
  });

/** D1 has what the object holds: the conversation, its messages and what they cite, and nothing else of it. */
async function expectProjected(id: string): Promise<void> {
  for (;;) {
    const held = await heldIn(id);
    await projected().catch(() => {});
    const stored = await readStored(connect(env.DB), id);
    // It may have got another title meanwhile.
    if (JSON.stringify(await heldIn(id)) !== JSON.stringify(held)) continue;
    expect({ conversation: stored?.conversation, messages: stored?.messages.toSorted(byId) }).toEqual(held);
    return;
  }
}

/** One event a turn of what it used, and one that it was asked. */
async function expectRecorded(id: string, turns: Stored["turns"]): Promise<void> {
  const sorted = turns.toSorted(byId);
  const usage = await env.DB.prepare(
    "SELECT turn_id, outcome FROM usage_events WHERE conversation_id = ? AND purpose = 'answer' ORDER BY turn_id",
  )
    .bind(id)
    .all<{ turn_id: string; outcome: string }>();
  expect(usage.results).toEqual(sorted.map(({ id, state }) => ({ turn_id: id, outcome: statusOf[state] ?? state })));
  const asked = await env.DB.prepare(
    "SELECT id, resource_id FROM audit_events WHERE details ->> 'conversation_id' = ? AND action = 'message.asked' ORDER BY id",
  )
    .bind(id)
    .all();
  expect(asked.results).toEqual(sorted.map(({ id, question_id }) => ({ id: `aud_${id}`, resource_id: question_id })));
}

/** What a conversation shows last, as its reader sees it who asks again where what writes D1 died for another seed. */
async function headOf(token: string, id: string): Promise<string> {
  for (;;) {
    const response = await call("GET", `/api/v1/conversations/${id}`, { token });
    const body = (await response.json()) as { head_message_id: string };
    if (response.status === 200) return body.head_message_id;
    expect(response.status).toBe(500);
  }
}

/**
 * Each turn has come to one end, of which what was seen is a prefix; and D1 has what the object holds. `old` are the messages that stood there
 * before.
 */
export async function expectOneEnd(token: string, id: string, asked: Asked[], old: string[]): Promise<void> {
  const { turns, events } = await storedIn(id);
  const messages = await messagesOf(token, id);
  const questions = messages.filter(({ role, id }) => role === "user" && !old.includes(id)).map(({ id }) => id);
  expect(questions.toSorted()).toEqual(asked.map(({ id }) => id).toSorted());
  expect(messages).toHaveLength(old.length + asked.length + turns.length);
  expect(messages.map(({ status }) => status)).not.toContain("running");
  for (const [i, turn] of turns.entries()) {
    const own = events[i] ?? [];
    expect(own.filter(isEnd)).toEqual(own.slice(-1));
    const answer = messages.find(({ id }) => id === turn.message_id);
    expect(answer).toMatchObject({
      parent_id: turn.question_id,
      status: statusOf[turn.state] ?? turn.state,
      content: textOf(own),
    });
    const seen = asked
      .find((question) => question.id === turn.question_id)
      ?.seen.filter(({ id }) => id >= (own[0]?.id ?? 0) && own.some((event) => event.id === id));
    expect(own.slice(0, seen?.length)).toEqual(seen);
  }
  const head_message_id = await headOf(token, id);
  const last = turns.filter(({ question_id }) => question_id === turns.at(-1)?.question_id);
  expect(last.map(({ message_id }) => message_id)).toContain(head_message_id);
  await expectProjected(id);
  await expectRecorded(id, turns);
}

/** Nothing is left of a conversation that was deleted, anywhere, but what the turns used whose answers somebody saw begin. */
export async function expectGone(token: string, id: string, asked: Asked[]): Promise<void> {
  expect((await ask(token, id, { content: "Still there?" })).status).toBe(404);
  await runDurableObjectAlarm(objectOf(id)).catch(() => {});
  expect(await contentsOf(id)).toEqual([]);
  await projected().catch(() => {});
  expect(await readStored(connect(env.DB), id)).toBeNull();
  const { results } = await env.DB.prepare(
    `SELECT (SELECT count(*) FROM messages WHERE conversation_id = ?1) AS messages,
      (SELECT json_group_array(turn_id) FROM usage_events WHERE conversation_id = ?1 AND purpose = 'answer') AS used`,
  )
    .bind(id)
    .all<{ messages: number; used: string }>();
  expect(results[0]?.messages).toBe(0);
  const begun = asked.flatMap(({ seen }) =>
    seen.filter(({ event }) => event === "start").map(({ data }) => data.turn_id),
  );
  expect(JSON.parse(results[0]?.used ?? "")).toEqual(expect.arrayContaining([...new Set(begun)]));
}
