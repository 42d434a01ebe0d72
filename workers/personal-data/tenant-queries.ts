import { and, asc, eq, gt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { users } from "../db/schema/accounts.ts";
import { evaluationResults, evaluationRuns } from "../db/schema/evaluation.ts";
import { webImports } from "../db/schema/knowledge.ts";
import { usageEvents } from "../db/schema/metering.ts";
import { invitations, members, workspaces } from "../db/schema/workspaces.ts";

const page = 500;

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

/** What was taken from websites. */
export function listWebImports(db: Database, workspaceId: string) {
  const { id, cloneId, url, found, createdBy, createdAt } = webImports;
  return db
    .select({ id, cloneId, url, found, createdBy, createdAt })
    .from(webImports)
    .where(eq(webImports.workspaceId, workspaceId))
    .orderBy(asc(createdAt));
}

/** All test runs of a workspace's clones, each with what became of its questions. */
export async function* eachEvaluation(db: Database, workspaceId: string) {
  const runs = await db
    .select()
    .from(evaluationRuns)
    .where(eq(evaluationRuns.workspaceId, workspaceId))
    .orderBy(asc(evaluationRuns.createdAt));
  for (const run of runs) {
    const results = await db.select().from(evaluationResults).where(eq(evaluationResults.runId, run.id));
    yield { run, results };
  }
}

/** What was used, a row a turn. */
export async function* eachUsage(db: Database, workspaceId: string) {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(usageEvents)
      .where(and(eq(usageEvents.workspaceId, workspaceId), gt(usageEvents.turnId, after)))
      .orderBy(asc(usageEvents.turnId))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.turnId ?? after;
    if (rows.length < page) return;
  }
}
