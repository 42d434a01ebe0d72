import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { type CloneRow, inOpenWorkspace } from "../clones/queries.ts";
import type { Database } from "../db/client.ts";
import { columnsOf } from "../db/columns.ts";
import { citations, conversations, messages } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { documents, pipelineConfigs } from "../db/schema/knowledge.ts";
import { visibleTo } from "../knowledge/queries.ts";
import type { Viewer } from "../knowledge/viewer.ts";
import type { Position } from "../platform/http/paging.ts";

export type ConversationRow = typeof conversations.$inferSelect;
export type NewConversation = typeof conversations.$inferInsert;
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

/** A conversation, the living clone that it talks to, and what is stored of how that searches. */
export interface StoredTalk {
  conversation: ConversationRow;
  clone: CloneRow | null;
  pipeline: unknown;
}

const talkColumns = {
  conversation: columnsOf(conversations, "conversation"),
  clone: columnsOf(clones, "clone"),
  pipeline: pipelineConfigs.config,
};

/** The conversation with its clone in one read, also of a batch; `talkIn` makes of it what it stands for. */
export function selectTalk(db: Database, owner: Owner, id: string) {
  return db
    .select(talkColumns)
    .from(conversations)
    .leftJoin(clones, and(eq(clones.id, conversations.cloneId), isNull(clones.deletedAt), inOpenWorkspace))
    .leftJoin(pipelineConfigs, eq(pipelineConfigs.cloneId, clones.id))
    .where(and(eq(conversations.id, id), owned(owner)));
}

export function talkIn([row]: Awaited<ReturnType<typeof selectTalk>>): StoredTalk | undefined {
  return row && { ...row, clone: row.clone.id === null ? null : row.clone };
}

export function insertConversation(db: Database, row: NewConversation) {
  return db.insert(conversations).values(row).returning();
}

export type ConversationChanges = Partial<
  Pick<
    ConversationRow,
    | "title"
    | "titleSource"
    | "model"
    | "systemPrompt"
    | "temperature"
    | "topP"
    | "maxTokens"
    | "pinned"
    | "archived"
    | "folder"
    | "tags"
    | "headMessageId"
  >
>;

export function changeConversation(
  db: Database,
  owner: Owner,
  id: string,
  changes: ConversationChanges & { updatedAt?: number },
) {
  return db
    .update(conversations)
    .set(changes)
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

/** Matches a conversation's messages. */
export const inConversation = ({ id, workspaceId }: { id: string; workspaceId: string }) =>
  and(eq(messages.conversationId, id), eq(messages.workspaceId, workspaceId));

/** Every message of a conversation, oldest first, at most 2,000. */
export function listMessages(db: Database, conversation: { id: string; workspaceId: string }): Promise<MessageRow[]> {
  return db
    .select()
    .from(messages)
    .where(inConversation(conversation))
    .orderBy(asc(messages.createdAt), asc(messages.id))
    .limit(2_000);
}

/** The citations of a conversation's messages, in order. */
export async function listCitations(db: Database, conversationId: string): Promise<CitationRow[]> {
  return db
    .select({ citation: citations })
    .from(citations)
    .innerJoin(messages, eq(messages.id, citations.messageId))
    .where(eq(messages.conversationId, conversationId))
    .orderBy(asc(citations.messageId), asc(citations.index))
    .then((rows) => rows.map(({ citation }) => citation));
}

export async function findMessage(db: Database, conversation: { id: string; workspaceId: string }, id: string) {
  const rows = await db
    .select()
    .from(messages)
    .where(and(eq(messages.id, id), inConversation(conversation)));
  return rows[0];
}

/** The newest answer to a question, or undefined. */
export async function findAnswerTo(
  db: Database,
  conversation: { id: string; workspaceId: string },
  questionId: string,
) {
  const rows = await db
    .select()
    .from(messages)
    .where(and(eq(messages.parentId, questionId), inConversation(conversation)))
    .orderBy(desc(messages.createdAt))
    .limit(1);
  return rows[0];
}

/** Where a message id stands already, in whatever conversation. */
export function selectPlaceOfMessage(db: Database, id: string) {
  return db
    .select({ conversationId: messages.conversationId, content: messages.content })
    .from(messages)
    .where(eq(messages.id, id));
}

export function citationsOf(db: Database, messageId: string): Promise<CitationRow[]> {
  return db.select().from(citations).where(eq(citations.messageId, messageId)).orderBy(asc(citations.index));
}

/** How many of `ids` are documents of the clone that a viewer may see. */
export async function countDocumentsOf(db: Database, cloneId: string, ids: string[], viewer: Viewer): Promise<number> {
  const rows = await db
    .select({ id: documents.id })
    .from(documents)
    .where(and(eq(documents.cloneId, cloneId), inArray(documents.id, ids), visibleTo(viewer)));
  return rows.length;
}

/** Gives a conversation a better title, unless a person has named it. */
export async function improveTitle(db: Database, conversationId: string, title: string): Promise<void> {
  await db
    .update(conversations)
    .set({ title })
    .where(and(eq(conversations.id, conversationId), eq(conversations.titleSource, "auto")));
}
