import { env } from "cloudflare:workers";
import { asc, eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { connect } from "../../db/client.ts";
import { citations } from "../../db/schema/chat.ts";
import { usageEvents } from "../../db/schema/metering.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { signUp, workspaceOf } from "../../testing/client.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { openConversation } from "../testing/turns.ts";
import { recordResult, recordStart } from "./turn-queries.ts";

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

describe("what D1 keeps of a turn", () => {
  it.each([0, 1, 10, 23])("is whole with %d citations, and the same when it is stored again", async (cited) => {
    const owner = await signUp("Cleo");
    const conversation = await openConversation(owner.token);
    const parameters: number[] = [];
    // The real database; only what is bound for it is counted on the way.
    const watched = new Proxy(env.DB, {
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
    const ctx = { ...createRuntime(env), db: connect(watched) };
    const now = Date.now();
    const input = {
      turnId: crypto.randomUUID(),
      conversationId: conversation,
      workspaceId: await workspaceOf(owner.token),
      cloneId: null,
      question: { id: crypto.randomUUID(), parentId: null, content: "What do you know?", isNew: true },
      followsHead: true,
      messageId: crypto.randomUUID(),
      compareGroup: null,
      continued: null,
      createdAt: now,
    } as unknown as TurnInput;
    const result: TurnResult = {
      outcome: "done",
      content: "A lot.",
      citations: Array.from({ length: cited }, (_, index) => citation(index + 1)),
      model: "offline/extractive",
      finishReason: "stop",
      promptTokens: 3,
      completionTokens: 2,
      error: null,
      endedAt: now + 5,
    };
    for (const isStarted of [true, true, false]) {
      await recordStart(ctx, input);
      await recordResult(ctx, input, result, isStarted);
    }
    const rows = await ctx.db
      .select()
      .from(citations)
      .where(eq(citations.messageId, input.messageId))
      .orderBy(asc(citations.index));
    expect(rows.map(({ messageId, ...row }) => row)).toEqual(result.citations);
    expect(await ctx.db.select().from(usageEvents).where(eq(usageEvents.turnId, input.turnId))).toHaveLength(1);
    // D1 refuses a statement with more, which SQLite by itself would not.
    expect(Math.max(...parameters)).toBeLessThanOrEqual(100);
  });
});
