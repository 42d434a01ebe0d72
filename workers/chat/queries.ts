import { and, asc, count, desc, eq, inArray, isNotNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { type citations, conversations, messages } from "../db/schema/chat.ts";
import { documents } from "../db/schema/knowledge.ts";
import { visibleTo } from "../knowledge/queries.ts";
import type { Viewer } from "../knowledge/viewer.ts";
import type { Position } from "../platform/http/paging.ts";

export type ConversationRow = typeof conversations.$inferSelect;
export type MessageRow = typeof messages.$inferSelect;
export type CitationRow = typeof citations.$inferSelect;

/** Whose a conversation is; in the WHERE of every query. */
export type Owner =
  | { workspaceId: string; userId: string }
  | { workspaceId: string; visitorId: string; cloneId: string };

/** Everybody's conversations in a workspace: for what its owner takes out, and nothing else. */
export interface Tenant {
  workspaceId: string;
  everybody: true;
}

export function owned(owner: Owner): SQL | undefined {
  const tenant = eq(conversations.workspaceId, owner.workspaceId);
  return "userId" in owner
    ? and(tenant, eq(conversations.userId, owner.userId))
    : and(tenant, eq(conversations.visitorId, owner.visitorId), eq(conversations.cloneId, owner.cloneId));
}

export async function findConversation(db: Database, owner: Owner, id: string): Promise<ConversationRow | undefined> {
  const rows = await db
    .select()
    .from(conversations)
    .where(and(eq(conversations.id, id), owned(owner)));
  return rows[0];
}

/** The conversation of one's own that a message stands in. */
export async function conversationOfMessage(db: Database, owner: Owner, messageId: string): Promise<string | null> {
  const rows = await db
    .select({ id: conversations.id })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(and(eq(messages.id, messageId), owned(owner)));
  return rows[0]?.id ?? null;
}

export const insertConversation = (db: Database, row: ConversationRow) => db.insert(conversations).values(row);

/** How a conversation is filed, which is the library's alone. */
type Filing = Partial<Pick<ConversationRow, "pinned" | "archived" | "folder" | "tags">>;

/** Files a conversation as `filed` says, which may be as it is: returns its row, or none. */
export function fileConversation(db: Database, owner: Owner, id: string, filed: Filing) {
  return db
    .update(conversations)
    .set({ workspaceId: owner.workspaceId, ...filed })
    .where(and(eq(conversations.id, id), owned(owner)))
    .returning();
}

/** Deletes a conversation with its messages: returns its id, or none where there was none. */
export function removeConversation(db: Database, owner: Owner, id: string) {
  return db
    .delete(conversations)
    .where(and(eq(conversations.id, id), owned(owner)))
    .returning({ id: conversations.id });
}

/** Archives those of `ids` that are the owner's, or takes them out of the archive: returns which they are. */
export function setArchived(db: Database, owner: Owner, ids: string[], archived: boolean) {
  return db
    .update(conversations)
    .set({ archived })
    .where(and(owned(owner), sql`${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`))
    .returning({ id: conversations.id });
}

export interface ConversationFilter {
  cloneId?: string | undefined;
  archived: boolean;
  folder?: string | undefined;
  tag?: string | undefined;
}

const hasTag = (tag: string) =>
  sql`EXISTS (SELECT 1 FROM json_each(${conversations.tags}) WHERE json_each.value = ${tag})`;

/** A page of somebody's conversations, last touched first, from behind `after`. */
export function listConversationPage(
  db: Database,
  owner: Owner,
  { cloneId, archived, folder, tag }: ConversationFilter,
  { after, limit }: { after: Position | null; limit: number },
): Promise<ConversationRow[]> {
  const behind = after
    ? or(
        lt(conversations.updatedAt, after[0]),
        and(eq(conversations.updatedAt, after[0]), lt(conversations.id, after[1])),
      )
    : undefined;
  const ofClone = cloneId === undefined ? undefined : eq(conversations.cloneId, cloneId);
  return db
    .select()
    .from(conversations)
    .where(
      and(
        owned(owner),
        eq(conversations.archived, archived),
        ofClone,
        folder === undefined ? undefined : eq(conversations.folder, folder),
        tag === undefined ? undefined : hasTag(tag),
        behind,
      ),
    )
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(limit);
}

/** How many of somebody's conversations are in each folder, by name; archived ones count too. */
export function countByFolder(db: Database, owner: Owner) {
  return db
    .select({ name: sql<string>`${conversations.folder}`, conversations: count() })
    .from(conversations)
    .where(and(owned(owner), isNotNull(conversations.folder)))
    .groupBy(conversations.folder)
    .orderBy(asc(conversations.folder))
    .limit(500);
}

/** How many of somebody's conversations have each tag, by name; archived ones count too. */
export function countByTag(db: Database, owner: Owner) {
  const name = sql<string>`tag.value`;
  return db
    .select({ name, conversations: count() })
    .from(sql`${conversations}, json_each(${conversations.tags}) AS tag`)
    .where(owned(owner))
    .groupBy(name)
    .orderBy(asc(name))
    .limit(500);
}

/** Whether a message of another conversation has this id. */
export async function isTakenElsewhere(db: Database, messageId: string, conversationId: string): Promise<boolean> {
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.id, messageId), ne(messages.conversationId, conversationId)));
  return rows.length > 0;
}

/** How many of `ids` are documents of the clone that a viewer may see. */
export async function countDocumentsOf(db: Database, cloneId: string, ids: string[], viewer: Viewer): Promise<number> {
  const rows = await db
    .select({ id: documents.id })
    .from(documents)
    .where(and(eq(documents.cloneId, cloneId), inArray(documents.id, ids), visibleTo(viewer)));
  return rows.length;
}
