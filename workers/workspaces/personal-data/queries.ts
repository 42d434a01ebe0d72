import { and, asc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { users } from "../../db/schema/accounts.ts";
import { invitations, members, workspaces } from "../../db/schema/workspaces.ts";
import type { Erased } from "../../platform/rooms/personal-data.ts";

export async function findWorkspace(db: Database, id: string) {
  const rows = await db.select().from(workspaces).where(eq(workspaces.id, id));
  return rows[0];
}

/** The people of a workspace, also those who are suspended, first come first. */
export function listMembers(db: Database, workspaceId: string) {
  const { userId, role, createdAt, suspendedAt } = members;
  return db
    .select({ id: userId, name: users.name, email: users.email, role, createdAt, suspendedAt })
    .from(members)
    .innerJoin(users, eq(users.id, userId))
    .where(eq(members.workspaceId, workspaceId))
    .orderBy(asc(createdAt), asc(userId));
}

/** Whoever was asked to join, without what the links open with. */
export function listInvitations(db: Database, workspaceId: string) {
  const { id, email, role, invitedBy, status, createdAt, expiresAt } = invitations;
  return db
    .select({ id, email, role, invitedBy, status, createdAt, expiresAt })
    .from(invitations)
    .where(eq(invitations.workspaceId, workspaceId))
    .orderBy(asc(createdAt));
}

/** The workspaces of others to which a person belongs. */
export const membershipsHeld = (userId: string, { listed }: Erased): SQL =>
  sql`SELECT workspace_id AS id FROM ${members} WHERE user_id = ${userId} AND workspace_id NOT IN ${listed("workspace")}`;

/** Lets nobody in any more, and asks nobody. */
export const shut = (db: Database, { listed }: Erased, now: number): Statement[] => [
  db
    .update(workspaces)
    .set({ deletedAt: now })
    .where(and(sql`${workspaces.id} IN ${listed("workspace")}`, isNull(workspaces.deletedAt))),
  db
    .update(invitations)
    .set({ status: "revoked" })
    .where(and(sql`${invitations.workspaceId} IN ${listed("workspace")}`, eq(invitations.status, "pending"))),
];

export const leave = (db: Database, userId: string, { listed }: Erased): Statement =>
  db.delete(members).where(and(eq(members.userId, userId), sql`${members.workspaceId} IN ${listed("membership")}`));

export const removeWorkspaces = (db: Database, { listed }: Erased, isFree: SQL): Statement =>
  db.delete(workspaces).where(and(sql`${workspaces.id} IN ${listed("workspace")}`, isFree));

/** A workspace of their own goes before they do: with them it would take its clones along without their files. */
export const hasOwn = (userId: string): SQL => sql`EXISTS (SELECT 1 FROM ${workspaces} WHERE personal_of = ${userId})`;

/** Removes what asks a person into workspaces, by their address. */
export function removeInvitations(db: Database, userId: string): Statement {
  const address = db.select({ email: users.email }).from(users).where(eq(users.id, userId));
  return db.delete(invitations).where(inArray(invitations.email, address));
}
