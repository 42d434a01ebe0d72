import { and, asc, count, desc, eq, isNull, lt, or } from "drizzle-orm";
import { inOpenWorkspace } from "../../clones/queries.ts";
import type { Database } from "../../db/client.ts";
import { users } from "../../db/schema/accounts.ts";
import { conversationShares, conversations } from "../../db/schema/chat.ts";
import { clones } from "../../db/schema/clones.ts";
import { members, workspaces } from "../../db/schema/workspaces.ts";
import type { Position } from "../../platform/http/paging.ts";

export type ShareRow = typeof conversationShares.$inferSelect;

/** The statement that stores a share. */
export const insertShare = (db: Database, row: ShareRow) => db.insert(conversationShares).values(row);

/** The shares of one conversation, oldest first. */
export function sharesOf(db: Database, conversation: { id: string; workspaceId: string }): Promise<ShareRow[]> {
  return db
    .select()
    .from(conversationShares)
    .where(ofConversation(conversation))
    .orderBy(asc(conversationShares.createdAt), asc(conversationShares.id));
}

export async function countShares(db: Database, conversation: { id: string; workspaceId: string }): Promise<number> {
  const [row] = await db.select({ count: count() }).from(conversationShares).where(ofConversation(conversation));
  return row?.count ?? 0;
}

const ofConversation = ({ id, workspaceId }: { id: string; workspaceId: string }) =>
  and(eq(conversationShares.conversationId, id), eq(conversationShares.workspaceId, workspaceId));

/** The statement that ends a share; it returns one row where there was one. */
export const removeShare = (db: Database, conversation: { id: string; workspaceId: string }, id: string) =>
  db
    .delete(conversationShares)
    .where(and(eq(conversationShares.id, id), ofConversation(conversation)))
    .returning({ id: conversationShares.id });

/** Shares that are worth something: of somebody who is let into the workspace, which is open. */
const standing = (db: Database) =>
  db
    .select({
      share: conversationShares,
      conversation: conversations,
      clone: clones.name,
      sharedBy: users.name,
    })
    .from(conversationShares)
    .innerJoin(
      conversations,
      and(
        eq(conversations.id, conversationShares.conversationId),
        eq(conversations.workspaceId, conversationShares.workspaceId),
      ),
    )
    .innerJoin(
      workspaces,
      and(
        eq(workspaces.id, conversationShares.workspaceId),
        isNull(workspaces.deletedAt),
        isNull(workspaces.suspendedAt),
      ),
    )
    .innerJoin(
      members,
      and(
        eq(members.workspaceId, conversationShares.workspaceId),
        eq(members.userId, conversationShares.createdBy),
        isNull(members.suspendedAt),
      ),
    )
    .innerJoin(users, and(eq(users.id, conversationShares.createdBy), isNull(users.suspendedAt)))
    .leftJoin(clones, and(eq(clones.id, conversations.cloneId), isNull(clones.deletedAt), inOpenWorkspace));

export type StandingShare = Awaited<ReturnType<typeof standing>>[number];

/** The share that a link's token belongs to. */
export async function findLinkShare(db: Database, tokenHash: string): Promise<StandingShare | undefined> {
  const rows = await standing(db).where(
    and(eq(conversationShares.tokenHash, tokenHash), eq(conversationShares.kind, "link")),
  );
  return rows[0];
}

/** A share with the people of a workspace. */
export async function findMembersShare(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<StandingShare | undefined> {
  const rows = await standing(db).where(
    and(
      eq(conversationShares.id, id),
      eq(conversationShares.workspaceId, workspaceId),
      eq(conversationShares.kind, "members"),
    ),
  );
  return rows[0];
}

/** A page of what is shared with the people of a workspace, newest first. */
export function listMembersShares(
  db: Database,
  workspaceId: string,
  { after, limit }: { after: Position | null; limit: number },
): Promise<StandingShare[]> {
  const behind = after
    ? or(
        lt(conversationShares.createdAt, after[0]),
        and(eq(conversationShares.createdAt, after[0]), lt(conversationShares.id, after[1])),
      )
    : undefined;
  return standing(db)
    .where(and(eq(conversationShares.workspaceId, workspaceId), eq(conversationShares.kind, "members"), behind))
    .orderBy(desc(conversationShares.createdAt), desc(conversationShares.id))
    .limit(limit);
}
