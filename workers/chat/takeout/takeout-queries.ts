import { and, asc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { type Owner, owned, type Tenant } from "../queries.ts";

const ofThese = (whose: Owner | Tenant): SQL | undefined =>
  "everybody" in whose ? eq(conversations.workspaceId, whose.workspaceId) : owned(whose);

const sizesPage = 5_000;

/** Conversations with about how many characters each holds, oldest first. */
export async function* sizesOf(
  db: Database,
  whose: Owner | Tenant,
): AsyncGenerator<{ id: string; characters: number }> {
  const { id, createdAt } = conversations;
  const characters = sql<number>`(SELECT coalesce(sum(length(content)), 0) FROM messages WHERE conversation_id = ${id})`;
  let last = { id: "", createdAt: -1 };
  for (;;) {
    const rows = await db
      .select({ id, createdAt, characters })
      .from(conversations)
      .where(and(ofThese(whose), sql`(${createdAt}, ${id}) > (${last.createdAt}, ${last.id})`))
      .orderBy(asc(createdAt), asc(id))
      .limit(sizesPage);
    yield* rows;
    last = rows.at(-1) ?? last;
    if (rows.length < sizesPage) return;
  }
}

/** Those of `ids` that are theirs, with all their messages and citations. */
export async function readWhole(db: Database, whose: Owner | Tenant, ids: string[]) {
  const wanted = sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const own = and(ofThese(whose), sql`${conversations.id} IN ${wanted}`);
  const [found, rows, cited] = await db.batch([
    db.select().from(conversations).where(own).orderBy(asc(conversations.createdAt), asc(conversations.id)),
    db
      .select(getTableColumns(messages))
      .from(messages)
      .innerJoin(conversations, eq(conversations.id, messages.conversationId))
      .where(own)
      .orderBy(asc(messages.createdAt), asc(messages.id)),
    db
      .select(getTableColumns(citations))
      .from(citations)
      .innerJoin(messages, eq(messages.id, citations.messageId))
      .innerJoin(conversations, eq(conversations.id, messages.conversationId))
      .where(own)
      .orderBy(asc(citations.messageId), asc(citations.index)),
  ]);
  const rowsOf = Map.groupBy(rows, ({ conversationId }) => conversationId);
  const citationsOf = Map.groupBy(cited, ({ messageId }) => messageId);
  return found.map((conversation) => ({ conversation, rows: rowsOf.get(conversation.id) ?? [], citationsOf }));
}
