import { eq, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { conversationShares, conversations } from "../db/schema/chat.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";

/** What a person shares of their conversations, or is shared in a workspace; without the links' tokens, which are kept as hashes only. */
export function listShares(db: Database, whose: { createdBy: string } | { workspaceId: string }) {
  const { id, conversationId, workspaceId, kind, createdBy, createdAt } = conversationShares;
  return db
    .select({ id, conversationId, workspaceId, kind, createdBy, createdAt })
    .from(conversationShares)
    .where("createdBy" in whose ? eq(createdBy, whose.createdBy) : eq(workspaceId, whose.workspaceId));
}

/** Conversations of the person, and of everybody in the workspaces. */
export function conversationsHeld({ userId, listed }: Erased): SQL {
  const said = userId === null ? sql`` : sql` OR user_id = ${userId}`;
  return sql`SELECT id FROM ${conversations} WHERE workspace_id IN ${listed("workspace")}${said}`;
}

/** Conversations that an erasure has still to remove. */
export async function conversationsLeft(db: Database, { userId, listed }: Erased, limit: number): Promise<string[]> {
  const inside = sql`${conversations.workspaceId} IN ${listed("workspace")}`;
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .where(userId === null ? inside : or(eq(conversations.userId, userId), inside))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Deletes conversations with their messages, whosever they are. */
export async function removeConversations(db: Database, ids: string[]): Promise<void> {
  await db
    .delete(conversations)
    .where(sql`${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

export const hasConversations = ({ listed }: Erased): SQL =>
  sql`EXISTS (SELECT 1 FROM ${conversations} WHERE workspace_id IN ${listed("workspace")})`;
