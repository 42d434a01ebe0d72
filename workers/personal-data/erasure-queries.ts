import { and, asc, eq, exists, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { alias } from "drizzle-orm/sqlite-core";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { accounts, apiKeys, passkeys, sessions, users } from "../db/schema/accounts.ts";
import { conversations } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { erasureItems, erasures } from "../db/schema/erasures.ts";
import { documents } from "../db/schema/knowledge.ts";
import { invitations, members, workspaces } from "../db/schema/workspaces.ts";

export type ErasureRow = typeof erasures.$inferSelect;
export type Step = NonNullable<ErasureRow["step"]>;
type Kind = typeof erasureItems.$inferSelect.kind;
interface Which {
  id: string;
  userId: string;
}

/** Those of an erasure's items that are of one kind, for an IN. */
export const itemsOf = (id: string, kind: Kind): SQL =>
  sql`(SELECT item_id FROM ${erasureItems} WHERE erasure_id = ${id} AND kind = ${kind})`;

/** Shared workspaces that a person owns and in which there is somebody else. */
export function listOwnedWithOthers(db: Database, userId: string) {
  const others = alias(members, "others");
  const other = db
    .select({ one: sql`1` })
    .from(others)
    .where(and(eq(others.workspaceId, workspaces.id), ne(others.userId, userId)));
  return db
    .select({ id: workspaces.id, name: workspaces.name })
    .from(workspaces)
    .innerJoin(members, and(eq(members.workspaceId, workspaces.id), eq(members.userId, userId)))
    .where(and(eq(members.role, "owner"), eq(workspaces.kind, "team"), isNull(workspaces.deletedAt), exists(other)))
    .orderBy(asc(workspaces.createdAt));
}

/** Puts what there is of a kind on the list; what is on it already stays once. */
const list = (db: Database, { id }: Which, kind: Kind, rows: SQL) =>
  db
    .insert(erasureItems)
    // All columns in their order.
    .select(
      sql`SELECT ${id}, ${kind}, found.id, NULL FROM (${rows}) AS found
        WHERE EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.id} = ${id})`,
    )
    .onConflictDoNothing();

/** Lists what a person's workspaces hold, and what is theirs alone elsewhere: conversations, and documents that only they see. */
export function listHeld(db: Database, of: Which) {
  const inside = itemsOf(of.id, "workspace");
  return [
    list(db, of, "clone", sql`SELECT id FROM ${clones} WHERE workspace_id IN ${inside}`),
    list(
      db,
      of,
      "document",
      sql`SELECT id FROM ${documents} WHERE workspace_id IN ${inside} OR (created_by = ${of.userId} AND access = 'me')`,
    ),
    list(
      db,
      of,
      "conversation",
      sql`SELECT id FROM ${conversations} WHERE workspace_id IN ${inside} OR user_id = ${of.userId}`,
    ),
  ] as const;
}

/**
 * Closes an account for good, in one batch: it is noted and listed, its workspaces are closed, it leaves all others, and nothing opens
 * it any more. False, and nothing is done, where the person owns a shared workspace with others, or is being erased already.
 */
export async function closeAccount(
  db: Database,
  of: Which,
  { now, audit }: { now: number; audit: AuditStatements },
): Promise<boolean> {
  const { id, userId } = of;
  const isClosing = sql`EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.id} = ${id})`;
  const inside = itemsOf(id, "workspace");
  const statements: BatchItem<"sqlite">[] = [
    ...audit,
    list(
      db,
      of,
      "workspace",
      sql`SELECT workspaces.id AS id FROM ${workspaces} INNER JOIN ${members} ON workspace_id = workspaces.id
        WHERE user_id = ${userId} AND role = 'owner' AND workspaces.deleted_at IS NULL`,
    ),
    list(
      db,
      of,
      "membership",
      sql`SELECT workspace_id AS id FROM ${members} WHERE user_id = ${userId} AND workspace_id NOT IN ${inside}`,
    ),
    list(db, of, "session", sql`SELECT id FROM ${sessions} WHERE user_id = ${userId}`),
    list(db, of, "key", sql`SELECT id FROM ${apiKeys} WHERE user_id = ${userId} OR workspace_id IN ${inside}`),
    ...listHeld(db, of),
    db.update(workspaces).set({ deletedAt: now }).where(sql`${workspaces.id} IN ${inside}`),
    db
      .update(invitations)
      .set({ status: "revoked" })
      .where(and(sql`${invitations.workspaceId} IN ${inside}`, eq(invitations.status, "pending"))),
    db
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(and(sql`${apiKeys.id} IN ${itemsOf(id, "key")}`, isNull(apiKeys.revokedAt))),
    db
      .delete(members)
      .where(and(eq(members.userId, userId), sql`${members.workspaceId} IN ${itemsOf(id, "membership")}`)),
    db.delete(sessions).where(and(eq(sessions.userId, userId), isClosing)),
    db.delete(passkeys).where(and(eq(passkeys.userId, userId), isClosing)),
    db
      .update(accounts)
      .set({ password: null })
      .where(and(eq(accounts.userId, userId), isClosing)),
    db
      .update(users)
      .set({ suspendedAt: now })
      .where(and(eq(users.id, userId), isClosing)),
  ];
  const owned = listOwnedWithOthers(db, userId);
  const note = db
    .insert(erasures)
    // All columns in their order.
    .select(sql`SELECT ${id}, ${userId}, NULL, ${now}, NULL, NULL WHERE NOT EXISTS (${owned.getSQL()})`)
    .onConflictDoNothing()
    .returning({ id: erasures.id });
  const [noted] = await db.batch([note, ...statements]);
  return noted.length > 0;
}

/** Erasures that are not at their end, oldest first. */
export function listUnfinished(db: Database, limit: number): Promise<ErasureRow[]> {
  return db.select().from(erasures).where(isNull(erasures.finishedAt)).orderBy(asc(erasures.requestedAt)).limit(limit);
}

export async function findErasure(db: Database, id: string): Promise<ErasureRow | undefined> {
  const rows = await db.select().from(erasures).where(eq(erasures.id, id));
  return rows[0];
}

/** Everything that an erasure took with it, always in the same order. */
export function listItems(db: Database, id: string) {
  return db
    .select({ kind: erasureItems.kind, id: erasureItems.itemId })
    .from(erasureItems)
    .where(eq(erasureItems.erasureId, id))
    .orderBy(asc(erasureItems.kind), asc(erasureItems.itemId));
}

export async function noteStep(db: Database, id: string, step: Step): Promise<void> {
  await db.update(erasures).set({ step }).where(eq(erasures.id, id));
}

export async function noteEnd(db: Database, id: string, end: { finishedAt: number; receipt: string }): Promise<void> {
  await db.update(erasures).set(end).where(eq(erasures.id, id));
}
