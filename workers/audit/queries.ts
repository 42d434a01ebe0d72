import { and, desc, eq, gte, inArray, like, lt, type SQL } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { inRuns } from "../db/in-runs.ts";
import { users } from "../db/schema/accounts.ts";
import { auditEvents } from "../db/schema/audit.ts";
import { members } from "../db/schema/workspaces.ts";

/** Which events of a log; all that is given has to hold. Times in ms, `until` exclusive. */
export interface AuditFilter {
  /** An action, or what its name begins with (`document`). */
  action?: string | undefined;
  actorId?: string | undefined;
  resourceId?: string | undefined;
  from?: number | undefined;
  until?: number | undefined;
}

export type ListedEvent = Awaited<ReturnType<typeof listEvents>>[number];

function matches({ action, actorId, resourceId, from, until }: AuditFilter): (SQL | undefined)[] {
  const kind = action?.endsWith(".") || !action?.includes(".");
  return [
    action === undefined ? undefined : kind ? like(auditEvents.action, `${action}%`) : eq(auditEvents.action, action),
    actorId === undefined ? undefined : eq(auditEvents.actorId, actorId),
    resourceId === undefined ? undefined : eq(auditEvents.resourceId, resourceId),
    from === undefined ? undefined : gte(auditEvents.at, from),
    until === undefined ? undefined : lt(auditEvents.at, until),
  ];
}

/** Events of a workspace's log from below the number `before`, newest first, with the names that people have now. */
export async function listEvents(
  db: Database,
  workspaceId: string,
  { filter, before, limit }: { filter: AuditFilter; before: number | null; limit: number },
) {
  const rows = await db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        before === null ? undefined : lt(auditEvents.seq, before),
        ...matches(filter),
      ),
    )
    .orderBy(desc(auditEvents.seq))
    .limit(limit);
  const named = await namesOf(db, [...new Set(rows.flatMap(({ actorId }) => actorId ?? []))]);
  return rows.map((row) => ({ ...row, person: named.get(row.actorId ?? "") ?? null }));
}

// A page has at most a hundred rows with fewer people; more than fifty at once come from an export.
async function namesOf(db: Database, ids: string[]): Promise<Map<string, { name: string; email: string }>> {
  const named = new Map<string, { name: string; email: string }>();
  for (const part of inRuns(ids, 50)) {
    const rows = await db
      .select({ id: users.id, name: users.name, email: users.email })
      .from(users)
      .where(inArray(users.id, part));
    for (const { id, name, email } of rows) named.set(id, { name, email });
  }
  return named;
}

/** The workspaces that a person belongs to: what they do with their account stands in the log of each. */
export async function workspacesOf(db: Database, userId: string): Promise<string[]> {
  const rows = await db.select({ id: members.workspaceId }).from(members).where(eq(members.userId, userId));
  return rows.map(({ id }) => id);
}
