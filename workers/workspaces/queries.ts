import { and, asc, count, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { apiKeys, users } from "../db/schema/accounts.ts";
import { invitations, members, workspaces } from "../db/schema/workspaces.ts";

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

/** Whether a workspace is there and not suspended. */
export async function isOpenWorkspace(db: Database, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.id, id), isNull(workspaces.deletedAt), isNull(workspaces.suspendedAt)));
  return rows.length > 0;
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

/** Closes a workspace for good: nobody is let in, its keys and invitations end. Whether it was open. */
export async function closeWorkspace(db: Database, id: string, now: number, audit: AuditStatements): Promise<boolean> {
  const [closed] = await db.batch([
    db
      .update(workspaces)
      .set({ deletedAt: now })
      .where(and(eq(workspaces.id, id), isNull(workspaces.deletedAt)))
      .returning({ id: workspaces.id }),
    ...audit,
    db
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(and(eq(apiKeys.workspaceId, id), isNull(apiKeys.revokedAt))),
    db
      .update(invitations)
      .set({ status: "revoked" })
      .where(and(eq(invitations.workspaceId, id), eq(invitations.status, "pending"))),
  ]);
  return closed.length > 0;
}
