import { and, asc, count, eq, exists, inArray, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { users } from "../db/schema/accounts.ts";
import { members, workspaces } from "../db/schema/workspaces.ts";

const standing = {
  id: workspaces.id,
  name: workspaces.name,
  kind: workspaces.kind,
  role: members.role,
  userId: members.userId,
  /** Whether the workspace is suspended, whether the person is there, and whether they are everywhere. */
  isSuspended: sql<boolean>`${workspaces.suspendedAt} IS NOT NULL`.mapWith(Boolean),
  isMemberSuspended: sql<boolean>`${members.suspendedAt} IS NOT NULL`.mapWith(Boolean),
  isPersonSuspended: sql<boolean>`${users.suspendedAt} IS NOT NULL`.mapWith(Boolean),
  isSuperAdmin: sql<boolean>`${users.platformRole} IS 'super_admin'`.mapWith(Boolean),
};

const standings = (db: Database) =>
  db
    .select(standing)
    .from(members)
    .innerJoin(workspaces, and(eq(workspaces.id, members.workspaceId), isNull(workspaces.deletedAt)))
    .innerJoin(users, eq(users.id, members.userId));

/** A person's place in one of their workspaces. */
export type Membership = Awaited<ReturnType<typeof membershipsOf>>[number];

/** The workspaces of a person with their role in each, the personal one first. */
export function membershipsOf(db: Database, userId: string | SQL) {
  return standings(db).where(eq(members.userId, userId)).orderBy(workspaces.kind, asc(members.createdAt));
}

/** The place of a person in one workspace, or undefined. */
export async function membershipIn(db: Database, userId: string, workspaceId: string): Promise<Membership | undefined> {
  const rows = await standings(db).where(and(eq(members.userId, userId), eq(members.workspaceId, workspaceId)));
  return rows[0];
}

/** Whether somebody runs the installation. */
export async function hasSuperAdmin(db: Database): Promise<boolean> {
  const rows = await db.select({ id: users.id }).from(users).where(eq(users.platformRole, "super_admin")).limit(1);
  return rows.length > 0;
}

/** Whether a workspace is there and not suspended. */
export async function isOpenWorkspace(db: Database, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.id, id), isNull(workspaces.deletedAt), isNull(workspaces.suspendedAt)));
  return rows.length > 0;
}

/** The personal workspaces of those among `userIds` who are members of a workspace. */
export async function homesOfMembers(
  db: Database,
  workspaceId: string,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .select({ userId: members.userId, home: workspaces.id })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.personalOf, members.userId))
    .where(and(eq(members.workspaceId, workspaceId), inArray(members.userId, [...userIds])));
  return new Map(rows.map(({ userId, home }) => [userId, home]));
}

/** Makes the personal workspace with its owner in one batch; harmless when repeated or raced. */
export async function insertPersonalWorkspace(
  db: Database,
  row: { id: string; name: string; userId: string; now: number },
  audit: AuditStatements,
): Promise<void> {
  const own = db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.personalOf, row.userId));
  await db.batch([
    db
      .insert(workspaces)
      .values({ id: row.id, name: row.name, kind: "personal", personalOf: row.userId, createdAt: row.now })
      .onConflictDoNothing(),
    ...audit,
    db
      .insert(members)
      .values({ workspaceId: sql`${own}`, userId: row.userId, role: "owner", createdAt: row.now })
      .onConflictDoNothing(),
  ]);
}

/** Makes a shared workspace with its owner, both or neither. */
export async function insertTeamWorkspace(
  db: Database,
  { id, name, userId, now }: { id: string; name: string; userId: string; now: number },
  audit: AuditStatements,
): Promise<void> {
  await db.batch([
    db.insert(workspaces).values({ id, name, kind: "team", createdAt: now }),
    ...audit,
    db.insert(members).values({ workspaceId: id, userId, role: "owner", createdAt: now }),
  ]);
}

/** How many shared workspaces a person owns. */
export async function countOwned(db: Database, userId: string): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(members)
    .innerJoin(
      workspaces,
      and(eq(workspaces.id, members.workspaceId), eq(workspaces.kind, "team"), isNull(workspaces.deletedAt)),
    )
    .where(and(eq(members.userId, userId), eq(members.role, "owner")));
  return row?.count ?? 0;
}

export function renameWorkspace(db: Database, id: string, name: string) {
  return db.update(workspaces).set({ name }).where(eq(workspaces.id, id));
}

/** Shared workspaces that a person owns and in which there is somebody else. */
export function selectOwnedWithOthers(db: Database, userId: string) {
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

/** A shared workspace that is there and that a person owns, or none. */
export function selectOwned(db: Database, { userId, workspaceId }: { userId: string; workspaceId: string }) {
  return db
    .select({ one: sql`1` })
    .from(workspaces)
    .innerJoin(members, and(eq(members.workspaceId, workspaces.id), eq(members.userId, userId)))
    .where(
      and(
        eq(workspaces.id, workspaceId),
        eq(workspaces.kind, "team"),
        isNull(workspaces.deletedAt),
        eq(members.role, "owner"),
      ),
    );
}

/** The ids of the workspaces that a person owns and that are there. */
export const idsOfOwned = (userId: string): SQL =>
  sql`SELECT workspaces.id AS id FROM ${workspaces} INNER JOIN ${members} ON workspace_id = workspaces.id
    WHERE user_id = ${userId} AND role = 'owner' AND workspaces.deleted_at IS NULL`;

/** A workspace’s id, where it is there. */
export const idOfWorkspace = (id: string): SQL => sql`SELECT id FROM ${workspaces} WHERE id = ${id}`;

/** Workspaces that are closed and not among `others` (for an IN); with whose they were, where that is known. */
export function listClosed(
  db: Database,
  others: SQL,
  limit: number,
): Promise<{ workspaceId: string; userId: string }[]> {
  const owner = sql<string>`coalesce((SELECT user_id FROM ${members} WHERE workspace_id = ${workspaces.id} AND role = 'owner'), '')`;
  return db
    .select({ workspaceId: workspaces.id, userId: owner })
    .from(workspaces)
    .where(and(isNotNull(workspaces.deletedAt), sql`${workspaces.id} NOT IN ${others}`))
    .limit(limit);
}

/** Whether one of these workspaces (for an IN) still has its row. */
export async function isAnyLeft(db: Database, these: SQL): Promise<boolean> {
  const rows = await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(sql`${workspaces.id} IN ${these}`)
    .limit(1);
  return rows.length > 0;
}

/** Whether a workspace is there and not suspended, by an expression for its id. */
export const isOpen = (id: SQL | typeof members.workspaceId): SQL =>
  sql`EXISTS (SELECT 1 FROM ${workspaces} WHERE ${workspaces.id} = ${id}
    AND ${workspaces.deletedAt} IS NULL AND ${workspaces.suspendedAt} IS NULL)`;
