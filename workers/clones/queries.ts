import { and, count, desc, eq, isNotNull, isNull, lt, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { clones } from "../db/schema/clones.ts";
import { documents } from "../db/schema/knowledge.ts";
import { workspaces } from "../db/schema/workspaces.ts";

export type CloneRow = typeof clones.$inferSelect;
export type NewClone = typeof clones.$inferInsert;
export type CloneChanges = Partial<Omit<NewClone, "id" | "workspaceId" | "createdBy" | "createdAt">>;

const living = isNull(clones.deletedAt);

/** Whether the clone's workspace is there and not suspended: its clones answer nobody otherwise. */
export const inOpenWorkspace = sql`EXISTS (SELECT 1 FROM ${workspaces} WHERE ${workspaces.id} = ${clones.workspaceId}
  AND ${workspaces.deletedAt} IS NULL AND ${workspaces.suspendedAt} IS NULL)`;

/** A living clone of one workspace, or undefined. */
export async function findClone(db: Database, workspaceId: string, id: string): Promise<CloneRow | undefined> {
  const rows = await db
    .select()
    .from(clones)
    .where(and(eq(clones.id, id), eq(clones.workspaceId, workspaceId), living));
  return rows[0];
}

/** A living clone of any workspace by id or by slug, or undefined: the caller decides who may see it. */
export async function findAnyClone(db: Database, by: { id: string } | { slug: string }): Promise<CloneRow | undefined> {
  return (await selectAnyClone(db, by))[0];
}

/** What `findAnyClone` asks, for who asks more in the same batch. */
export function selectAnyClone(db: Database, by: { id: string } | { slug: string }) {
  const which: SQL = "id" in by ? eq(clones.id, by.id) : eq(clones.slug, by.slug);
  return db
    .select()
    .from(clones)
    .where(and(which, living, inOpenWorkspace));
}

/** Whether the clone that an expression names is bound to the owner's own machines. */
export const isBoundClone = (id: SQLWrapper) =>
  sql`EXISTS (SELECT 1 FROM ${clones} WHERE ${clones.id} = ${id} AND ${clones.privacy} = 'own')`;

/** What a clone is bound to; null also of one that is not there. */
export async function findPrivacy(db: Database, id: string): Promise<"own" | null> {
  const rows = await db.select({ privacy: clones.privacy }).from(clones).where(eq(clones.id, id));
  return rows[0]?.privacy ?? null;
}

/** A page of a workspace's clones, newest first, from behind `after`. */
export function listClonePage(
  db: Database,
  workspaceId: string,
  { after, limit }: { after: [createdAt: number, id: string] | null; limit: number },
): Promise<CloneRow[]> {
  const behind = after
    ? or(lt(clones.createdAt, after[0]), and(eq(clones.createdAt, after[0]), lt(clones.id, after[1])))
    : undefined;
  return db
    .select()
    .from(clones)
    .where(and(eq(clones.workspaceId, workspaceId), living, behind))
    .orderBy(desc(clones.createdAt), desc(clones.id))
    .limit(limit);
}

/** How many documents each clone of a workspace has. */
export async function countDocuments(db: Database, workspaceId: string): Promise<Map<string, number>> {
  const rows = await db
    .select({ cloneId: documents.cloneId, count: count() })
    .from(documents)
    .where(eq(documents.workspaceId, workspaceId))
    .groupBy(documents.cloneId);
  return new Map(rows.map(({ cloneId, count }) => [cloneId, count]));
}

/** Inserts a clone unless its slug is taken: returns its row, or none. */
export function insertClone(db: Database, row: NewClone) {
  return db.insert(clones).values(row).onConflictDoNothing({ target: clones.slug }).returning();
}

/** Changes a living clone of a workspace: returns its row, or none. */
export function changeClone(db: Database, workspaceId: string, id: string, changes: CloneChanges) {
  return db
    .update(clones)
    .set(changes)
    .where(and(eq(clones.id, id), eq(clones.workspaceId, workspaceId), living))
    .returning();
}

const isGone = or(
  isNotNull(clones.deletedAt),
  sql`EXISTS (SELECT 1 FROM ${workspaces} WHERE ${workspaces.id} = ${clones.workspaceId} AND ${workspaces.deletedAt} IS NOT NULL)`,
);

/** Clones that were deleted, or whose workspace was, and whose knowledge is still there. */
export function listDeletedClones(db: Database) {
  return db.select({ id: clones.id, workspaceId: clones.workspaceId }).from(clones).where(isGone).limit(50);
}

/** Removes a deleted clone's row for good, with its documents' rows. */
export async function forgetClone(db: Database, cloneId: string): Promise<void> {
  await db.delete(clones).where(and(eq(clones.id, cloneId), isGone));
}
