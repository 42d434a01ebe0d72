import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { citations, conversationSummaries, conversations, messages } from "../../db/schema/chat.ts";
import type { Summary } from "../answer/summary.ts";
import type { ConversationRow } from "../queries.ts";
import type { HeldMessage } from "./conversation-store.ts";

/** So many messages are read at a time. */
const page = 500;

/** What D1 has of a conversation. */
export interface Stored {
  conversation: ConversationRow;
  messages: HeldMessage[];
  summary: Summary | null;
}

function selectMessages(db: Database, conversationId: string, after: string) {
  return db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), gt(messages.id, after)))
    .orderBy(asc(messages.id))
    .limit(page);
}

function selectCitations(db: Database, conversationId: string, after: string) {
  const ids = sql`(SELECT id FROM ${messages} WHERE ${messages.conversationId} = ${conversationId} AND ${messages.id} > ${after}
    ORDER BY ${messages.id} LIMIT ${page})`;
  return db
    .select()
    .from(citations)
    .where(sql`${citations.messageId} IN ${ids}`)
    .orderBy(asc(citations.messageId), asc(citations.index));
}

const joined = (
  rows: Awaited<ReturnType<typeof selectMessages>>,
  cited: Awaited<ReturnType<typeof selectCitations>>,
): HeldMessage[] => {
  const byMessage = Map.groupBy(cited, ({ messageId }) => messageId);
  return rows.map((row) => ({
    ...row,
    citations: (byMessage.get(row.id) ?? []).map(({ messageId: _, ...citation }) => citation),
  }));
};

/** All that D1 has of a conversation, whosever it is; null where there is none. In one round trip, but for what is very long. */
export async function readStored(db: Database, id: string): Promise<Stored | null> {
  const [[conversation], [summary = null], rows, cited] = await db.batch([
    db.select().from(conversations).where(eq(conversations.id, id)),
    db
      .select({ text: conversationSummaries.summary, throughMessageId: conversationSummaries.throughMessageId })
      .from(conversationSummaries)
      .where(eq(conversationSummaries.conversationId, id)),
    selectMessages(db, id, ""),
    selectCitations(db, id, ""),
  ]);
  if (!conversation) return null;
  const found = joined(rows, cited);
  for (let last = rows; last.length === page; ) {
    const after = last.at(-1)?.id ?? "";
    const [more, theirs] = await db.batch([selectMessages(db, id, after), selectCitations(db, id, after)]);
    found.push(...joined(more, theirs));
    last = more;
  }
  return { conversation, messages: found, summary };
}
