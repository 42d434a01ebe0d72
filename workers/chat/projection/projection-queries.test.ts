import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { batch } from "../../db/batch.ts";
import { connect } from "../../db/client.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { usageEvents } from "../../db/schema/metering.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { signUp, workspaceOf } from "../../testing/client.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { usageOf } from "../answer/turn-usage.ts";
import { ConversationStore } from "../store/conversation-store.ts";
import { readStored } from "../store/move-in-queries.ts";
import { objectOf, openConversation } from "../testing/turns.ts";
import { askedEvent } from "../turn/asked-event.ts";
import { Outbox } from "./outbox.ts";
import type { Projection } from "./projection.ts";
import { projectionStatements } from "./projection-queries.ts";

const citation = (index: number): StoredCitation => ({
  index,
  documentId: "doc_1",
  source: "notes.md",
  page: null,
  section: null,
  quote: `Sentence ${index}.`,
  relevance: 0.5,
  start: index,
  end: index + 1,
});

/** The real database; only what is bound for it is counted on the way. */
function watched(parameters: number[]): D1Database {
  return new Proxy(env.DB, {
    get(db, name) {
      if (name === "prepare")
        return (text: string) => {
          const statement = db.prepare(text);
          const bind = statement.bind.bind(statement);
          statement.bind = (...values: unknown[]) => {
            parameters.push(values.length);
            return bind(...values);
          };
          return statement;
        };
      const value = Reflect.get(db, name);
      return typeof value === "function" ? value.bind(db) : value;
    },
  });
}

async function turnIn(token: string, conversationId: string, now: number, isNew = true): Promise<TurnInput> {
  const source = { actorKind: "user", actorId: "u", keyId: null, address: null, agent: null, requestId: null } as const;
  return {
    turnId: crypto.randomUUID(),
    conversationId,
    workspaceId: await workspaceOf(token),
    cloneId: null,
    question: { id: crypto.randomUUID(), parentId: null, content: "What do you know?", isNew },
    followsHead: true,
    messageId: crypto.randomUUID(),
    compareGroup: null,
    continued: null,
    createdAt: now,
    source,
  } as unknown as TurnInput;
}

const resultAt = (endedAt: number, cited: number): TurnResult => ({
  outcome: "done",
  content: "A lot.",
  citations: Array.from({ length: cited }, (_, index) => citation(index + 1)),
  model: "offline/extractive",
  finishReason: "stop",
  promptTokens: 3,
  completionTokens: 2,
  error: null,
  endedAt,
});

/** What is handed over of a turn at its start, and at its end, as its object makes it in a storage of its own. */
async function projectionsOf(input: TurnInput, result: TurnResult): Promise<[Projection, Projection]> {
  const stored = await readStored(connect(env.DB), input.conversationId);
  if (!stored) throw new Error("There is no conversation.");
  return runInDurableObject(objectOf(`apart-from-${input.conversationId}`), (_, { storage }) => {
    const store = ConversationStore.moveIn(storage, stored);
    const outbox = new Outbox(storage, store);
    outbox.add({ conversation: true, messages: store.begin(input), ...askedEvent(input) });
    const start = outbox.take();
    store.finish(input, result);
    outbox.add({ conversation: true, messages: [input.messageId], usage: usageOf(input, result) });
    const end = outbox.take();
    if (!start || !end) throw new Error("Nothing is handed over.");
    return [start.projection, end.projection];
  });
}

const eventsOf = async (input: TurnInput) =>
  (
    await env.DB.prepare("SELECT id, action, resource_id FROM audit_events WHERE id = ?")
      .bind(`aud_${input.turnId}`)
      .all()
  ).results;

describe("what D1 keeps of a turn", () => {
  it.each([0, 1, 10, 23])("is whole with %d citations, and the same when it is stored again", async (cited) => {
    const owner = await signUp("Cleo");
    const conversation = await openConversation(owner.token);
    const parameters: number[] = [];
    const runtime = { ...createRuntime(env), db: connect(watched(parameters)) };
    const now = Date.now();
    const input = await turnIn(owner.token, conversation, now);
    const result = resultAt(now + 5, cited);
    const [start, end] = await projectionsOf(input, result);
    // As it comes; again, each by itself and both at once; and an end whose start never came.
    for (const group of [
      [start],
      [end],
      [start, end],
      [end],
      [{ ...end, messages: [...start.messages, ...end.messages] }],
    ])
      await batch(runtime.db, await projectionStatements(runtime, group));
    const rows = await runtime.db
      .select()
      .from(citations)
      .where(eq(citations.messageId, input.messageId))
      .orderBy(asc(citations.index));
    expect(rows.map(({ messageId, ...row }) => row)).toEqual(result.citations);
    const said = await runtime.db.select().from(messages).orderBy(asc(messages.createdAt));
    expect(said).toMatchObject([
      { id: input.question.id, role: "user", content: "What do you know?", status: "complete", completedAt: now },
      { id: input.messageId, parentId: input.question.id, content: "A lot.", status: "complete", turnId: input.turnId },
    ]);
    expect(said[1]).toMatchObject({ promptTokens: 3, completionTokens: 2, createdAt: now + 1, completedAt: now + 5 });
    expect(await runtime.db.select().from(conversations).where(eq(conversations.id, conversation))).toMatchObject([
      { title: "What do you know?", titleSource: "auto", headMessageId: input.messageId, updatedAt: now + 5 },
    ]);
    expect(await runtime.db.select().from(usageEvents).where(eq(usageEvents.turnId, input.turnId))).toHaveLength(1);
    expect(await eventsOf(input)).toEqual([
      { id: `aud_${input.turnId}`, action: "message.asked", resource_id: input.question.id },
    ]);
    // D1 refuses a statement with more, which SQLite by itself would not.
    expect(Math.max(...parameters)).toBeLessThanOrEqual(100);
  });

  it("is written in one order where much of one conversation comes at once, and another's is beside it", async () => {
    const { token } = await signUp("Cleo");
    const [one, two] = [await openConversation(token), await openConversation(token)];
    const runtime = createRuntime(env);
    const now = Date.now();
    const inputs = [await turnIn(token, one, now), await turnIn(token, two, now + 10)] as const;
    const [[start, end], [start2, end2]] = await Promise.all([
      projectionsOf(inputs[0], resultAt(now + 5, 2)),
      projectionsOf(inputs[1], resultAt(now + 15, 2)),
    ]);
    const gone: Projection = {
      ...end,
      conversation: end.conversation && { ...end.conversation, title: "Last", headMessageId: null },
      ...{ messages: [], citations: [], removed: [inputs[0].messageId], usage: [], events: [] },
    };
    await batch(runtime.db, await projectionStatements(runtime, [start, start2, end, end2, gone]));
    const ids = async () =>
      (await runtime.db.select().from(messages).orderBy(asc(messages.createdAt))).map(({ id }) => id);
    expect(await ids()).toEqual([inputs[0].question.id, inputs[1].question.id, inputs[1].messageId]);
    const [first, second] = await Promise.all(
      [one, two].map(async (id) => (await runtime.db.select().from(conversations).where(eq(conversations.id, id)))[0]),
    );
    expect(first).toMatchObject({ title: "Last", headMessageId: null });
    expect(second).toMatchObject({ title: "What do you know?", headMessageId: inputs[1].messageId });
    expect(await runtime.db.select().from(usageEvents)).toHaveLength(2);
  });

  it("never takes another conversation’s place, nor brings back what was deleted", async () => {
    const { token } = await signUp("Cleo");
    const [one, two, deleted] = [
      await openConversation(token),
      await openConversation(token),
      await openConversation(token),
    ];
    const runtime = createRuntime(env);
    const now = Date.now();
    const write = async (...all: Projection[]) => batch(runtime.db, await projectionStatements(runtime, all));
    const input = await turnIn(token, one, now);
    await write(...(await projectionsOf(input, resultAt(now + 5, 1))));
    const before = await runtime.db.select().from(messages).orderBy(asc(messages.id));
    // The same ids of another conversation, whose messages say something else; and they cannot be taken out there either.
    const thief = { ...input, conversationId: two, turnId: crypto.randomUUID() };
    const [, stolen] = await projectionsOf(thief, { ...resultAt(now + 6, 0), content: "Mine now." });
    await write({ ...stolen, removed: [input.question.id] });
    expect(await runtime.db.select().from(messages).orderBy(asc(messages.id))).toEqual(before);

    const late = await turnIn(token, deleted, now);
    const ended = await projectionsOf(late, resultAt(now + 5, 3));
    await runtime.db.delete(conversations).where(eq(conversations.id, deleted));
    await write(...ended);
    expect(await runtime.db.select().from(messages).orderBy(asc(messages.id))).toEqual(before);
    expect(await runtime.db.select().from(conversations).where(eq(conversations.id, deleted))).toEqual([]);
    expect(await runtime.db.select().from(citations)).toHaveLength(1);
    // What it used stays told.
    expect(await runtime.db.select().from(usageEvents).where(eq(usageEvents.turnId, late.turnId))).toHaveLength(1);
  });
});
