import { and, asc, eq, exists, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { alias } from "drizzle-orm/sqlite-core";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { accounts, apiKeys, passkeys, sessions, users } from "../db/schema/accounts.ts";
import { erasures } from "../db/schema/erasures.ts";
import { invitations, members, workspaces } from "../db/schema/workspaces.ts";
import { itemsOf, list, listHeld, type Subject } from "./erasure-queries.ts";

type Statement = BatchItem<"sqlite">;

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

/** Notes an erasure that begins at `now`, where `condition` holds and it is not noted yet. */
const note = (db: Database, { id, userId, workspaceId }: Subject, now: number, condition: SQL) =>
  db
    .insert(erasures)
    // All columns in their order.
    .select(sql`SELECT ${id}, ${userId}, NULL, ${now}, NULL, NULL, ${workspaceId} WHERE ${condition}`)
    .onConflictDoNothing()
    .returning({ id: erasures.id });

/** Lists what the workspaces on an erasure's list hold, and shuts them: nobody is let in, their keys and invitations end. */
function shut(db: Database, of: Subject, now: number): Statement[] {
  const inside = itemsOf(of.id, "workspace");
  const theirs = of.workspaceId === null ? sql`user_id = ${of.userId} OR ` : sql``;
  return [
    list(db, of, "key", sql`SELECT id FROM ${apiKeys} WHERE ${theirs}workspace_id IN ${inside}`),
    ...listHeld(db, of),
    db
      .update(workspaces)
      .set({ deletedAt: now })
      .where(and(sql`${workspaces.id} IN ${inside}`, isNull(workspaces.deletedAt))),
    db
      .update(invitations)
      .set({ status: "revoked" })
      .where(and(sql`${invitations.workspaceId} IN ${inside}`, eq(invitations.status, "pending"))),
    db
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(and(sql`${apiKeys.id} IN ${itemsOf(of.id, "key")}`, isNull(apiKeys.revokedAt))),
  ];
}

interface Closing {
  now: number;
  audit: AuditStatements;
}

/**
 * Closes an account for good, in one batch: it is noted and listed, its workspaces are closed, it leaves all others, and nothing opens
 * it any more. False, and nothing is done, where the person owns a shared workspace with others, or is being erased already.
 */
export async function closeAccount(
  db: Database,
  { id, userId }: Omit<Subject, "workspaceId">,
  { now, audit }: Closing,
): Promise<boolean> {
  const of = { id, userId, workspaceId: null };
  const isClosing = sql`EXISTS (SELECT 1 FROM ${erasures} WHERE ${erasures.id} = ${id})`;
  const statements: Statement[] = [
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
      sql`SELECT workspace_id AS id FROM ${members} WHERE user_id = ${userId} AND workspace_id NOT IN ${itemsOf(id, "workspace")}`,
    ),
    list(db, of, "session", sql`SELECT id FROM ${sessions} WHERE user_id = ${userId}`),
    ...shut(db, of, now),
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
  const [noted] = await db.batch([note(db, of, now, sql`NOT EXISTS (${owned.getSQL()})`), ...statements]);
  return noted.length > 0;
}

const listWorkspace = (db: Database, of: Subject) =>
  list(db, of, "workspace", sql`SELECT id FROM ${workspaces} WHERE id = ${of.workspaceId}`);

/** Closes a shared workspace for good, in one batch. False, and nothing is done, where it is closed already, or the person does not own it any more. */
export async function closeWorkspace(
  db: Database,
  of: { id: string; userId: string; workspaceId: string },
  { now, audit }: Closing,
): Promise<boolean> {
  const owned = db
    .select({ one: sql`1` })
    .from(workspaces)
    .innerJoin(members, and(eq(members.workspaceId, workspaces.id), eq(members.userId, of.userId)))
    .where(
      and(
        eq(workspaces.id, of.workspaceId),
        eq(workspaces.kind, "team"),
        isNull(workspaces.deletedAt),
        eq(members.role, "owner"),
      ),
    );
  const [noted] = await db.batch([
    note(db, of, now, sql`EXISTS (${owned.getSQL()})`),
    ...audit,
    listWorkspace(db, of),
    ...shut(db, of, now),
  ]);
  return noted.length > 0;
}

/** Workspaces that were closed without an erasure, as they were before there were any; with whose they were, where that is known. */
export function listClosedOnly(db: Database, limit: number): Promise<{ workspaceId: string; userId: string }[]> {
  const owner = sql<string>`coalesce((SELECT user_id FROM ${members} WHERE workspace_id = ${workspaces.id} AND role = 'owner'), '')`;
  return db
    .select({ workspaceId: workspaces.id, userId: owner })
    .from(workspaces)
    .where(
      and(
        isNotNull(workspaces.deletedAt),
        sql`${workspaces.id} NOT IN (SELECT item_id FROM erasure_items WHERE kind = 'workspace')`,
      ),
    )
    .limit(limit);
}

/** Has a workspace erased that is closed. */
export async function adoptClosed(
  db: Database,
  of: { id: string; userId: string; workspaceId: string },
  now: number,
): Promise<void> {
  await db.batch([note(db, of, now, sql`true`), listWorkspace(db, of), ...shut(db, of, now)]);
}
