import { and, asc, count, eq, exists, gt, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { apiKeys, users } from "../../db/schema/accounts.ts";
import { members } from "../../db/schema/workspaces.ts";
import type { Role } from "../roles.ts";

const person = {
  userId: members.userId,
  name: users.name,
  email: users.email,
  role: members.role,
  createdAt: members.createdAt,
  suspendedAt: members.suspendedAt,
};

export interface MemberRow {
  userId: string;
  name: string;
  email: string;
  role: Role;
  createdAt: number;
  suspendedAt: number | null;
}

/** A page of a workspace's people, first come first, from behind `after`. */
export function listMemberPage(
  db: Database,
  workspaceId: string,
  { after, limit }: { after: [createdAt: number, userId: string] | null; limit: number },
): Promise<MemberRow[]> {
  const behind = after
    ? or(gt(members.createdAt, after[0]), and(eq(members.createdAt, after[0]), gt(members.userId, after[1])))
    : undefined;
  return db
    .select(person)
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspaceId), behind))
    .orderBy(asc(members.createdAt), asc(members.userId))
    .limit(limit);
}

export async function findMember(db: Database, workspaceId: string, userId: string): Promise<MemberRow | undefined> {
  const rows = await db
    .select(person)
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspaceId), eq(members.userId, userId)));
  return rows[0];
}

export async function countMembers(db: Database, workspaceId: string): Promise<number> {
  const [row] = await db.select({ count: count() }).from(members).where(eq(members.workspaceId, workspaceId));
  return row?.count ?? 0;
}

const isMember = (workspaceId: string, userId: string): SQL | undefined =>
  and(eq(members.workspaceId, workspaceId), eq(members.userId, userId));

/** Changes a member who has the role `was`; returns nobody where another call was faster. Never an owner. */
export function updateMember(
  db: Database,
  who: { workspaceId: string; userId: string; was: Role },
  changes: { role?: Role; suspendedAt?: number | null },
) {
  return db
    .update(members)
    .set(changes)
    .where(and(isMember(who.workspaceId, who.userId), eq(members.role, who.was), ne(members.role, "owner")))
    .returning({ userId: members.userId });
}

/** Takes a member out and ends their keys there; whether they were in. Never an owner. */
export async function deleteMember(
  db: Database,
  who: { workspaceId: string; userId: string; was: Role },
  now: number,
  audit: AuditStatements,
): Promise<boolean> {
  const [gone] = await db.batch([
    db
      .delete(members)
      .where(and(isMember(who.workspaceId, who.userId), eq(members.role, who.was), ne(members.role, "owner")))
      .returning({ userId: members.userId }),
    ...audit,
    db
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(
        and(
          eq(apiKeys.workspaceId, who.workspaceId),
          eq(apiKeys.userId, who.userId),
          isNull(apiKeys.revokedAt),
          sql`NOT EXISTS (SELECT 1 FROM ${members} WHERE ${isMember(who.workspaceId, who.userId)})`,
        ),
      ),
  ]);
  return gone.length > 0;
}

/** Makes another member the owner and the owner an admin, both or neither: there is one owner at any time. Returns both, or nobody. */
export function swapOwner(db: Database, workspaceId: string, from: string, to: string) {
  const before = alias(members, "before");
  const is = (userId: string, which: SQL | undefined) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(before)
        .where(and(eq(before.workspaceId, workspaceId), eq(before.userId, userId), which)),
    );
  return db
    .update(members)
    .set({ role: sql`CASE ${members.userId} WHEN ${to} THEN 'owner' ELSE 'admin' END` })
    .where(
      and(
        eq(members.workspaceId, workspaceId),
        sql`${members.userId} IN (${from}, ${to})`,
        is(from, eq(before.role, "owner")),
        is(to, and(ne(before.role, "owner"), isNull(before.suspendedAt))),
      ),
    )
    .returning({ userId: members.userId });
}
