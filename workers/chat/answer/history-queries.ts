import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "../../db/client.ts";
import { conversations } from "../../db/schema/chat.ts";
import { filenamesIn, type OfClone } from "../../knowledge/queries.ts";
import { selectNames, selectNamesFor } from "../../knowledge/search-knowledge.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import { owned, type StoredTalk, selectPlaceOfMessage, selectTalk, talkIn } from "../queries.ts";
import type { HistoryMessage } from "./prompt.ts";
import type { Summary } from "./summary.ts";
import { selectSummary } from "./summary-queries.ts";
import type { TurnInput } from "./turn-input.ts";

/** What was there before a question: the messages above it, what the older of them come down to, and its clone's documents. */
export interface Before {
  history: HistoryMessage[];
  summary: Summary | null;
  /** By id; none where no clone answers. */
  names: Map<string, string>;
}

/** The branch that ends at `leaf`, oldest first: at most 400 messages back. */
function selectBranch(db: Database, conversationId: string | SQL, leaf: string | SQL | null) {
  const branch = sql`(
    WITH RECURSIVE branch (id, parent_id, role, content, status, depth) AS (
      SELECT id, parent_id, role, content, status, 0 FROM messages
      WHERE id = ${leaf} AND conversation_id = ${conversationId}
      UNION ALL
      SELECT m.id, m.parent_id, m.role, m.content, m.status, branch.depth + 1
      FROM messages m JOIN branch ON m.id = branch.parent_id
      WHERE m.conversation_id = ${conversationId} AND branch.depth < 400
    )
    SELECT * FROM branch WHERE content <> '')`;
  return db
    .select({
      id: sql<string>`id`,
      role: sql<HistoryMessage["role"]>`role`,
      content: sql<string>`content`,
      status: sql<string>`status`,
    })
    .from(branch)
    .orderBy(sql`depth DESC`);
}

/** Reads what stands before a turn's question, with the names in its clone's documents: all in one round trip, for the model waits for it. */
export async function readBefore(
  db: Database,
  { conversationId, question }: TurnInput,
  of: OfClone | null,
): Promise<Before> {
  const talk = [selectBranch(db, conversationId, question.parentId), selectSummary(db, conversationId)] as const;
  const [history, [summary = null], named] = of
    ? await db.batch([...talk, selectNames(db, of)])
    : [...(await db.batch([...talk])), []];
  return { history, summary, names: filenamesIn(named) };
}

/** A question that is about to be asked: `id` where it has one, `parentId` undefined where it goes under what is shown. */
interface Coming {
  id: string | undefined;
  parentId: string | null | undefined;
}

/** The conversation that a question comes into, and what stands before it. */
export interface Place {
  talk: StoredTalk | undefined;
  before: Before;
  /** The message that `before` ends with; null for none, and where that one is still being written. */
  under: string | null;
  /** Where the question's id stands already, in whatever conversation. */
  known: { conversationId: string; content: string } | undefined;
}

/**
 * Reads one of the actor's own conversations and all that a question in it needs, in one round trip: the model waits for it. Of a
 * foreign conversation nothing is read.
 */
export async function readPlace(ctx: Context, conversationId: string, { id, parentId }: Coming): Promise<Place> {
  const { db, actor } = ctx;
  const owner = ownerOf(ctx);
  const own = and(eq(conversations.id, conversationId), owned(owner));
  const ofOwn = (column: SQLiteColumn) => sql`(SELECT ${column} FROM ${conversations} WHERE ${own})`;
  const ownId = ofOwn(conversations.id);
  const [talk, history, [summary = null], named, [known]] = await db.batch([
    selectTalk(db, owner, conversationId),
    selectBranch(db, ownId, parentId === undefined ? ofOwn(conversations.headMessageId) : parentId),
    selectSummary(db, ownId),
    selectNamesFor(db, ofOwn(conversations.cloneId), actor),
    selectPlaceOfMessage(db, id ?? ""),
  ]);
  const last = history.at(-1);
  return {
    talk: talkIn(talk),
    before: { history, summary, names: filenamesIn(named) },
    under: last && last.status !== "running" ? last.id : null,
    known,
  };
}
