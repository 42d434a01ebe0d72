import { and, count, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { AuditStatements } from "../../audit/record.ts";
import type { Database } from "../../db/client.ts";
import { sessions, users } from "../../db/schema/accounts.ts";
import { members, workspaces } from "../../db/schema/workspaces.ts";

/** Which rows: those that hold `query`, from behind `after`, newest first. */
interface Slice {
  query: string | undefined;
  after: [createdAt: number, id: string] | null;
  limit: number;
}

const holds = (
  query: string | undefined,
  ...columns: (typeof users.name | typeof workspaces.name | typeof users.email)[]
) => (query ? or(...columns.map((column) => sql`instr(lower(${column}), ${query.toLowerCase()}) > 0`)) : undefined);

/** A page of the living workspaces with the number of their people. */
export function listAllWorkspaces(db: Database, { query, after, limit }: Slice) {
  const behind = after
    ? or(lt(workspaces.createdAt, after[0]), and(eq(workspaces.createdAt, after[0]), lt(workspaces.id, after[1])))
    : undefined;
  const people = db.select({ count: count() }).from(members).where(eq(members.workspaceId, workspaces.id));
  return db
    .select({
      id: workspaces.id,
      name: workspaces.name,
      kind: workspaces.kind,
      createdAt: workspaces.createdAt,
      suspendedAt: workspaces.suspendedAt,
      members: sql<number>`${people}`,
    })
    .from(workspaces)
    .where(and(isNull(workspaces.deletedAt), holds(query, workspaces.name), behind))
    .orderBy(desc(workspaces.createdAt), desc(workspaces.id))
    .limit(limit);
}

/** A page of all people. */
export function listAllUsers(db: Database, { query, after, limit }: Slice) {
  const at = after && new Date(after[0]);
  const behind =
    after && at ? or(lt(users.createdAt, at), and(eq(users.createdAt, at), lt(users.id, after[1]))) : undefined;
  return db
    .select()
    .from(users)
    .where(and(holds(query, users.name, users.email), behind))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit);
}

/** Suspends a living workspace at `suspendedAt` (ms), or lets it go on with null. Returns it where there is one. */
export function suspendWorkspace(db: Database, id: string, suspendedAt: number | null) {
  return db
    .update(workspaces)
    .set({ suspendedAt })
    .where(and(eq(workspaces.id, id), isNull(workspaces.deletedAt)))
    .returning({ id: workspaces.id });
}

/** Suspends a person, whose sessions end, or lets them in again. Never one who runs the installation. */
export async function suspendUser(
  db: Database,
  id: string,
  suspendedAt: number | null,
  audit: AuditStatements,
): Promise<boolean> {
  const [changed] = await db.batch([
    db
      .update(users)
      .set({ suspendedAt })
      .where(and(eq(users.id, id), isNull(users.platformRole)))
      .returning({ id: users.id }),
    ...audit,
    db
      .delete(sessions)
      .where(
        and(
          eq(sessions.userId, id),
          sql`EXISTS (SELECT 1 FROM ${users} WHERE ${and(eq(users.id, id), sql`${users.suspendedAt} IS NOT NULL`)})`,
        ),
      ),
  ]);
  return changed.length > 0;
}
