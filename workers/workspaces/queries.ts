import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { members, workspaces } from "../db/schema/workspaces.ts";

/** The workspaces of a person with their role in each, the personal one first. */
export function membershipsOf(db: Database, userId: string) {
  return db
    .select({ id: workspaces.id, name: workspaces.name, kind: workspaces.kind, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .where(eq(members.userId, userId))
    .orderBy(workspaces.kind, members.createdAt);
}

/** The role of a person in one workspace, or undefined. */
export async function roleIn(db: Database, userId: string, workspaceId: string) {
  const rows = await db
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.workspaceId, workspaceId)));
  return rows[0]?.role;
}

/** Makes the personal workspace with its owner in one batch; harmless when repeated or raced. */
export async function insertPersonalWorkspace(
  db: Database,
  row: { id: string; name: string; userId: string; now: number },
): Promise<void> {
  const own = db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.personalOf, row.userId));
  await db.batch([
    db
      .insert(workspaces)
      .values({ id: row.id, name: row.name, kind: "personal", personalOf: row.userId, createdAt: row.now })
      .onConflictDoNothing(),
    db
      .insert(members)
      .values({ workspaceId: sql`${own}`, userId: row.userId, role: "owner", createdAt: row.now })
      .onConflictDoNothing(),
  ]);
}
