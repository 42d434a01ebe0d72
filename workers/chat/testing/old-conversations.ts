import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { connect } from "../../db/client.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { newId } from "../../platform/ids.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { MessageRow } from "../queries.ts";

/** A passage that an answer cites. */
export const cited = (index: number): StoredCitation => ({
  index,
  documentId: "doc_old",
  source: "old.md",
  page: index,
  section: null,
  quote: `Quince ${index} is ripe.`,
  relevance: 0.25,
  start: 10 * index,
  end: 10 * index + 7,
});

/** A message as an older version left it in D1. */
export const oldMessage = (
  row: Pick<MessageRow, "conversationId" | "workspaceId" | "parentId" | "role" | "createdAt"> & Partial<MessageRow>,
): MessageRow => ({
  ...{ id: newId("message"), content: "", status: "complete", finishReason: null, errorCode: null, model: null },
  ...{ askedModel: null, fallbackReason: null, lane: null, privacy: null, thoughts: null },
  ...{ turnId: null, compareGroup: null, promptTokens: null, completionTokens: null, droppedCitations: 0 },
  ...{ cachedTokens: null, reasoningTokens: null, microCredits: null },
  completedAt: row.createdAt,
  ...row,
});

/** A conversation that only D1 has, as every one was left by an older version: with the settings of another, and nothing said in it. */
export async function leaveEmptyConversation(like: string) {
  const db = connect(env.DB);
  const [row] = await db.select().from(conversations).where(eq(conversations.id, like));
  if (!row) throw new Error(`There is no conversation ${like}.`);
  const yesterday = row.createdAt - 24 * 60 * 60 * 1_000;
  const conversation = { ...row, id: newId("conversation"), createdAt: yesterday, updatedAt: yesterday };
  await db.insert(conversations).values(conversation);
  return conversation;
}

/** One with a question and its answer, and where it `isCutOff` another whose answer's process died; `old` are its messages. */
export async function leaveOldConversation(
  like: string,
  { isCutOff }: { isCutOff: boolean },
): Promise<{ id: string; old: string[] }> {
  const db = connect(env.DB);
  const { id: conversationId, workspaceId, createdAt } = await leaveEmptyConversation(like);
  const of = { conversationId, workspaceId };
  const question = oldMessage({ ...of, parentId: null, role: "user", content: "What is ripe?", createdAt });
  const answer = oldMessage({
    ...{ ...of, parentId: question.id, role: "assistant", content: "Two quinces [1][2].", createdAt: createdAt + 1 },
    ...{ model: "offline/extractive", turnId: newId("turn"), finishReason: "stop" },
    ...{ promptTokens: 3, completionTokens: 4 },
  });
  const next = oldMessage({ ...of, parentId: answer.id, role: "user", content: "And now?", createdAt: createdAt + 2 });
  const cutOff = oldMessage({
    ...{ ...of, parentId: next.id, role: "assistant", status: "running", createdAt: createdAt + 3 },
    ...{ turnId: newId("turn"), completedAt: null },
  });
  const rows = isCutOff ? [question, answer, next, cutOff] : [question, answer];
  await db.batch([
    db.insert(messages).values(rows),
    db.insert(citations).values([1, 2].map((index) => ({ ...cited(index), messageId: answer.id }))),
    db
      .update(conversations)
      .set({ headMessageId: rows.at(-1)?.id ?? null })
      .where(eq(conversations.id, conversationId)),
  ]);
  return { id: conversationId, old: rows.map(({ id }) => id) };
}
