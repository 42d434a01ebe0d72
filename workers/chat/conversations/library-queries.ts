import { and, eq, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import { batch } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { packed, rowsFromJson } from "../../db/rows-from-json.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { documents } from "../../db/schema/knowledge.ts";
import { type CitationRow, type ConversationRow, type MessageRow, type Owner, owned } from "../queries.ts";

/** Inserts of any number of rows. */
const inserts = <T extends typeof conversations | typeof messages | typeof citations>(
  db: Database,
  table: T,
  rows: T["$inferSelect"][],
) => rowsFromJson(table, rows).map((select) => db.insert(table).select(sql`${select} WHERE true`));

/** A conversation with all that belongs to it. */
export interface Whole {
  conversation: ConversationRow;
  rows: MessageRow[];
  cited: CitationRow[];
}

const batchCharacters = 1_000_000;

const charactersOf = ({ rows }: Whole) => 1_000 + rows.reduce((sum, { content }) => sum + content.length + 500, 0);

/** Stores conversations with their messages and citations: each wholly or not at all. */
export async function insertMany(
  db: Database,
  wholes: Whole[],
  audit: (group: Whole[]) => Promise<AuditStatements>,
): Promise<void> {
  for (const group of packed(wholes, charactersOf, batchCharacters)) {
    await batch(db, [
      ...inserts(
        db,
        conversations,
        group.map(({ conversation }) => conversation),
      ),
      ...inserts(
        db,
        messages,
        group.flatMap(({ rows }) => rows),
      ),
      ...inserts(
        db,
        citations,
        group.flatMap(({ cited }) => cited),
      ),
      ...(await audit(group)),
    ]);
  }
}

/** Which of `ids` are documents of a clone. */
export async function documentsAmong(db: Database, cloneId: string, ids: string[]): Promise<string[]> {
  const rows = await db
    .select({ id: documents.id })
    .from(documents)
    .where(
      and(
        eq(documents.cloneId, cloneId),
        sql`${documents.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** Which of `ids` are conversations of the owner. */
export async function ownAmong(db: Database, owner: Owner, ids: string[]): Promise<string[]> {
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(owned(owner), sql`${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`));
  return rows.map(({ id }) => id);
}

/** Deletes those of `ids` that are the owner's, with their messages: returns which they were. */
export function removeConversations(db: Database, owner: Owner, ids: string[]) {
  return db
    .delete(conversations)
    .where(and(owned(owner), sql`${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`))
    .returning({ id: conversations.id });
}

export interface FoundRow {
  conversationId: string;
  title: string;
  messageId: string;
  role: "user" | "assistant";
  createdAt: number;
  /** The part that fits: with the found words between the marks, or the whole text where no word was looked up. */
  text: string;
}

interface Shown {
  limit: number;
  /** What stands before and behind a found word. */
  marks: [open: string, close: string];
}

const foundColumns = sql.raw(
  "conversations.id AS conversationId, conversations.title, messages.id AS messageId, messages.role, messages.created_at AS createdAt",
);
const holding = (pieces: string[]) => pieces.map((piece) => sql`instr(messages.content, ${piece}) > 0`);

/** The owner's messages that hold all the words that `match` wants, and all the pieces: best first. */
export function findByWords(
  db: Database,
  owner: Owner,
  match: string,
  pieces: string[],
  { limit, marks: [open, close] }: Shown,
): Promise<FoundRow[]> {
  // The tenant stands in the index too, so that a common word does not bring up everybody's messages.
  const tenant = owner.workspaceId.slice(owner.workspaceId.indexOf("_") + 1).replaceAll('"', "");
  const expression = `workspace_id : "${tenant}" AND content : (${match})`;
  return db.all<FoundRow>(sql`
    WITH best AS MATERIALIZED (
      SELECT message_search.rowid AS place, bm25(message_search, 1.0, 0.0) AS score
      FROM message_search JOIN messages ON messages.rowid = message_search.rowid
      JOIN conversations ON conversations.id = messages.conversation_id
      WHERE message_search MATCH ${expression} AND ${and(owned(owner), ...holding(pieces))}
      ORDER BY score, messages.created_at DESC LIMIT ${limit}
    )
    SELECT ${foundColumns}, snippet(message_search, 0, ${open}, ${close}, '…', 24) AS text
    FROM best JOIN message_search ON message_search.rowid = best.place
    JOIN messages ON messages.rowid = best.place JOIN conversations ON conversations.id = messages.conversation_id
    WHERE message_search MATCH ${expression}
    ORDER BY best.score, messages.created_at DESC`);
}

/** The owner's messages that hold all the pieces, newest first. */
export function findByPieces(
  db: Database,
  owner: Owner,
  pieces: string[],
  { limit }: Pick<Shown, "limit">,
): Promise<FoundRow[]> {
  return db.all<FoundRow>(sql`
    SELECT ${foundColumns}, messages.content AS text
    FROM conversations JOIN messages ON messages.conversation_id = conversations.id
    WHERE ${and(owned(owner), ...holding(pieces))} ORDER BY messages.created_at DESC LIMIT ${limit}`);
}
