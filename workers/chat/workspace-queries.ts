import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { conversations } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { workspaces } from "../db/schema/workspaces.ts";

/** Conversations of workspaces that were deleted. */
export async function listConversationsOfDeleted(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: conversations.id })
    .from(conversations)
    .innerJoin(workspaces, and(eq(workspaces.id, conversations.workspaceId), isNotNull(workspaces.deletedAt)))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Deletes conversations with their messages, whosever they are. */
export async function removeForGood(db: Database, ids: string[]): Promise<void> {
  await db
    .delete(conversations)
    .where(sql`${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
}

/** Deletes the rows of deleted workspaces that hold neither conversations nor clones any more; returns their ids. */
export async function removeEmptyWorkspaces(db: Database): Promise<string[]> {
  const rows = await db
    .delete(workspaces)
    .where(
      and(
        isNotNull(workspaces.deletedAt),
        sql`NOT EXISTS (SELECT 1 FROM ${conversations} WHERE ${conversations.workspaceId} = ${workspaces.id})`,
        sql`NOT EXISTS (SELECT 1 FROM ${clones} WHERE ${clones.workspaceId} = ${workspaces.id})`,
      ),
    )
    .returning({ id: workspaces.id });
  return rows.map(({ id }) => id);
}
