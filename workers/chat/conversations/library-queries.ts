import { and, asc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import { batch } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { documents } from "../../db/schema/knowledge.ts";
import {
  type CitationRow,
  type ConversationRow,
  inConversation,
  type MessageRow,
  type Owner,
  owned,
} from "../queries.ts";

type Place = { id: string; workspaceId: string };
/** What one bound value may hold: far below D1's 2 MB, for text may grow as JSON. */
const chunkCharacters = 250_000;

/** Items in runs that are together no larger than `most`; one that is larger alone is a run by itself. */
function* packed<T>(items: T[], sizeOf: (item: T) => number, most: number): Generator<T[]> {
  let run: T[] = [];
  let size = 0;
  for (const item of items) {
    const own = sizeOf(item);
    if (run.length > 0 && size + own > most) {
      yield run;
      run = [];
      size = 0;
    }
    run.push(item);
    size += own;
  }
  if (run.length > 0) yield run;
}

/** Inserts of any number of rows, each statement with one bound value: D1 allows a hundred, and few statements a request. */
function inserts<T extends typeof conversations | typeof messages | typeof citations>(
  db: Database,
  table: T,
  rows: T["$inferSelect"][],
) {
  const columns = Object.entries(getTableColumns(table));
  const values = sql.raw(columns.map((_, i) => `json_extract(value, '$[${i}]')`).join(", "));
  const bound = rows.map((row: Record<string, unknown>) =>
    JSON.stringify(columns.map(([key, column]) => (row[key] == null ? null : column.mapToDriverValue(row[key])))),
  );
  return [...packed(bound, ({ length }) => length, chunkCharacters)].map((run) =>
    db.insert(table).select(sql`SELECT ${values} FROM json_each(${`[${run.join()}]`}) WHERE true`),
  );
}

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

/** The ids from a message up to its root. */
const branchIds = (place: Place, leafId: string): SQL => sql`(
  WITH RECURSIVE branch (id, parent_id) AS (
    SELECT id, parent_id FROM messages
    WHERE id = ${leafId} AND conversation_id = ${place.id} AND workspace_id = ${place.workspaceId}
    UNION
    SELECT m.id, m.parent_id FROM messages m JOIN branch ON m.id = branch.parent_id WHERE m.conversation_id = ${place.id}
  ) SELECT id FROM branch)`;

/** The ids of a message and of everything below it. */
const subtreeIds = (place: Place, rootId: string): SQL => sql`(
  WITH RECURSIVE below (id) AS (
    SELECT id FROM messages
    WHERE id = ${rootId} AND conversation_id = ${place.id} AND workspace_id = ${place.workspaceId}
    UNION
    SELECT m.id FROM messages m JOIN below ON m.parent_id = below.id WHERE m.conversation_id = ${place.id}
  ) SELECT id FROM below)`;

/** The messages of the branch that ends at `leafId`, oldest first. */
export function branchRows(db: Database, place: Place, leafId: string): Promise<MessageRow[]> {
  return db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, place.id), sql`${messages.id} IN ${branchIds(place, leafId)}`))
    .orderBy(asc(messages.createdAt), asc(messages.id));
}

/** The citations of the branch that ends at `leafId`. */
export function branchCitations(db: Database, place: Place, leafId: string): Promise<CitationRow[]> {
  return db
    .select()
    .from(citations)
    .where(sql`${citations.messageId} IN ${branchIds(place, leafId)}`)
    .orderBy(asc(citations.messageId), asc(citations.index));
}

/** Who follows whom in a conversation, oldest first. */
export function outline(db: Database, place: Place) {
  return db
    .select({ id: messages.id, parentId: messages.parentId, status: messages.status })
    .from(messages)
    .where(inConversation(place))
    .orderBy(asc(messages.createdAt), asc(messages.id));
}

/**
 * Deletes a message with everything below it, unless an answer is being written there (one of `stale` is not: nothing writes it any
 * more). Moves the head from `head.from` to `head.to`. Returns how many messages went.
 */
export async function removeSubtree(
  db: Database,
  place: Place,
  rootId: string,
  { stale, head }: { stale: string[]; head: { from: string | null; to: string | null } },
  audit: AuditStatements,
): Promise<number> {
  const written = sql`EXISTS (SELECT 1 FROM messages w WHERE w.id IN ${subtreeIds(place, rootId)}
    AND w.status = 'running' AND w.id NOT IN (SELECT value FROM json_each(${JSON.stringify(stale)})))`;
  const moved = db
    .update(conversations)
    .set({ headMessageId: head.to })
    .where(
      and(
        eq(conversations.id, place.id),
        eq(conversations.workspaceId, place.workspaceId),
        sql`${conversations.headMessageId} IS ${head.from}`,
        sql`changes() > 0`,
      ),
    );
  const removed = db
    .delete(messages)
    .where(
      and(
        eq(messages.conversationId, place.id),
        sql`${messages.id} IN ${subtreeIds(place, rootId)}`,
        sql`NOT ${written}`,
      ),
    )
    .returning({ id: messages.id });
  const [gone] = await db.batch([removed, ...audit, ...(head.from === head.to ? [] : [moved])]);
  return gone.length;
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
